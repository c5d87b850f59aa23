// Explains the action of a step, or a line of a conversation: the questions, answers and memories. Format: pages/why.py.

import { atStep, element, getJson } from "./dom.js";
import { count } from "./words.js";

const AGAIN_AFTER = 30; // steps after which an unsaved explanation is requested again

export class Why {
  /** `clock` formats times; `onAction` is called to explain the action again, instead of a line. */
  constructor(clock, onAction) {
    Object.assign(this, { clock, asked: "", answer: null });
    this.back = element("button", { type: "button", textContent: "Why the action?" });
    this.back.addEventListener("click", onAction);
    this.content = element("div", { role: "status" });
    this.box = element("div", { className: "why" }, this.back, this.content);
  }

  /** Shows the explanation of an action at a step, or of a line (its number) of the conversation at that step. */
  async show({ name, act, why }, step, line) {
    const later = this.answer?.pending ? Math.floor(step / AGAIN_AFTER) : "";
    const asked = [name, act?.description, line === null ? "" : JSON.stringify(act.lines), line, later].join("|");
    if (asked === this.asked) return;
    this.asked = asked;
    this.back.hidden = line === null;
    this.content.replaceChildren(quiet("Looking …"));
    const answer = await getJson(atStep(why, step) + (line === null ? "" : `?line=${line}`)).catch(() => null);
    if (asked !== this.asked) return;
    this.answer = answer;
    this.content.replaceChildren(...this.#answered());
  }

  #answered() {
    if (!this.answer) return [quiet("This step was not recorded.")];
    const { about, records, missing } = this.answer;
    return [element("h2", { dir: "auto", textContent: `“${about}”` }), ...records.map((record) => this.#record(record)), ...(missing ? [quiet(missing)] : [])];
  }

  #record(record) {
    const { purpose, persona, prompt, replies, fallback, memories } = record;
    const when = this.clock.short(record.step);
    const head = element("h3", { textContent: `${purpose[0].toUpperCase()}${purpose.slice(1)}` }, " ", element("small", { textContent: `${persona}, ${when}` }));
    const note = fallback ? [element("p", { className: "error", textContent: `No answer could be used (${fallback}): a fail-safe is used instead.` })] : [];
    const said = replies.map(({ again, text }) => [...(again ? [quiet(again.trim())] : []), verbatim(indented(text))]);
    const asked = element("details", {}, element("summary", { textContent: "Prompt" }), verbatim(prompt));
    return element("section", {}, head, quiet(cost(replies)), ...note, ...said.flat(), asked, ...remembered(memories));
  }
}

/** The memories in the prompt, highest score first. */
function remembered(memories) {
  if (!memories.length) return [];
  const rows = memories.map(({ kind, text, scores }) =>
    element("li", {}, element("span", { className: `kind ${kind}`, textContent: kind }), " ", element("bdi", { textContent: text }), quiet(scored(scores))),
  );
  const used = memories.length === 1 ? "1 memory" : `${memories.length} memories`;
  return [element("details", { open: true }, element("summary", { textContent: `${used} used` }), element("ul", { className: "memory-list" }, ...rows))];
}

function scored(scores) {
  if (!scores.length) return "found by shared words, without a score";
  const [recency, importance, relevance, score] = scores.map((value) => value.toFixed(2));
  return `score ${score}: relevance ${relevance}, importance ${importance}, recency ${recency}`;
}

/** The total usage of the replies; unknown if any is. */
function cost(replies) {
  const sum = (key) => (replies.length && replies.every((reply) => reply[key] !== null) ? replies.reduce((total, reply) => total + Number(reply[key]), 0) : null);
  const [into, out, usd] = ["tokens_in", "tokens_out", "cost"].map(sum);
  const tokens = into === null ? "tokens unknown" : `${count(into)} tokens in, ${count(out)} out`;
  return `${tokens}, ${usd === null ? "cost unknown" : `$${usd.toFixed(6)}`}`;
}

/** An answer in JSON with its parts on lines of their own; any other text as it is. */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const verbatim = (textContent) => element("pre", { dir: "auto", tabIndex: 0, textContent });
const quiet = (textContent) => element("p", { className: "quiet", dir: "auto", textContent });
