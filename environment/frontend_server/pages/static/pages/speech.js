// Speech on the map: the current line of each conversation in a bubble above its speaker. If there is no room, it is
// a small marker, which shows the line on hover, on keyboard focus, or when touched.

import { above, firstFree, over, within } from "./boxes.js";
import { element } from "./dom.js";
import { drawTail } from "./signs.js";
import { keyOf, lineAt } from "./talks.js";

const ROWS = 6; // above a head, in which to look for room
const LONGEST_TAIL = 24; // longer ones cross names and faces
const MARKER = { width: 28, height: 22 };

export class Speech {
  /** `layer`: the element over the map. `onChoose(talk)` is called with the chosen conversation. */
  constructor(layer, onChoose) {
    Object.assign(this, { layer, onChoose, bubbles: new Map() });
  }

  /**
   * Shows lines, {key, speaker, text, talk}, over those who are `shown`, where no box in `taken` is; adds its own boxes
   * there. Returns the names of the speakers.
   */
  show(said, shown, taken, camera, context) {
    const spots = new Map(shown.map((each) => [each.person.name, each.head]));
    const heard = said.filter(({ speaker }) => spots.has(speaker));
    this.#remove(new Set(heard.map(({ key }) => key)));
    const heads = shown.map(({ head }) => over(head.x, head.y + 22, 18, 20));
    const view = { width: camera.viewWidth, height: camera.viewHeight };
    for (const line of heard) {
      const bubble = this.#bubble(line, view);
      const head = spots.get(line.speaker);
      const box = this.#place(bubble, head, taken, heads, view);
      if (box) drawTail(context, box, head, bubble.button.classList.contains("small") ? undefined : LONGEST_TAIL);
    }
    return new Set(heard.map(({ speaker }) => speaker));
  }

  /** The box of the whole bubble if there is room, preferably without covering a face; else that of its marker. */
  #place(bubble, head, taken, heads, view) {
    const places = (...sizes) => above(head.x, head.y - 5, ...sizes).map((box) => within(box, view));
    const whole = places(bubble.size, ROWS);
    const room = firstFree(whole, [...taken, ...heads]) ?? firstFree(whole, taken);
    const box = room ?? firstFree(places(MARKER, 2 * ROWS, [0, -1, 1, -2, 2]), taken);
    bubble.button.classList.toggle("small", !room);
    bubble.button.hidden = !box;
    if (!box) return null;
    taken.push(box);
    put(bubble, box, view);
    return box;
  }

  #bubble({ key, speaker, text, talk }, view) {
    if (!this.bubbles.has(key)) this.bubbles.set(key, this.#made(key));
    const bubble = this.bubbles.get(key);
    const shown = [speaker, text, view.width].join("\n");
    bubble.talk = talk;
    if (bubble.shown === shown) return bubble;
    bubble.shown = shown;
    bubble.words.textContent = text;
    bubble.button.ariaLabel = `${speaker}: ${text}`;
    bubble.button.hidden = false;
    bubble.button.classList.remove("small");
    bubble.size = { width: bubble.button.offsetWidth, height: bubble.button.offsetHeight };
    bubble.hiddenHeight = bubble.words.scrollHeight - bubble.words.clientHeight;
    return bubble;
  }

  #made(key) {
    const words = element("bdi");
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => this.onChoose(this.bubbles.get(key).talk));
    this.layer.append(button);
    return { button, words };
  }

  #remove(kept) {
    for (const [key, { button }] of this.bubbles) {
      if (kept.has(key)) continue;
      button.remove();
      this.bubbles.delete(key);
    }
  }
}

/** Moves a bubble to its box; when opened, it grows up and to the right, within the view. */
function put({ button, size, hiddenHeight }, box, view) {
  button.style.transform = `translate(${box.left}px, ${box.bottom - view.height}px)`;
  button.style.setProperty("--aside", `${Math.min(0, view.width - 4 - size.width - box.left)}px`);
  button.style.setProperty("--down", `${Math.min(0, box.bottom - size.height - hiddenHeight - 4)}px`);
}

/** The lines at a moment: {key, speaker, text, talk}, one for each conversation. */
export function saidAt(steps, names, position, secondsPerStep) {
  const found = new Map();
  for (const name of names) {
    const talk = steps.talk(name, Math.floor(position + 1e-6));
    if (!talk || found.has(keyOf(talk))) continue;
    const [speaker, text] = talk.lines[lineAt(talk, position, talk.last === steps.last, secondsPerStep)];
    found.set(keyOf(talk), { key: keyOf(talk), speaker, text, talk });
  }
  return [...found.values()];
}
