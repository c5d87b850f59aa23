// People on the map: their pictures, walking, the bubbles over their heads and the names under their feet.

import { centered, fillRound } from "./canvas.js";
import { direction } from "./steps.js";

const TILE = 32;
const ROWS = { down: 0, left: 1, right: 2, up: 3 };
const FRAMES = 4;
const FRAMES_PER_TILE = 4;
const SMALLEST = 0.72; // of their size: far away, people are drawn larger than the town, to be seen
const APART = 11; // world pixels between people on one tile

export class People {
  constructor(people, onLoad) {
    this.people = people.map((person) => ({ ...person, facing: "down", sheet: null, tile: null }));
    for (const person of this.people) {
      if (!person.picture) continue;
      const image = new Image();
      image.addEventListener("load", () => {
        person.sheet = image;
        onLoad(person);
      });
      image.src = person.picture;
    }
  }

  /** Puts everyone where they are between two steps. */
  place(steps, position) {
    const crowd = new Map();
    for (const person of this.people) {
      person.tile = steps.place(person.name, position);
      person.act = steps.at(person.name, Math.floor(position));
      if (!person.tile) continue;
      person.facing = person.tile.walking ?? this.#towardsPartner(person, steps, position) ?? "down";
      const key = `${Math.round(person.tile.x)},${Math.round(person.tile.y)}`;
      crowd.set(key, [...(crowd.get(key) ?? []), person]);
    }
    for (const together of crowd.values()) {
      together.forEach((person, place) => {
        person.x = person.tile.x * TILE + TILE / 2 + (place - (together.length - 1) / 2) * APART;
        person.y = person.tile.y * TILE + TILE;
      });
    }
  }

  named(name) {
    return this.people.find((person) => person.name === name);
  }

  /** Who stands at a point of the world; null for nobody. */
  pick(x, y) {
    const near = this.#visible().filter((person) => Math.abs(person.x - x) < 16 && y > person.y - 52 && y < person.y + 14);
    return near.at(-1) ?? null;
  }

  /** In words, for those who do not see the map: who stands on which tile. */
  whereabouts() {
    return this.#visible().map(({ name, tile }) => `${name} at ${Math.round(tile.x)}, ${Math.round(tile.y)}.`).join(" ");
  }

  draw(context, camera, selected) {
    const visible = this.#visible();
    camera.apply(context);
    context.imageSmoothingEnabled = camera.zoom < 1;
    for (const person of visible) drawBody(context, person, person.name === selected, size(camera));
    context.setTransform(camera.density, 0, 0, camera.density, 0, 0);
    drawSigns(context, camera, visible, selected);
  }

  /** Who stands and talks looks at whom it talks to; null for others. */
  #towardsPartner(person, steps, position) {
    const speakers = new Set((person.act?.lines ?? []).map(([speaker]) => speaker));
    speakers.delete(person.name);
    const [partner] = speakers;
    const there = partner && steps.place(partner, position);
    if (!there || (there.x === person.tile.x && there.y === person.tile.y)) return null;
    return direction(there.x - person.tile.x, there.y - person.tile.y);
  }

  #visible() {
    return this.people.filter((person) => person.tile).sort((a, b) => a.y - b.y);
  }
}

/** Draws the face of somebody on a small canvas, for lists. */
export function drawPortrait(canvas, person) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  if (person.sheet) context.drawImage(person.sheet, 0, 0, TILE, TILE, 0, 0, canvas.width, canvas.height);
  else drawFigure(context, person, TILE / 2, TILE);
}

/** How much larger than the map people are drawn. */
const size = (camera) => Math.max(1, SMALLEST / camera.zoom);

function drawBody(context, person, isSelected, scale) {
  context.save();
  context.translate(person.x, person.y);
  context.scale(scale, scale);
  context.fillStyle = isSelected ? "rgba(164, 71, 47, 0.55)" : "rgba(40, 30, 20, 0.25)";
  context.beginPath();
  context.ellipse(0, -3, isSelected ? 12 : 9, isSelected ? 5.5 : 4, 0, 0, 2 * Math.PI);
  context.fill();
  if (person.sheet) drawSprite(context, person);
  else drawFigure(context, person, 0, 0);
  context.restore();
}

function drawSprite(context, { sheet, facing, tile: { x, y, walking } }) {
  const frame = walking ? Math.floor((x + y) * FRAMES_PER_TILE) % FRAMES : 0;
  context.drawImage(sheet, frame * TILE, ROWS[facing] * TILE, TILE, TILE, -TILE / 2, -TILE - 2, TILE, TILE);
}

/** Who has no picture is a pawn with a color of its own. */
function drawFigure(context, person, x, y) {
  const hue = [...person.name].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 7) % 360;
  fillRound(context, `hsl(${hue} 45% 45%)`, x - 7, y - 18, 14, 16, 6);
  context.fillStyle = "#f3d7b6";
  context.beginPath();
  context.arc(x, y - 21, 6, 0, 2 * Math.PI);
  context.fill();
}

/** Everyone's name and bubble; the first of those who stand together keep their place, the others make room. */
function drawSigns(context, camera, people, selected) {
  const names = [];
  const bubbles = [];
  for (const person of people) {
    const isSelected = person.name === selected;
    const feet = camera.toScreen(person.x, person.y);
    const head = camera.toScreen(person.x, person.y - (TILE + 4) * size(camera));
    const label = camera.zoom < 0.75 && !isSelected ? person.name.split(" ")[0] : person.name;
    drawTag(context, label, feet.x, feet.y + 9, isSelected, names);
    const emoji = bubbleText(person.act);
    if (emoji) drawBubble(context, emoji, head.x, head.y, bubbles);
  }
}

/** What the bubble over somebody says: the emoji of the action, with a sign for talking. */
export function bubbleText(act) {
  const emoji = act?.emoji ?? "";
  return act?.lines.length && !emoji.includes("💬") ? `💬${emoji}` : emoji;
}

function drawTag(context, text, x, y, isSelected, taken) {
  centered(context, "600 11px system-ui, sans-serif");
  const half = context.measureText(text).width / 2 + 5;
  const top = freeTop(taken, x, y - 8, half, 16, 1);
  fillRound(context, isSelected ? "rgba(164, 71, 47, 0.92)" : "rgba(255, 253, 246, 0.86)", x - half, top, half * 2, 16, 8);
  context.fillStyle = isSelected ? "#fff" : "#3a2e25";
  context.fillText(text, x, top + 8.5);
}

function drawBubble(context, emoji, x, y, taken) {
  centered(context, '15px "Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", system-ui, sans-serif');
  const half = context.measureText(emoji).width / 2 + 6;
  const top = freeTop(taken, x, y - 26, half, 23, -1);
  Object.assign(context, { strokeStyle: "rgba(58, 46, 37, 0.35)", lineWidth: 1 });
  fillRound(context, "#fffdf6", x - half, top, half * 2, 23, 9);
  context.stroke();
  context.beginPath();
  context.moveTo(x - 4, top + 22);
  context.lineTo(x, top + 28);
  context.lineTo(x + 4, top + 22);
  context.fill();
  context.fillStyle = "#3a2e25";
  context.fillText(emoji, x, top + 12.5);
}

/** The top of a sign, moved up (way -1) or down (1) until it hides no other one. */
function freeTop(taken, x, top, half, height, way) {
  const hides = (other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.top - top) < height;
  for (let other = taken.find(hides); other; other = taken.find(hides)) top = other.top + way * (height + 1);
  taken.push({ x, top, half });
  return top;
}
