// Follows the live simulation: asks how far it is, fetches what is new, and says when nothing is running.

import { byId, getJson } from "./dom.js";
import { showUsage } from "./panel.js";

const EVERY = 1000; // milliseconds
const QUIET_AFTER = 15; // seconds without a step

export class Live {
  constructor(town, steps, timeline) {
    Object.assign(this, { town, steps, timeline });
  }

  async follow() {
    await this.#look().catch(() => say("The web server does not answer. Trying again …"));
    setTimeout(() => this.follow(), EVERY);
  }

  async #look() {
    const status = await getJson(this.town.status);
    if (status.sim === null) {
      say("Nothing is running: the live simulation no longer exists. All others are under “Simulations”.");
      return;
    }
    const hasSteps = status.last >= 0 || this.steps.last >= this.steps.first; // without any, the two count differently
    const isShorter = hasSteps && status.last < this.steps.last;
    if (status.sim !== this.town.sim || status.opened !== this.town.opened || isShorter) {
      window.location.reload(); // another simulation, or the same one opened again: what is known may be out of date
      return;
    }
    if (status.last > this.steps.last) {
      await this.steps.extend(status.last);
      this.timeline.extend();
    }
    this.timeline.isOver = !status.open;
    showUsage(status.usage);
    say(state(status));
  }
}

/** Waits until a simulation is opened, then shows it. */
export async function waitForOne(url) {
  const status = await getJson(url).catch(() => ({ sim: null }));
  if (status.sim !== null) window.location.reload();
  else setTimeout(() => waitForOne(url), EVERY);
}

/** What there is to say about the state; "" while it runs. */
function state({ sim, open, last, moved }) {
  if (!open && last < 0) return `Nothing is running. ${sim} has not been run yet: python reverie.py --serve --resume ${sim} --run 360`;
  if (!open) return `Nothing is running. This is ${sim} as it was left at step ${last}; ▶ plays it from the start. To continue: python reverie.py --serve --resume ${sim} --run 360`;
  if (last < 0) return `${sim} is open but has not made a step yet: type “run 360” at its prompt, or wait for the model's first plans.`;
  const since = Date.now() / 1000 - moved;
  if (since < QUIET_AFTER) return "";
  return `${sim} is open, but has made no step for ${waited(since)}: it is waiting at its prompt (type “run 360” there), or for the model.`;
}

const waited = (seconds) => (seconds < 90 ? "a minute" : `${Math.round(seconds / 60)} minutes`);

function say(text) {
  const message = byId("message");
  if (message.textContent !== text) message.textContent = text;
  message.hidden = text === "";
}
