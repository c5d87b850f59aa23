// An interview with one persona: questions and answers, kept in the page only.

import { element, postJson } from "./dom.js";
import { showUsage, spoken } from "./panel.js";

const INTERVIEWER = "Interviewer";

export class Interview {
  constructor(name, url) {
    Object.assign(this, { name, url, lines: [] });
    this.talk = element("div");
    this.note = element("p", { className: "quiet", textContent: "Asked as last saved. The interview is not remembered; each answer uses the model." });
    this.question = element("textarea", { rows: 2, maxLength: 2000, dir: "auto", placeholder: `Ask ${name.split(" ")[0]}`, ariaLabel: `Ask ${name}` });
    this.send = element("button", { type: "submit", className: "strong", textContent: "Ask" });
    this.form = element("form", {}, this.question, this.send);
    this.box = element("div", { className: "interview" }, this.talk, this.form, this.note);
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

  async #ask(question) {
    if (!question || this.send.disabled) return;
    const asked = [...this.lines, [INTERVIEWER, question]];
    this.#show(asked, `${this.name} is thinking …`);
    this.send.disabled = true;
    try {
      const reply = await postJson(this.url, { lines: asked });
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
    this.#show(this.lines, `As saved at step ${reply.step}. The interview is not remembered.`);
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
