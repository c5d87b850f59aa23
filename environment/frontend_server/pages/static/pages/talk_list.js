// The tab Conversations: a searchable list; the chosen one is shown with its lines, and on the map.

import { byId, element, marked } from "./dom.js";
import { spoken } from "./panel.js";
import { keyOf, lineAt, stepOf } from "./talks.js";
import { count } from "./words.js";

const PAGE = 200; // the number shown at first; more on demand

export class TalkList {
  /** `talks`: a Talks; `names` of everybody. `onGo(talk, step)` is called with the one to show on the map. */
  constructor(talks, clock, names, isNewestFirst, onGo) {
    Object.assign(this, { talks, clock, isNewestFirst, onGo, opened: "", most: PAGE, rows: new Map(), step: 0 });
    byId("talk-person").append(...names.map((name) => element("option", { textContent: name })));
    for (const id of ["talk-words", "talk-person", "talk-place"]) byId(id).addEventListener("input", () => this.#search());
    byId("more-talks").addEventListener("click", () => {
      this.most += PAGE;
      this.update();
    });
  }

  /** Shows the matching conversations, now that more may be loaded. */
  update() {
    this.#places();
    const { all } = this.talks;
    const words = searched();
    const found = all.filter(this.#filter(words));
    if (this.isNewestFirst) found.reverse();
    const rows = found.slice(0, this.most).map((talk) => this.#row(talk, words));
    const list = byId("talks");
    rows.forEach((row, place) => {
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    });
    while (list.childElementCount > rows.length) list.lastChild.remove();
    byId("more-talks").hidden = found.length <= this.most;
    byId("talk-count").textContent = all.length ? `${count(found.length)} of ${count(all.length)} conversation${all.length === 1 ? "" : "s"}` : "No conversation yet.";
    this.show(this.step);
  }

  /** Marks the conversations at a step, and the current line of the chosen one. */
  show(step) {
    this.step = step;
    for (const { talk, row, lines } of this.rows.values()) {
      const isNow = talk.first <= step && step <= talk.last;
      row.classList.toggle("ongoing", isNow);
      if (!lines) continue;
      const said = isNow ? lineAt(talk, step, ...this.#pace(talk)) : -1;
      [...lines.children].forEach((line, place) => line.setAttribute("aria-current", String(place === said)));
    }
  }

  /** Opens a conversation in the list, even if it does not match the search. */
  open(talk) {
    for (const id of ["talk-words", "talk-person", "talk-place"]) byId(id).value = "";
    const all = this.talks.all.map(keyOf);
    const place = all.indexOf(keyOf(talk));
    this.most = Math.max(this.most, this.isNewestFirst ? all.length - place : place + 1);
    this.update();
    this.#choose(keyOf(talk));
    this.rows.get(keyOf(talk))?.row.scrollIntoView({ block: "nearest" });
  }

  #search() {
    this.most = PAGE;
    this.update();
    this.#choose(this.opened);
  }

  /** The last two arguments of lineAt. */
  #pace(talk) {
    return [talk.last === this.talks.next - 1, this.clock.secondsPerStep];
  }

  #filter(words) {
    const [person, place] = [byId("talk-person").value, byId("talk-place").value];
    return (talk) => (!person || talk.people.includes(person)) && (!place || talk.place === place) && words.every((word) => textOf(talk).includes(word));
  }

  /** Offers every place with a conversation. */
  #places() {
    const select = byId("talk-place");
    const known = new Set([...select.options].map((option) => option.value));
    const found = [...new Set(this.talks.all.map((talk) => talk.place))].filter((place) => !known.has(place));
    select.append(...found.sort().map((place) => element("option", { textContent: place })));
  }

  /** The row of a conversation; shows the line that was found, else the first one. */
  #row(talk, words) {
    const key = keyOf(talk);
    if (!this.rows.has(key)) this.#newRow(talk, key);
    const entry = this.rows.get(key);
    entry.talk = talk;
    entry.snippet.replaceChildren(...marked(talk.lines[Math.max(0, foundLine(talk, words))][1], words));
    return entry.row;
  }

  #newRow(talk, key) {
    const snippet = element("span", { className: "snippet", dir: "auto" });
    const button = element(
      "button",
      { type: "button", ariaExpanded: "false" },
      element("time", { textContent: this.clock.short(talk.first) }),
      element("strong", { dir: "auto", textContent: talk.people.join(" and ") }),
      element("span", { className: "place", dir: "auto", textContent: talk.place }),
      snippet,
    );
    const row = element("li", {}, button);
    button.addEventListener("click", () => this.#toggle(key));
    this.rows.set(key, { talk, row, button, snippet, lines: null });
  }

  /** Closes a conversation, or opens it at the line that was found, else at the first one. */
  #toggle(key) {
    const entry = this.rows.get(key);
    this.#choose(entry.lines ? "" : key);
    if (!entry.lines) return;
    const line = foundLine(entry.talk, searched());
    entry.row.scrollIntoView({ block: "nearest" });
    entry.lines.children[line]?.scrollIntoView({ block: "nearest" });
    this.onGo(entry.talk, stepOf(line, entry.talk, ...this.#pace(entry.talk)));
  }

  /** Shows the lines of one conversation, and of no other. */
  #choose(key) {
    this.opened = key;
    const words = searched();
    for (const [other, entry] of this.rows) {
      entry.lines?.remove();
      entry.lines = other === key ? spoken(entry.talk.lines, words) : null;
      if (entry.lines) entry.row.append(entry.lines);
      entry.button.setAttribute("aria-expanded", String(other === key));
    }
    this.show(this.step);
  }
}

/** The words that are searched for, in lower case. */
const searched = () => byId("talk-words").value.toLowerCase().split(/\s+/).filter(Boolean);

/** The number of the line with most of these words; -1 if none has any. */
function foundLine({ lines }, words) {
  const hits = lines.map(([, text]) => words.filter((word) => text.toLowerCase().includes(word)).length);
  const most = Math.max(...hits);
  return most ? hits.indexOf(most) : -1;
}

/** The searched text, in lower case; computed once. */
function textOf(talk) {
  talk.text ??= [...talk.people, talk.place, ...talk.lines.map(([, text]) => text)].join("\n").toLowerCase();
  return talk.text;
}
