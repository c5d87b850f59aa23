// Searching the memories of a persona while typing; without scripts the form does the same.

import { minuteText } from "./clock.js";
import { byId } from "./dom.js";

const memories = [...document.querySelectorAll(".memories > li")].map((row) => ({ row, text: row.textContent.toLowerCase() }));

function filter() {
  const words = byId("q").value.toLowerCase().split(/\s+/).filter(Boolean);
  const kind = byId("kind").value;
  let shown = 0;
  for (const { row, text } of memories) {
    const fits = (!kind || row.dataset.kind === kind) && words.every((word) => text.includes(word));
    row.hidden = !fits;
    shown += fits;
  }
  byId("shown").textContent = `${shown} shown`;
}

// Memories that the server left out cannot be found by typing, so only a page with all of them filters by itself.
if (!window.location.search) {
  byId("q").addEventListener("input", filter);
  byId("kind").addEventListener("change", filter);
}

for (const row of document.querySelectorAll(".schedule li")) row.dataset.clock = minuteText(Number(row.dataset.start));
