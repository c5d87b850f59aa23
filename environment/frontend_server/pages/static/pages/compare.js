// Two replays in frames: one timeline moves both. Below them are the measures, which take the server some seconds.

import { Clock } from "./clock.js";
import { byId, element, getJson, pageData } from "./dom.js";
import { Timeline } from "./timeline.js";

const town = pageData();
const clock = new Clock(town.time, town.sec_per_step);
const steps = { first: town.first, last: town.last, has: () => true, load: () => Promise.resolve() }; // the frames load theirs
const timeline = new Timeline(steps, clock, town, () => window.history.replaceState(null, "", `?step=${timeline.step}`));
const replays = [...document.querySelectorAll("iframe")];

let before = performance.now();
function frame(now) {
  timeline.advance(Math.min(0.25, (now - before) / 1000));
  before = now;
  for (const replay of replays) replay.contentWindow.postMessage({ position: timeline.position }, window.location.origin);
  byId("time").textContent = town.isOneTime ? clock.text(timeline.step) : "";
  byId("step").textContent = `step ${timeline.step} of ${town.last}`;
  byId("slider").setAttribute("aria-valuetext", `${clock.text(timeline.step)}, step ${timeline.step}`);
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);

async function showMeasures() {
  const { rows, fault } = await getJson(town.measures);
  byId("measuring").textContent = fault ?? "";
  for (const [name, one, other, difference] of rows ?? []) {
    const cells = [one, other, difference].map((textContent) => element("td", { className: "number", textContent }));
    const row = element("tr", { className: one === other ? "" : "differs" }, element("th", { scope: "row", textContent: name }), ...cells);
    byId("measures").tBodies[0].append(row);
  }
  byId("measures").hidden = !rows;
}
showMeasures().catch(() => {
  byId("measuring").textContent = "The measures could not be computed. The web server's terminal shows why; then reload the page.";
});
