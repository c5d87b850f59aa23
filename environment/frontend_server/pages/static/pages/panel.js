// The panel next to the map: people with their places and actions, and the conversations.

import { byId, element, marked } from "./dom.js";
import { drawPortrait } from "./people.js";
import { bubbleText } from "./signs.js";
import { described } from "./words.js";

export class Roster {
  /** A row for each person; `onChoose(name)` is called with the name that was clicked. */
  constructor(people, onChoose) {
    this.rows = new Map();
    for (const person of people) {
      const row = {
        button: element("button", { type: "button" }),
        portrait: element("canvas", { width: 32, height: 32 }),
        emoji: element("span", { className: "emoji" }),
        action: element("span", { className: "what", dir: "auto" }),
        place: element("span", { className: "what place", dir: "auto" }),
      };
      const name = element("span", { className: "name", dir: "auto", textContent: person.name });
      row.button.append(row.portrait, name, row.emoji, row.action, row.place);
      row.button.addEventListener("click", () => onChoose(person.name));
      byId("people").append(element("li", {}, row.button));
      this.rows.set(person.name, row);
      drawPortrait(row.portrait, person);
    }
  }

  portray(person) {
    drawPortrait(this.rows.get(person.name).portrait, person);
  }

  focus(name) {
    this.rows.get(name).button.focus();
  }

  show(people, selected) {
    for (const { name, act } of people) {
      const row = this.rows.get(name);
      const { action, place } = described(act?.description ?? "");
      row.action.textContent = action;
      row.place.textContent = place;
      row.button.title = `${action}\n${place}`;
      row.emoji.textContent = bubbleText(act);
      row.button.setAttribute("aria-pressed", String(name === selected));
    }
  }
}

/** The lines of a conversation, in which these words are marked. */
export function spoken(lines, words = []) {
  const said = lines.map(([speaker, text]) => element("p", { dir: "auto" }, element("strong", { textContent: speaker }), " ", element("bdi", {}, ...marked(text, words))));
  return element("div", { className: "lines" }, ...said);
}
