// The time axis under the slider: hours and dates, as many as there is room for.

import { element } from "./dom.js";

const MINUTES = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 7200, 14400, 43200]; // from one label to the next
const ROOM = 120; // pixels that a label needs, with date and time
const EDGE = 0.05; // labels closer to an end are moved inside
const THUMB = 8; // pixels; half of it, at both ends of a slider

/** The CSS position on a slider of a fraction (0 to 1) of its length. */
export const onSlider = (share) => `calc(${THUMB}px + ${share} * (100% - ${2 * THUMB}px))`;

/** Fills a list with the labels of the steps from `first` to `last`; midnight has the date, as has the first label. */
export function drawAxis(list, clock, first, last) {
  const minutes = ((last - first) * clock.secondsPerStep) / 60;
  const most = Math.max(1, list.clientWidth / ROOM);
  const every = MINUTES.find((length) => minutes / length <= most) ?? MINUTES.at(-1);
  const labels = clock.multiples(every, first, last).map((step, place) => {
    const isMidnight = clock.minuteOfDay(step) === 0;
    const label = element("li", { textContent: isMidnight ? clock.date(step) : place ? clock.time(step) : clock.short(step) });
    const share = (step - first) / Math.max(1, last - first);
    label.style.left = onSlider(share);
    label.classList.toggle("midnight", isMidnight);
    label.classList.toggle("leftmost", share < EDGE);
    label.classList.toggle("rightmost", share > 1 - EDGE);
    return label;
  });
  list.replaceChildren(...labels);
}
