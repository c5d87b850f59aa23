// The map on the canvas: its picture, or plain rectangles until it is loaded, and the names of its places.

import { overlap } from "./boxes.js";
import { centered, fillRound } from "./canvas.js";

const FAR = 0.9; // zoom below which the names of places are shown
const DARKEST = 0.55;
const NOON = 12 * 60;
const SOON = 500; // milliseconds; a longer wait for the picture is shown
const NEAR = 1.0; // from here on pixels are drawn as squares

export class TownMap {
  /**
   * `tiles` as pages/pictures.py gives them; `url` of the picture. `onLoad` is called when there is more to draw, and
   * `onWait` with whether the page waits for the picture, which the server may have to draw first.
   */
  constructor(tiles, url, onLoad, onWait = () => {}) {
    this.tiles = tiles;
    this.width = tiles.width * tiles.tile;
    this.height = tiles.height * tiles.tile;
    this.picture = null;
    if (!url) return;
    const image = new Image();
    const patience = setTimeout(() => onWait(true), SOON);
    image.addEventListener("load", () => {
      this.picture = image;
      onLoad();
    });
    for (const end of ["load", "error"])
      image.addEventListener(end, () => {
        clearTimeout(patience);
        onWait(false);
      });
    image.src = url;
  }

  /** `minute` of the day: at night the map is dark. */
  draw(context, camera, minute = NOON) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, camera.canvas.width, camera.canvas.height);
    camera.apply(context);
    context.imageSmoothingEnabled = camera.zoom < NEAR;
    context.imageSmoothingQuality = "high";
    if (this.picture) context.drawImage(this.picture, 0, 0, this.width, this.height);
    else this.#drawRectangles(context);
    darken(context, camera, darkness(minute));
    if (camera.zoom < FAR) this.#drawNames(context, camera);
  }

  #drawRectangles(context) {
    const { blocked, rooms, things, tile } = this.tiles;
    context.fillStyle = "#cfdcb6";
    context.fillRect(0, 0, this.width, this.height);
    blocked.forEach((row, y) => {
      for (let x = 0; x < row.length; x += 1) {
        const color = tileColor(row[x] === "1", rooms[y][x] === "1", things[y][x] === "1");
        if (!color) continue;
        context.fillStyle = color;
        context.fillRect(x * tile, y * tile, tile, tile);
      }
    });
  }

  #drawNames(context, camera) {
    context.setTransform(camera.density, 0, 0, camera.density, 0, 0);
    centered(context, "600 11px system-ui, sans-serif");
    const taken = [];
    for (const [name, left, top, right] of this.tiles.places) {
      const at = camera.toScreen(((left + right + 1) / 2) * this.tiles.tile, (top + 0.2) * this.tiles.tile);
      const half = context.measureText(name).width / 2 + 6;
      const box = { left: at.x - half, right: at.x + half, top: at.y - 9, bottom: at.y + 9 };
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      fillRound(context, "rgba(58, 46, 37, 0.72)", box.left, box.top, half * 2, 18, 9);
      context.fillStyle = "#fffdf6";
      context.fillText(name, at.x, at.y + 0.5);
    }
  }
}

/** How dark it is at a minute of the day, from 0 to 1. */
function darkness(minute) {
  const [dawn, day, dusk, night] = [5 * 60, 7 * 60, 18.5 * 60, 21 * 60];
  return Math.min(1, Math.max(0, (day - minute) / (day - dawn), (minute - dusk) / (night - dusk)));
}

/** Darkens the map for the night; signs drawn afterwards stay bright. */
function darken(context, { canvas }, part) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = `rgba(18, 24, 72, ${DARKEST * part})`;
  context.fillRect(0, 0, canvas.width, canvas.height);
}

function tileColor(isBlocked, isRoom, isThing) {
  if (isBlocked) return "#8d7b68";
  if (isThing) return "#c99f6b";
  return isRoom ? "#f0e4cb" : null;
}
