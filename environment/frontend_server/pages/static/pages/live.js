// Follows a live simulation: polls the status of its run, fetches new steps, and shows both.

import { showUsage } from "./cost.js";
import { byId, element, getJson } from "./dom.js";

const EVERY = 1000; // milliseconds
const GONE_AFTER = 3; // requests without an answer
const CLOSED = "The pages have closed";
const IDLE = ["saved", "stopped"];

export class Live {
  /** `onRun` is called with the status of the run. */
  constructor(town, steps, timeline, onRun) {
    Object.assign(this, { town, steps, timeline, onRun, goOn: town.serve, ending: "", unanswered: 0 });
    byId("ended-close").addEventListener("click", () => {
      byId("ended").hidden = true;
    });
    for (const button of document.querySelectorAll("[data-copies]")) button.addEventListener("click", copyCommand);
  }

  async follow() {
    await this.#look().then(() => (this.unanswered = 0)).catch(() => this.#miss());
    setTimeout(() => this.follow(), EVERY);
  }

  async #look() {
    const status = await getJson(this.town.status);
    if (status.sim === null) {
      byId("ended").hidden = true;
      say("This simulation no longer exists. All others are under “Simulations”.");
      return;
    }
    const hasSteps = status.last >= 0 || this.steps.last >= this.steps.first; // without any, the two numbers differ
    const isShorter = hasSteps && status.last < this.steps.last;
    if (status.sim !== this.town.sim || status.opened !== this.town.opened || isShorter) {
      window.location.reload(); // another simulation, or the same one opened again: the loaded data may be out of date
      return;
    }
    if (status.last > this.steps.last) {
      await this.steps.extend(status.last);
      this.timeline.extend();
    }
    this.steps.goal = (status.run.end ?? 0) - 1;
    this.timeline.isOver = !status.open;
    this.goOn = status.run.go_on;
    this.onRun(status.run);
    showUsage(status.usage);
    say(inWords(status), passed(status.run));
    this.#offerMore(status);
  }

  /** Offers ways to continue a simulation that is not running: once for each end of a run. */
  #offerMore({ open, last, run }) {
    const ending = open ? "" : run.state + run.text;
    if (ending === this.ending) return;
    this.ending = ending;
    byId("ended").hidden = open;
    showEnd("Nothing is running", run.text.endsWith(".") ? run.text : `${run.text}.`, run.go_on);
    byId("ended-replay").hidden = last < 0;
  }

  /** No answer: a single one may be chance; after several, the server is gone, and links do not work until it is back. */
  #miss() {
    say("The web server does not answer. Trying again …");
    this.unanswered += 1;
    if (this.unanswered !== GONE_AFTER) return;
    this.ending = CLOSED;
    showEnd(CLOSED, "The program that served them has ended. This page will continue as soon as they are served again.", this.goOn, this.town.serve);
    byId("ended-replay").hidden = true;
    byId("ended").hidden = false;
  }
}

/** Waits until a simulation is opened, then shows it. */
export async function waitForOne(url) {
  const status = await getJson(url).catch(() => ({ sim: null }));
  if (status.sim !== null) window.location.reload();
  else setTimeout(() => waitForOne(url), EVERY);
}

/** The state of the run; an open simulation that is not running waits for its operator. */
function inWords({ open, run }) {
  return open && IDLE.includes(run.state) ? `${run.text}. To continue, type “run 360” in the terminal` : run.text;
}

/** How long it has been waiting, or how long ago it ended; "" while it runs, since the map shows the time. */
function passed({ state, since }) {
  if (!since || state === "running") return "";
  const time = duration(Math.max(0, Date.now() / 1000 - since));
  return IDLE.includes(state) ? `${time} ago` : time;
}

function duration(seconds) {
  const units = [["s", 1, 100], ["min", 60, 100], ["h", 3600, 48], ["days", 86400, Infinity]];
  const [name, size] = units.find(([, length, most]) => seconds / length < most);
  return `${Math.floor(seconds / size)} ${name}`;
}

function say(text, time = "") {
  const message = byId("message");
  if (message.textContent !== text) [message.textContent, message.title] = [text, text];
  byId("since").textContent = time;
}

/** `command` continues the run; `serve` serves only the pages, "" while they are served. */
function showEnd(title, text, command, serve = "") {
  byId("ended-title").textContent = title;
  byId("ended-text").textContent = text;
  byId("ended-command").replaceChildren(...words(command));
  byId("serve-command").replaceChildren(...words(serve));
  byId("ended-serve").hidden = !serve;
  for (const button of document.querySelectorAll("[data-copies]")) button.textContent = "Copy";
}

/** A command is broken only at its blanks, not within "--resume" or "manage.py". */
const words = (command) => command.split(/(?= )/).flatMap((word) => [" ".repeat(word.startsWith(" ")), element("span", { textContent: word.trim() })]);

async function copyCommand({ target }) {
  await navigator.clipboard.writeText(byId(target.dataset.copies).textContent);
  target.textContent = "Copied";
}
