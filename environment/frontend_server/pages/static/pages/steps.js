// The steps of a simulation in the browser: fetched in chunks of changes, looked up by step. Format: pages/chunks.py.

import { atStep, getJson } from "./dom.js";

const FARTHEST_STRIDE = 3; // tiles; a longer move in one step is not walking

export class Steps {
  constructor(town) {
    this.url = town.steps;
    this.size = town.chunk;
    this.first = town.first;
    this.last = town.last;
    this.goal = -1; // the last step of the current run
    this.start = new Map(town.people.map((person) => [person.name, person.start]));
    this.names = town.people.map((person) => person.name);
    this.chunks = new Map(); // number of the chunk -> {last, people}
    this.underWay = new Map();
    this.version = 0; // changes whenever more is loaded
  }

  has(step) {
    return this.last < this.first || (this.chunks.get(this.#number(step))?.last ?? -1) >= step;
  }

  /** Fetches the existing part of a step's chunk, unless the step is loaded; concurrent calls send one request. */
  load(step) {
    const number = this.#number(step);
    if (this.chunks.get(number)?.last >= step) return Promise.resolve();
    if (!this.underWay.has(number)) {
      const done = () => this.underWay.delete(number);
      this.underWay.set(number, this.#fetch(number).finally(done));
    }
    return this.underWay.get(number);
  }

  /** There may be steps up to `last` now: fetches the newest. Those before them are fetched when needed. */
  async extend(last) {
    await this.load(last);
    this.last = Math.max(this.last, this.chunks.get(this.#number(last))?.last ?? -1);
  }

  /** Loads all steps from one to another, chunk after chunk. */
  async loadAll(first, last) {
    for (let step = first; step <= last; step += this.size) {
      const end = Math.min(this.last, (this.#number(step) + 1) * this.size - 1);
      if (!this.has(end)) await this.load(end);
    }
  }

  /** The action of a person at a step: {x, y, emoji, description, lines}; null if it is not loaded (yet). */
  at(name, step) {
    const rows = this.chunks.get(this.#number(step))?.people[name];
    if (!rows) {
      const start = this.last < this.first && this.start.get(name);
      return start ? { x: start[0], y: start[1], emoji: "", description: "", lines: [] } : null;
    }
    const [, x, y] = upTo(rows.at, step);
    const [, emoji, description] = upTo(rows.does, step);
    return { x, y, emoji, description, lines: upTo(rows.says, step)[1] };
  }

  /** The conversation of a person at a step: {first, last, lines}, as far as it is loaded; null without one. */
  talk(name, step) {
    const number = this.#number(step);
    const [before, chunk, after] = [-1, 0, 1].map((aside) => this.chunks.get(number + aside));
    const rows = chunk?.people[name]?.says ?? [];
    const place = rows.findLastIndex(([since]) => since <= step);
    if (!rows[place]?.[1].length) return null;
    const [since, lines] = rows[place];
    const isSame = (row) => row && JSON.stringify(row[1]) === JSON.stringify(lines);
    const talk = { first: since, last: (rows[place + 1]?.[0] ?? chunk.last + 1) - 1, lines };
    const [earlier, [later, end] = []] = [before?.people[name]?.says.at(-1), after?.people[name]?.says];
    if (place === 0 && isSame(earlier)) [talk.first] = earlier;
    if (place === rows.length - 1 && isSame(later)) talk.last = (end?.[0] ?? after.last + 1) - 1;
    if (place === 0 && !before && since > this.first) this.load(since - 1); // it may have begun there
    return talk;
  }

  /** The position of a person between two steps: {x, y} in tiles, and the direction of walking or null. */
  place(name, position) {
    const step = Math.floor(position);
    const here = this.at(name, step);
    const next = step < this.last ? this.at(name, step + 1) : null;
    if (!here || !next || (here.x === next.x && here.y === next.y)) return here && { x: here.x, y: here.y, walking: null };
    const [dx, dy] = [next.x - here.x, next.y - here.y];
    if (Math.abs(dx) + Math.abs(dy) > FARTHEST_STRIDE) return { x: here.x, y: here.y, walking: null };
    const part = position - step;
    return { x: here.x + dx * part, y: here.y + dy * part, walking: direction(dx, dy) };
  }

  /** The actions of a person from one step to another, as far as they are loaded: {step, emoji, description}. */
  doings(name, from, to) {
    const found = [];
    for (let number = this.#number(from); number <= this.#number(to); number += 1) {
      for (const [step, emoji, description] of this.chunks.get(number)?.people[name]?.does ?? []) {
        const isNew = found.at(-1)?.description !== description;
        if (step >= from && step <= to && isNew) found.push({ step, emoji, description });
      }
    }
    return found;
  }

  #number(step) {
    return Math.floor(step / this.size);
  }

  async #fetch(number) {
    const known = this.chunks.get(number);
    const piece = await getJson(atStep(this.url, known ? known.last + 1 : number * this.size));
    if (known) append(known, piece);
    else if (piece.last >= piece.first) this.chunks.set(number, piece);
    const isNewest = number === this.#number(this.last);
    if (isNewest && this.chunks.has(number)) this.last = this.chunks.get(number).last; // a half-written step does not count yet
    this.version += 1;
  }
}

/** The last entry of rows [step, ...] that is not after a step. */
function upTo(rows, step) {
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rows[middle][0] <= step) low = middle;
    else high = middle - 1;
  }
  return rows[low];
}

/** Appends newer steps to a chunk; they begin with the whole state, so the unchanged part is left out. */
function append(chunk, piece) {
  chunk.last = Math.max(chunk.last, piece.last);
  for (const [name, rows] of Object.entries(piece.people)) {
    chunk.people[name] ??= { at: [], does: [], says: [] };
    for (const [kind, entries] of Object.entries(rows)) {
      const known = chunk.people[name][kind];
      const same = known.length && JSON.stringify(known.at(-1).slice(1)) === JSON.stringify(entries[0].slice(1));
      known.push(...(same ? entries.slice(1) : entries));
    }
  }
}

/** The direction closest to a movement. */
export function direction(dx, dy) {
  if (Math.abs(dx) > Math.abs(dy)) return dx > 0 ? "right" : "left";
  return dy > 0 ? "down" : "up";
}
