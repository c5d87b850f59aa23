// The conversations of a simulation, and what came in from outside: fetched a stretch at a time, and those that go on
// again. Form: pages/conversations.py.

import { atStep, getJson } from "./dom.js";

const CHARACTERS_A_MINUTE = 240; // of game time: so a conversation gets its length, in whole minutes

export class Talks {
  /** `url` of the data; `first` step of the simulation. `onMore` is told whenever more is known. */
  constructor(url, first, onMore) {
    Object.assign(this, { url, onMore, all: [], events: [], next: first, isLoading: false });
  }

  /** Fetches all that began up to a step. Those that went on at the end of what is known are fetched again. */
  async load(last) {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      while (this.next <= last && (await this.#fetch()));
    } finally {
      this.isLoading = false;
    }
  }

  async #fetch() {
    const goingOn = this.all.filter((talk) => talk.last === this.next - 1);
    const from = Math.min(this.next, ...goingOn.map((talk) => talk.first));
    const { last, talks, events } = await getJson(atStep(this.url, from));
    if (last < this.next) return false;
    this.all = [...this.all.filter((talk) => talk.first < from), ...talks];
    this.events = [...this.events.filter(([step]) => step < from), ...events];
    this.next = last + 1;
    this.onMore();
    return true;
  }
}

/** What tells one conversation from another. */
export const keyOf = ({ first, lines }) => `${first} ${JSON.stringify(lines[0])}`;

/**
 * Which line of {first, last, lines} is being said: each takes its share of the time, by its length. How long one that
 * may still go on will take is worked out as the backend does.
 */
export function lineAt({ first, last, lines }, position, mayGoOn, secondsPerStep) {
  const lengths = lines.map(([, text]) => text.length || 1);
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const planned = (Math.ceil(whole / CHARACTERS_A_MINUTE) * 60) / secondsPerStep;
  const steps = mayGoOn ? Math.max(last + 1 - first, planned) : last + 1 - first;
  let left = ((position - first) / steps) * whole;
  const said = lengths.findIndex((length) => (left -= length) < 0);
  return said < 0 ? lines.length - 1 : said;
}
