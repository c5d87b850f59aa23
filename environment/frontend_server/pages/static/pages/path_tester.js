// The path tester: walks the map by arrow keys and sends the visited tiles, from which the server makes a spatial memory.

import { Camera } from "./camera.js";
import { byId, getJson, pageData, postJson } from "./dom.js";
import { TownMap } from "./map.js";
import { People } from "./people.js";

const TILE = 32;
const EVERY = 150; // milliseconds; a tile each, while a button is held
const MOVES = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0], w: [0, -1], a: [-1, 0], s: [0, 1], d: [1, 0] };
const FACING = { "0,-1": "up", "-1,0": "left", "0,1": "down", "1,0": "right" };

const town = pageData();
const tiles = await getJson(town.tiles);
const context = byId("map").getContext("2d");
const map = new TownMap(tiles, town.map, draw);
const walker = new People([{ name: "Walker", picture: town.picture }], draw);
const camera = new Camera(byId("map"), map.width, map.height);
const walked = [town.start];
let facing = null;

/** For People, the walker stands still: one tile, no action. */
const standing = {
  place: () => ({ x: walked.at(-1)[0], y: walked.at(-1)[1], walking: facing }),
  at: () => null,
};

function draw() {
  walker.place(standing, 0);
  map.draw(context, camera);
  walker.draw(context, camera, "Walker");
  byId("tile").textContent = `tile (${walked.at(-1).join(", ")})`;
  byId("walked").textContent = String(new Set(walked.map(String)).size);
}

function walk([dx, dy]) {
  const [x, y] = walked.at(-1);
  const goal = [x + dx, y + dy];
  facing = FACING[`${dx},${dy}`];
  if (tiles.blocked[goal[1]]?.[goal[0]] === "0") walked.push(goal);
  camera.goTo((walked.at(-1)[0] + 0.5) * TILE, (walked.at(-1)[1] + 0.5) * TILE);
}

window.addEventListener("keydown", (event) => {
  if (!MOVES[event.key] || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  walk(MOVES[event.key]);
});

for (const button of document.querySelectorAll("[data-move]")) {
  const go = () => walk(MOVES[button.dataset.move]);
  let held = 0;
  button.addEventListener("click", go);
  button.addEventListener("pointerdown", () => (held = setInterval(go, EVERY)));
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, () => clearInterval(held));
}

byId("save").addEventListener("click", async () => {
  const once = [...new Map(walked.map((tile) => [String(tile), tile])).values()];
  const reply = await postJson(town.save, { maze: tiles.maze, tiles: once }).catch(() => ({ error: "The web server did not answer." }));
  byId("message").textContent = reply.error ?? `${reply.places} places are in ${reply.saved}.`;
});

function frame() {
  camera.glide();
  draw();
  requestAnimationFrame(frame);
}

camera.goTo((town.start[0] + 0.5) * TILE, (town.start[1] + 0.5) * TILE, 1);
frame();
