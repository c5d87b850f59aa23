// The cost tab: the model usage, in total and split by purpose, person and game time. Format: pages/costs.py.

import { byId, element, getJson } from "./dom.js";
import { count } from "./words.js";

const HOUR = 3600e3; // milliseconds
const UNITS = { hour: HOUR, day: 24 * HOUR };
const [LABEL, REQUESTS, TOKENS_IN, TOKENS_OUT, EMBEDDED, COST, UNPRICED] = [0, 1, 2, 3, 4, 5, 6]; // in a row of costs.py

let address = ""; // of the splits; "" if there are none
let latest = {}; // the usage shown
let split = ""; // identifies the usage that the splits belong to

/** Sets the address of the splits; they are fetched when the tab is opened, and while it is open. */
export function startCost(url) {
  address = url;
  byId("tab-usage").addEventListener("open", showSplits);
}

/** Shows the total usage, in the format of pages/live.py. */
export function showUsage(usage) {
  latest = usage;
  const rows = [
    ["Requests", count(usage.requests)],
    ["Tokens in", count(usage.tokens_in)],
    ["Tokens out", count(usage.tokens_out)],
    ["Tokens embedded", count(usage.tokens_embedded)],
    ["Cost so far", dollars(usage.cost)],
  ];
  if (usage.unpriced) rows.push(["Price unknown", `${count(usage.unpriced)} requests`]);
  const fallen = Object.values(usage.fallbacks ?? {}).reduce((total, times) => total + times, 0);
  rows.push(["Fallbacks", `${count(fallen)} of ${count(usage.questions)} questions`]);
  byId("usage").replaceChildren(
    ...rows.flatMap(([label, value]) => [element("dt", { textContent: label }), element("dd", { textContent: value })]),
  );
  if (!byId("tab-usage").hidden) showSplits();
}

async function showSplits() {
  const wanted = JSON.stringify(latest);
  if (!address || wanted === split) return;
  split = wanted;
  const found = await getJson(address).catch(() => null);
  if (found === null) split = ""; // the server does not answer: requested again with the next update
  else byId("cost").replaceChildren(...(found.unit ? inParts(found) : []));
}

const inParts = (found) => [
  ...overTime(found),
  ...byWhat("By purpose", found.by_purpose),
  ...byWhat("By person", found.by_persona),
  ...fallbacks(found.fallbacks),
];

/** Bars, and the same as a table. */
function overTime({ unit, over_time: rows, outside }) {
  const times = rows.map(([label, ...row]) => [whenText(label), ...row]);
  const labeled = outside ? [...times, ["outside steps", ...outside.slice(1)]] : times;
  const title = `By game ${unit}`;
  return rows.length ? [heading(title), ...bars(unit, rows), table(title, labeled)] : byWhat(title, labeled);
}

/** A bar for each game hour or day, as high as its cost; if everything is free, as its tokens. */
function bars(unit, rows) {
  const isFree = rows.every((row) => !Number(row[COST]));
  const values = rows.map((row) => (isFree ? tokens(row) : Number(row[COST])));
  const places = rows.map((row) => (moment(row[LABEL]) - moment(rows[0][LABEL])) / UNITS[unit]);
  const [most, length] = [Math.max(...values, 1e-9), places.at(-1) + 1];
  const chart = byId("bars").content.firstElementChild.cloneNode();
  chart.setAttribute("viewBox", `0 0 ${length} 1`);
  chart.setAttribute("aria-label", `${isFree ? "Tokens" : "Cost"} by game ${unit}; the table below has the figures.`);
  values.forEach((value, index) => {
    const bar = document.createElementNS(chart.namespaceURI, "rect");
    const box = { x: places[index] + 0.08, y: 1 - value / most, width: 0.84, height: value / most };
    for (const [name, number] of Object.entries(box)) bar.setAttribute(name, number);
    chart.append(bar);
  });
  const highest = `Highest: ${isFree ? `${count(most)} tokens` : dollars(most)} in a game ${unit}`;
  const ends = [rows[0], rows.at(-1)].map((row) => element("span", { textContent: whenText(row[LABEL]) }));
  return [element("p", { className: "quiet", textContent: highest }), chart, element("p", { className: "ends quiet" }, ...ends)];
}

function byWhat(title, rows) {
  return rows.length ? [heading(title), table(title, rows)] : [];
}

function table(title, rows) {
  const lines = rows.map((row) =>
    line(row[LABEL] || "nobody in particular", count(row[REQUESTS]), count(tokens(row)), dollars(row[COST]) + (row[UNPRICED] ? " + ?" : "")),
  );
  return figures(title, ["", "Requests", "Tokens", "USD"], lines);
}

function fallbacks(rows) {
  if (!rows.length) return [heading("Fallbacks"), element("p", { className: "quiet", textContent: "None: every question got a usable answer." })];
  const lines = rows.map(([purpose, times, questions, reasons]) => {
    const why = Object.entries(reasons).map(([reason, number]) => `${count(number)} ${reason}`);
    return line(purpose, `${count(times)} of ${count(questions)}`, why.join(", "));
  });
  return [heading("Fallbacks"), figures("Fallbacks", ["", "Questions", "Why"], lines)];
}

/** A table as wide as the panel. */
function figures(caption, titles, lines) {
  const heads = titles.map((title) => element(title ? "th" : "td", title ? { scope: "col", textContent: title } : {}));
  return element("table", { className: "figures", ariaLabel: caption }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
}

const line = (label, ...cells) =>
  element("tr", {}, element("th", { scope: "row", dir: "auto", textContent: label }), ...cells.map((textContent) => element("td", { textContent })));

const heading = (textContent) => element("h2", { textContent });
const tokens = (row) => row[TOKENS_IN] + row[TOKENS_OUT] + row[EMBEDDED];
const dollars = (amount) => `$${Number(amount ?? 0).toFixed(4)}`;

/** The beginning of a game hour ("2024-03-04 07") or day ("2024-03-04"), in milliseconds. */
const moment = (label) => Date.parse(label.includes(" ") ? `${label.replace(" ", "T")}:00Z` : label);

/** "March 4, 07:00" or "March 4". */
function whenText(label) {
  const day = new Date(moment(label)).toLocaleDateString("en-US", { month: "long", day: "numeric", timeZone: "UTC" });
  return label.includes(" ") ? `${day}, ${label.slice(-2)}:00` : day;
}
