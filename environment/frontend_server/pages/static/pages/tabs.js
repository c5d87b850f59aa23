// Tabs: which section is shown, by mouse and by keys. Knows nothing about the content of the sections.

import { byId } from "./dom.js";

/** A button with data-tab shows the section tab-<that>; a section that loads data then listens for the event "open". */
export function startTabs() {
  const list = document.querySelector("[role=tablist]");
  for (const button of list.querySelectorAll("[data-tab]")) button.addEventListener("click", () => showTab(button.dataset.tab));
  moveByArrows(list);
}

/** Shows one section and hides the others. */
export function showTab(name) {
  for (const button of document.querySelectorAll("[data-tab]")) {
    button.setAttribute("aria-selected", String(button.dataset.tab === name));
    byId(`tab-${button.dataset.tab}`).hidden = button.dataset.tab !== name;
  }
  byId(`tab-${name}`).dispatchEvent(new Event("open"));
}

/** In a list of tabs ← and → choose the one before and after. */
export function moveByArrows(list) {
  list.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const tabs = [...list.children].filter((tab) => !tab.hidden);
    const next = tabs.at((tabs.indexOf(event.target) + way) % tabs.length);
    if (!way || !next) return;
    next.focus();
    next.click();
  });
}
