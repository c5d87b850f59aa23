// The card of one persona: its current action, day, latest memories, conversation, an interview, and whispers.

import { clockText, minuteText } from "./clock.js";
import { atStep, byId, element, getJson } from "./dom.js";
import { Interview } from "./interview.js";
import { spoken } from "./panel.js";
import { moveByArrows } from "./tabs.js";
import { Whispers } from "./whisper.js";
import { Why } from "./why.js";
import { count, described } from "./words.js";

const TABS = { Now: "name", Day: "name", Memories: "card", "Why?": "why", Interview: "interview", Whisper: "whisper" }; // and the property of a person that each needs
const OLD_AFTER = 30; // steps after which the card is requested again
const AT_MOST_EVERY = 1500; // milliseconds

export class Card {
  /** `onFollow(isFollowing)` is called when the camera should start or stop following the persona, `onClose` on closing. */
  constructor(steps, clock, isLive, onFollow, onClose) {
    Object.assign(this, { steps, clock, isLive, onFollow, onClose, person: null, known: null, version: 0, askedStep: null, askedAt: 0, tab: "Now", line: null, interviews: new Map() });
    this.why = new Why(clock, () => this.#askWhy(null));
    this.follow = element("button", { type: "button", textContent: "Follow", title: "Keep the camera on this person" });
    this.follow.addEventListener("click", () => this.setFollowing(!this.isFollowing));
    const close = element("button", { type: "button", className: "close", textContent: "✕", title: "Close (Esc)", ariaLabel: "Close" });
    close.addEventListener("click", () => this.close());
    this.title = element("span", { dir: "auto" });
    this.what = element("p", { className: "what", dir: "auto" });
    this.whispers = new Whispers(() => this.#whispered());
    this.whisperedNote = element("p", { className: "quiet whispered", dir: "auto", role: "status" });
    this.links = element("a", { className: "state", textContent: "Everything known at this step" });
    this.body = element("div", { className: "body", role: "tabpanel" });
    const head = element("div", { className: "head" }, element("h2", {}, this.title, this.follow, close), this.what, this.whisperedNote, this.links);
    byId("card").append(head, this.#tabs(), this.body);
  }

  get isFollowing() {
    return this.follow.getAttribute("aria-pressed") === "true";
  }

  setFollowing(isFollowing) {
    this.follow.setAttribute("aria-pressed", String(isFollowing));
    this.onFollow(isFollowing);
  }

  /** Shows another persona. */
  open(person, step) {
    [this.person, this.askedStep, this.line] = [person, null, null];
    this.#know(null);
    byId("card").hidden = false;
    this.title.textContent = person.name;
    this.links.hidden = !person.state;
    this.whisperedNote.textContent = this.whispers.note(person.name);
    if (person.whisper) this.whispers.look(person.whisper);
    for (const button of this.tabButtons) button.hidden = !person[TABS[button.dataset.card]];
    this.show(step);
  }

  close() {
    if (!this.person) return;
    const { name } = this.person;
    this.person = null;
    byId("card").hidden = true;
    this.setFollowing(false);
    this.onClose(name);
  }

  /** Shows the state at a step. */
  show(step) {
    if (!this.person) return;
    this.step = step;
    if (this.line >= (this.person.act?.lines.length ?? 0)) this.line = null; // that conversation is over
    this.interviews.get(this.person.name)?.at(step);
    const { action, place } = described(this.person.act?.description ?? "");
    const emoji = element("span", { className: "emoji", textContent: this.person.act?.emoji ?? "" });
    this.what.replaceChildren(emoji, ` ${action}${place ? ` · ${place}` : ""}`);
    if (this.person.state) this.links.href = atStep(this.person.state, step);
    this.#ask(step);
    this.#fill();
  }

  /** After a new whisper, or when one became a thought: requests the memories again. */
  #whispered() {
    if (!this.person) return;
    this.whisperedNote.textContent = this.whispers.note(this.person.name);
    this.askedStep = null;
    this.#ask(this.step);
  }

  #tabs() {
    const tabs = element("div", { className: "tabs", role: "tablist" });
    for (const name of Object.keys(TABS)) {
      const button = element("button", { type: "button", role: "tab", textContent: name, data: { card: name } });
      button.addEventListener("click", () => {
        this.tab = name;
        this.#fill();
      });
      tabs.append(button);
    }
    this.tabButtons = [...tabs.children];
    moveByArrows(tabs);
    return tabs;
  }

  async #ask(step) {
    const isFresh = this.askedStep !== null && Math.abs(step - this.askedStep) < OLD_AFTER;
    if (!this.person.card || isFresh) return;
    const wait = this.known ? this.askedAt + AT_MOST_EVERY - Date.now() : 0;
    clearTimeout(this.later);
    if (wait > 0) {
      this.later = setTimeout(() => this.#ask(this.step), wait);
      return;
    }
    [this.askedStep, this.askedAt] = [step, Date.now()];
    const { person } = this;
    const known = await getJson(atStep(person.card, step)).catch(() => null);
    if (known && this.person === person && this.askedStep === step) {
      this.#know(known);
      this.#fill();
    }
  }

  #know(known) {
    this.known = known;
    this.version += 1;
  }

  #fill() {
    for (const button of this.tabButtons) button.setAttribute("aria-selected", String(button.dataset.card === this.tab));
    if (this.tab === "Why?") this.why.show(this.person, this.step, this.line);
    const content = { Now: () => this.#now(), Day: () => this.#day(), Memories: () => this.#memories(), "Why?": () => [this.why.box], Interview: () => this.#interview(), Whisper: () => [this.whispers.box(this.person)] };
    const signature = this.#signature();
    if (signature === this.shown) return;
    this.shown = signature;
    this.body.replaceChildren(...content[this.tab]());
    if (this.filled !== this.person.name + this.tab) this.body.scrollTop = 0;
    this.filled = this.person.name + this.tab;
    this.body.querySelector(".current")?.scrollIntoView({ block: "nearest" });
  }

  /** The state the body depends on: it is rebuilt only when that changes, to keep the scroll position. */
  #signature() {
    const day = this.tab === "Day" ? this.clock.minuteOfDay(this.step) : "";
    const lines = this.tab === "Now" ? JSON.stringify(this.person.act?.lines) : "";
    const known = ["Why?", "Interview", "Whisper"].includes(this.tab) ? "" : this.version;
    return [this.person.name, this.tab, day, lines, known].join("|");
  }

  #now() {
    const lines = this.person.act?.lines ?? [];
    const talk = lines.length ? [element("h2", { textContent: "In conversation" }), this.#talk(lines)] : [];
    if (!this.known) return talk.length ? talk : [note(this.person.card ? "Nothing more was saved for this step." : "In no conversation at this step.")];
    const { age, innate, currently, learned } = this.known;
    return [...talk, element("p", { dir: "auto", textContent: `${age}, ${innate}.` }), element("p", { dir: "auto", textContent: currently ?? "" }), note(learned ?? "")];
  }

  /** The lines of the conversation, each with a button that explains it. */
  #talk(lines) {
    const talk = spoken(lines);
    if (this.person.why) {
      [...talk.children].forEach((said, line) => {
        const ask = element("button", { type: "button", className: "why-line", textContent: "Why?", ariaLabel: `Why did ${lines[line][0]} say this?` });
        ask.addEventListener("click", () => this.#askWhy(line));
        said.append(" ", ask);
      });
    }
    return talk;
  }

  /** Shows the explanation of a line of the conversation, or of the action. */
  #askWhy(line) {
    [this.tab, this.line] = ["Why?", line];
    this.#fill();
    this.tabButtons.find((button) => button.dataset.card === this.tab).focus();
  }

  #day() {
    if (!this.known?.schedule.length) return this.#recordedDay();
    const minute = this.clock.minuteOfDay(this.step);
    const rows = this.known.schedule.map(([activity, start, end]) =>
      element("li", { className: start <= minute && minute < end ? "current" : "", data: { clock: minuteText(start) } }, element("bdi", { textContent: activity })),
    );
    return [element("ol", { className: "schedule" }, ...rows), note("As it was last recorded on this day.")];
  }

  /** If the plan of a day was not recorded, its actions are shown. */
  #recordedDay() {
    const midnight = this.step - Math.floor((this.clock.minuteOfDay(this.step) * 60) / this.clock.secondsPerStep) - 1;
    const from = Math.max(this.steps.first, midnight);
    this.#loadDay(from);
    const rows = this.steps.doings(this.person.name, from, this.step).map(({ step, emoji, description }) =>
      element("li", { data: { clock: minuteText(this.clock.minuteOfDay(step)) } }, element("bdi", { textContent: `${emoji} ${described(description).action}` })),
    );
    rows.at(-1)?.classList.add("current");
    return [note("The plan of this day was not recorded. Actions so far:"), element("ol", { className: "schedule" }, ...rows)];
  }

  /** Only the viewed parts of a long run are loaded: fetches the rest of the day, then shows it. */
  async #loadDay(from) {
    const wanted = [from, Math.floor(this.step / this.steps.size)].join();
    if (wanted === this.dayAsked) return;
    this.dayAsked = wanted;
    await this.steps.loadAll(from, this.step);
    this.#know(this.known);
    if (this.person) this.#fill();
  }

  #memories() {
    if (!this.known?.memories.length) return [note("No memories were saved up to this time.")];
    const rows = this.known.memories.map(([kind, created, text]) =>
      element("li", {}, element("span", { className: `kind ${kind}`, textContent: kind }), ` ${clockText(new Date(`${created}Z`))} `, element("bdi", { textContent: text })),
    );
    return [element("ul", { className: "memory-list" }, ...rows), this.#saved()];
  }

  #interview() {
    const { name, interview } = this.person;
    if (!this.interviews.has(name)) this.interviews.set(name, new Interview(name, interview, this.isLive ? null : this.clock));
    this.interviews.get(name).at(this.step);
    return [this.interviews.get(name).box];
  }

  #saved() {
    return note(`As saved after ${count(this.known.saved_step)} steps.`);
  }
}

const note = (textContent) => element("p", { className: "quiet", dir: "auto", textContent });
