// An interview with one persona: questions and answers, kept in the page only.

import { showUsage } from "./cost.js";
import { element, postJson } from "./dom.js";
import { spoken } from "./panel.js";
import { count } from "./words.js";

const INTERVIEWER = "Interviewer";

export class Interview {
  /** `clock`: of a replay, where questions are as of the step shown; null if they are as of the last save. */
  constructor(name, url, clock) {
    Object.assign(this, { name, url, clock, lines: [] });
    this.talk = element("div");
    this.asOf = element("p", { className: "quiet as-of", textContent: "Asked as last saved." });
    this.note = element("p", { className: "quiet", textContent: "The interview is not remembered; each answer uses the model." });
    this.question = element("textarea", { rows: 2, maxLength: 2000, dir: "auto", placeholder: `Ask ${name.split(" ")[0]}`, ariaLabel: `Ask ${name}` });
    this.send = element("button", { type: "submit", className: "strong", textContent: "Ask" });
    this.form = element("form", {}, this.question, this.send);
    this.box = element("div", { className: "interview" }, this.asOf, this.talk, this.form, this.note);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask(this.question.value.trim());
    });
    this.question.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
  }

  /** The next question is asked as of this step. */
  at(step) {
    this.step = step;
    if (this.clock) this.asOf.textContent = `Asked as of ${this.clock.text(step)}.`;
  }

  async #ask(question) {
    if (!question || this.send.disabled) return;
    const asked = [...this.lines, [INTERVIEWER, question]];
    this.#show(asked, `${this.name} is thinking …`);
    this.send.disabled = true;
    try {
      const reply = await postJson(this.clock ? `${this.url}?step=${this.step}` : this.url, { lines: asked });
      if (reply.ok) this.#answered(asked, reply);
      else this.#failed(reply.error);
    } catch {
      this.#failed("The web server did not answer. Try again.");
    } finally {
      this.send.disabled = false;
    }
  }

  #answered(asked, reply) {
    this.lines = [...asked, [this.name, reply.answer]];
    this.question.value = "";
    const asOf = this.clock ? `Answered as of ${this.clock.text(reply.step)}` : `As saved after ${count(reply.step)} steps`;
    this.#show(this.lines, `${asOf}. The interview is not remembered.`);
    showUsage(reply.usage);
  }

  #failed(why) {
    this.#show(this.lines, why, "error");
  }

  #show(lines, note, kind = "quiet") {
    this.talk.replaceChildren(...(lines.length ? [spoken(lines)] : []));
    this.note.textContent = note;
    this.note.className = kind;
    this.note.scrollIntoView({ block: "nearest" });
  }
}
