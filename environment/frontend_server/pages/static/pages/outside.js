// Events from outside, such as a whisper or the closing of a place: marks above the slider, and text on the map.

import { onSlider } from "./axis.js";
import { byId, element } from "./dom.js";

const MINUTES = 10; // of game time for which the text is shown

export class Outside {
  /** `talks`: a Talks, which has the events. `onGo(step)` is called with the step to show. */
  constructor(talks, clock, onGo) {
    Object.assign(this, { talks, clock, onGo, marked: "[]" });
  }

  /** Shows the state at a step, with marks for all steps from the first to the last. */
  show(step, first, last) {
    const { events } = this.talks;
    if (this.marked !== JSON.stringify(events)) this.#mark(events);
    for (const mark of byId("events").children) mark.style.left = onSlider((mark.value - first) / Math.max(1, last - first));
    const steps = Math.max(1, (MINUTES * 60) / this.clock.secondsPerStep);
    const said = events.filter(([since]) => since <= step && step < since + steps).map(([since, text]) => `${this.clock.time(since)}: ${text}`);
    if (byId("event").textContent !== said.join("\n")) byId("event").textContent = said.join("\n");
  }

  /** A mark for each step with an event. */
  #mark(events) {
    this.marked = JSON.stringify(events);
    const marks = [...new Set(events.map(([step]) => step))].map((step) => {
      const title = [this.clock.short(step), ...events.filter(([at]) => at === step).map(([, text]) => text)].join("\n");
      const button = element("button", { type: "button", title, ariaLabel: title });
      button.addEventListener("click", () => this.onGo(step));
      return element("li", { value: step }, button);
    });
    byId("events").replaceChildren(...marks);
  }
}
