// The conversations of a simulation, and events from outside: fetched a stretch at a time; unfinished ones are fetched
// again. Format: pages/conversations.py.

import { atStep, getJson } from "./dom.js";

const CHARACTERS_A_MINUTE = 240; // of game time: determines the length of a conversation, in whole minutes

export class Talks {
  /** `url` of the data; `first` step of the simulation. `onMore` is called whenever more is loaded. */
  constructor(url, first, onMore) {
    Object.assign(this, { url, onMore, all: [], events: [], next: first, isLoading: false });
  }

  /** Fetches all that began up to a step. Those unfinished at the end of the loaded part are fetched again. */
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

/** Identifies a conversation. */
export const keyOf = ({ first, lines }) => `${first} ${JSON.stringify(lines[0])}`;

/**
 * The current line of {first, last, lines}: each takes its share of the time, by its length. The duration of one that
 * may be unfinished is computed as in the backend.
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

/** The first step at which a line, or a later one, is current; the arguments are those of lineAt. */
export function stepOf(line, talk, mayGoOn, secondsPerStep) {
  let step = talk.first;
  while (step < talk.last && lineAt(talk, step, mayGoOn, secondsPerStep) < line) step += 1;
  return step;
}
