// The signs of people on the map: names below them, and above them their action, or a cloud while they think.

import { above, firstFree, over, overlap } from "./boxes.js";
import { centered, fillRound } from "./canvas.js";

const TILE = 32;
const PAPER = "#fffdf6";
const INK = "#3a2e25";
const THOUGHT = "…";
const ROWS = 4; // above a head; if there is no room in them, only the list of people shows the emoji

/**
 * Draws them: names first, which nothing may cover; then clouds; what is `said`, by a Speech; emojis where there
 * is room left.
 * `scale`: how much larger than the map people are drawn; `selected`: a name; `thinking`: the names of thinking people.
 */
export function drawSigns(context, camera, people, scale, selected, { speech = null, said = [], thinking = [] }) {
  context.setTransform(camera.density, 0, 0, camera.density, 0, 0);
  const shown = people.map((person) => spot(person, camera, scale)).filter(({ feet }) => isInView(feet, camera));
  const taken = [];
  for (const { person, feet } of shown) drawName(context, person, feet, camera.zoom, person.name === selected, taken);
  const thinkers = shown.filter(({ person }) => thinking.includes(person.name));
  for (const { head } of thinkers) drawBubble(context, THOUGHT, head, taken, drawPuffs);
  const speaking = speech?.show(said, shown, taken, camera, context) ?? new Set();
  for (const { person, head } of shown) {
    const text = bubbleText(person.act);
    if (text && !speaking.has(person.name) && !thinking.includes(person.name)) drawBubble(context, text, head, taken, drawTail);
  }
}

/** The text of the bubble above a person: the emoji of the action, with a sign for talking. */
export function bubbleText(act) {
  const emoji = act?.emoji ?? "";
  return act?.lines.length && !emoji.includes("💬") ? `💬${emoji}` : emoji;
}

function spot(person, camera, scale) {
  return { person, feet: camera.toScreen(person.x, person.y), head: camera.toScreen(person.x, person.y - (TILE + 4) * scale) };
}

function isInView({ x, y }, { viewWidth, viewHeight }) {
  return x > -TILE && x < viewWidth + TILE && y > -TILE && y < viewHeight + 2 * TILE;
}

/** Of people who stand together, the first keep their place; the names of the others move down to free space. */
function drawName(context, { name }, feet, zoom, isSelected, taken) {
  const text = zoom < 0.75 && !isSelected ? name.split(" ")[0] : name;
  centered(context, "600 11px system-ui, sans-serif");
  const width = context.measureText(text).width + 10;
  let box = over(feet.x, feet.y + 17, width, 16);
  for (let other = taken.find((one) => overlap(box, one)); other; other = taken.find((one) => overlap(box, one)))
    box = over(feet.x, other.bottom + 17, width, 16);
  taken.push(box);
  fillRound(context, isSelected ? "rgba(164, 71, 47, 0.92)" : "rgba(255, 253, 246, 0.86)", box.left, box.top, width, 16, 8);
  context.fillStyle = isSelected ? "#fff" : INK;
  context.fillText(text, feet.x, box.top + 8.5);
}

function drawBubble(context, text, head, taken, drawEnd) {
  centered(context, '15px "Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", system-ui, sans-serif');
  const width = context.measureText(text).width + 12;
  const box = firstFree(above(head.x, head.y - 3, { width, height: 23 }, ROWS), taken);
  if (!box) return;
  taken.push(box);
  Object.assign(context, { strokeStyle: "rgba(58, 46, 37, 0.35)", lineWidth: 1 });
  fillRound(context, PAPER, box.left, box.top, width, 23, 10);
  context.stroke();
  drawEnd(context, box, head);
  context.fillStyle = INK;
  context.fillText(text, (box.left + box.right) / 2, box.top + 12.5);
}

/** The tip of a bubble, which shows whose it is; short, so that it crosses nothing. */
export function drawTail(context, box, head, longest = 8) {
  const x = Math.min(box.right - 10, Math.max(box.left + 10, head.x));
  context.fillStyle = PAPER;
  context.beginPath();
  context.moveTo(x - 4, box.bottom - 1);
  context.lineTo(head.x, box.bottom + Math.min(longest, Math.max(5, head.y + 3 - box.bottom)));
  context.lineTo(x + 4, box.bottom - 1);
  context.fill();
}

/** The small clouds between a thinking person and the thought. */
function drawPuffs(context, box, head) {
  const middle = (box.left + box.right) / 2;
  for (const [part, radius] of [[0.3, 3], [0.8, 2]]) {
    context.beginPath();
    context.arc(middle + (head.x - middle) * part, box.bottom + 1 + part * 5, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
