// People on the map: their pictures, and walking.

import { fillRound } from "./canvas.js";
import { drawSigns } from "./signs.js";
import { direction } from "./steps.js";

const TILE = 32;
const ROWS = { down: 0, left: 1, right: 2, up: 3 };
const FRAMES = 4;
const FRAMES_PER_TILE = 4;
const SMALLEST = 0.72; // of their size: when zoomed out, people are drawn larger than the town, to stay visible
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

  /** Moves everyone to their position between two steps. */
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

  /** The person at a point of the world; null for nobody. */
  pick(x, y) {
    const near = this.#visible().filter((person) => Math.abs(person.x - x) < 16 && y > person.y - 52 && y < person.y + 14);
    return near.at(-1) ?? null;
  }

  /** The tiles of all people in words, for screen readers. */
  whereabouts() {
    return this.#visible().map(({ name, tile }) => `${name} at ${Math.round(tile.x)}, ${Math.round(tile.y)}.`).join(" ");
  }

  /** Draws everyone with their signs; `more` is passed to drawSigns. */
  draw(context, camera, selected, more = {}) {
    const visible = this.#visible();
    const scale = Math.max(1, SMALLEST / camera.zoom);
    camera.apply(context);
    context.imageSmoothingEnabled = camera.zoom < 1;
    for (const person of visible) drawBody(context, person, person.name === selected, scale);
    drawSigns(context, camera, visible, scale, selected, more);
  }

  /** The direction from a standing person to the one they talk to; null for others. */
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

/** Draws the face of a person on a small canvas, for lists. */
export function drawPortrait(canvas, person) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  if (person.sheet) context.drawImage(person.sheet, 0, 0, TILE, TILE, 0, 0, canvas.width, canvas.height);
  else drawFigure(context, person, TILE / 2, TILE);
}

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

/** People without a picture are pawns, each with its own color. */
function drawFigure(context, person, x, y) {
  const hue = [...person.name].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 7) % 360;
  fillRound(context, `hsl(${hue} 45% 45%)`, x - 7, y - 18, 14, 16, 6);
  context.fillStyle = "#f3d7b6";
  context.beginPath();
  context.arc(x, y - 21, 6, 0, 2 * Math.PI);
  context.fill();
}
