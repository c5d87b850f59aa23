// Whispers: texts that become a person's own thoughts before the next step of a run. Until then they wait.

import { element, getJson, postJson } from "./dom.js";

const EVERY = 2000; // milliseconds between checks whether a whisper still waits
const WAITS = "Whispered; will become a thought before the next step of a run:";
const UNANSWERED = { error: "The web server did not answer. Try again." };

export class Whispers {
  /** `onChange` is called when the waiting whispers have changed. */
  constructor(onChange) {
    Object.assign(this, { onChange, waiting: {}, boxes: new Map() });
  }

  /** Fetches the waiting whispers at an address, repeatedly as long as there are any. */
  async look(url) {
    clearTimeout(this.later);
    const { waiting } = await getJson(url).catch(() => this);
    this.#know(waiting);
    clearTimeout(this.later);
    if (Object.keys(waiting).length) this.later = setTimeout(() => this.look(url), EVERY);
  }

  /** The whispers waiting for a person, in words; "" for none. */
  note(name) {
    const texts = this.waiting[name] ?? [];
    return texts.length ? `${WAITS} ${texts.map((text) => `“${text}”`).join(", ")}` : "";
  }

  /** The form for whispers to a person. */
  box({ name, whisper }) {
    if (!this.boxes.has(name)) this.boxes.set(name, this.#made(name, whisper));
    return this.boxes.get(name);
  }

  #made(name, url) {
    const first = name.split(" ")[0];
    const text = element("textarea", { rows: 2, maxLength: 2000, dir: "auto", placeholder: "You know …", ariaLabel: `Whisper to ${name}` });
    const send = element("button", { type: "submit", className: "strong", textContent: "Whisper" });
    const all = element("input", { type: "checkbox" });
    const note = element("p", { className: "quiet", textContent: `An inner voice tells ${first} this. It becomes ${first}'s own thought before the next step of the run, whichever step is shown here. This uses the model.` });
    const form = element("form", {}, text, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!text.value.trim() || send.disabled) return;
      send.disabled = true;
      const { ok, error } = await postJson(url, { to: all.checked ? null : name, text: text.value }).catch(() => UNANSWERED);
      send.disabled = false;
      [note.textContent, note.className] = ok ? [`Whispered to ${all.checked ? "everybody" : name}.`, "quiet"] : [error, "error"];
      if (!ok) return;
      text.value = "";
      this.thought = () => (note.textContent = all.checked ? "It has become a thought." : `It has become a thought of ${name}.`);
      this.look(url);
    });
    return element("div", { className: "interview" }, form, element("label", {}, all, " to everybody"), note);
  }

  #know(waiting) {
    const before = JSON.stringify(this.waiting);
    this.waiting = waiting;
    if (before === JSON.stringify(waiting)) return;
    if (!Object.keys(waiting).length) this.thought?.();
    this.onChange();
  }
}
