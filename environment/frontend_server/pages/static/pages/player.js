// The page of the town: puts map, people, timeline and panel together. Live, replay and demo differ in their data only.

import { Camera } from "./camera.js";
import { Card } from "./card.js";
import { Clock } from "./clock.js";
import { showUsage, startCost } from "./cost.js";
import { atStep, byId, getJson, pageData } from "./dom.js";
import { Live } from "./live.js";
import { TownMap } from "./map.js";
import { Roster, showTalks } from "./panel.js";
import { People } from "./people.js";
import { Steps } from "./steps.js";
import { startTabs } from "./tabs.js";
import { Timeline } from "./timeline.js";

const TILE = 32;

class Player {
  constructor(town, tiles) {
    this.town = town;
    this.clock = new Clock(town.time, town.sec_per_step);
    this.steps = new Steps(town);
    this.people = new People(town.people, (person) => this.#portrayed(person));
    this.map = new TownMap(tiles, town.map, () => this.#redraw(), (isWaiting) => {
      byId("drawing").textContent = isWaiting ? "The map is being drawn. Meanwhile it is shown in plain colors." : "";
    });
    this.context = byId("map").getContext("2d");
    this.camera = new Camera(byId("map"), this.map.width, this.map.height, (x, y) => this.#pick(x, y));
    this.camera.onDrag = () => this.card.setFollowing(false);
    this.timeline = new Timeline(this.steps, town, () => this.#keepAddress());
    this.roster = new Roster(this.people.people, (name) => this.select(name));
    this.card = new Card(this.steps, this.clock, town.mode === "live", () => this.#redraw(), (name) => this.#unselect(name));
    this.selected = null;
    this.shown = "";
    this.panelShown = "";
    this.talksShown = -1;
    this.#buttons();
    if (town.mode !== "file") {
      startCost(town.cost);
      showUsage(town.usage);
    }
  }

  async start() {
    if (this.steps.last >= this.steps.first) await this.steps.load(this.timeline.step);
    this.#frames();
    if (this.town.mode === "live") new Live(this.town, this.steps, this.timeline).follow();
    await this.steps.loadAll();
  }

  /** Chooses somebody: the camera goes there and the card opens. */
  select(name) {
    this.selected = name;
    const person = this.people.named(name);
    if (person.tile) this.camera.goTo(person.x, person.y - TILE / 2);
    this.card.open(person, this.timeline.step);
    this.#redraw();
  }

  #unselect(name) {
    this.selected = null;
    this.roster.focus(name);
    this.#redraw();
  }

  #frames() {
    let before = performance.now();
    const frame = (now) => {
      this.timeline.advance(Math.min(0.25, (now - before) / 1000));
      before = now;
      this.people.place(this.steps, this.timeline.position);
      this.#follow();
      this.camera.glide();
      this.#draw();
      this.#showPanel();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  #follow() {
    const person = this.selected && this.card.isFollowing ? this.people.named(this.selected) : null;
    if (person?.tile) this.camera.goTo(person.x, person.y - TILE / 2, this.camera.goal?.zoom ?? this.camera.zoom);
  }

  /** Draws when something has changed since the last frame. */
  #draw() {
    const { x, y, zoom, viewWidth, viewHeight } = this.camera;
    const state = [x, y, zoom, viewWidth, viewHeight, this.timeline.position, this.steps.version, this.selected].join();
    if (state === this.shown) return;
    this.shown = state;
    this.map.draw(this.context, this.camera);
    this.people.draw(this.context, this.camera, this.selected);
  }

  #showPanel() {
    const { step } = this.timeline;
    const last = Math.max(this.steps.last, this.steps.goal);
    const state = [step, last, this.steps.version, this.selected].join();
    if (state === this.panelShown) return;
    this.panelShown = state;
    byId("time").textContent = this.clock.text(step);
    byId("step").textContent = this.steps.last < this.steps.first ? "not run yet" : `step ${step} of ${last}`;
    byId("slider").setAttribute("aria-valuetext", `${this.clock.text(step)}, step ${step}`);
    byId("map").setAttribute("aria-label", `Map of the town. ${this.people.whereabouts()}`);
    this.roster.show(this.people.people, this.selected);
    this.card.show(step);
    if (this.steps.version !== this.talksShown) {
      this.talksShown = this.steps.version;
      showTalks(this.steps.talks(), this.clock, (talk) => this.#goToTalk(talk));
      this.timeline.extend();
    }
  }

  async #goToTalk(talk) {
    this.timeline.isPlaying = false;
    this.timeline.seek(talk.step);
    await this.steps.load(talk.step);
    this.people.place(this.steps, talk.step);
    this.select(talk.names[0]);
  }

  #pick(x, y) {
    const person = this.people.pick(x, y);
    if (person) this.select(person.name);
  }

  #portrayed(person) {
    this.roster.portray(person);
    this.#redraw();
  }

  #redraw() {
    this.shown = "";
  }

  /** The address names the step, so that a refresh or a bookmark comes back to it. */
  #keepAddress() {
    const { step } = this.timeline;
    const address = { live: "", file: `#${step}` }[this.town.mode] ?? atStep(window.location.pathname, step);
    if (address) window.history.replaceState(null, "", address);
  }

  #buttons() {
    startTabs();
    const zooms = { "zoom-in": () => this.camera.zoomBy(1.4), "zoom-out": () => this.camera.zoomBy(1 / 1.4), "zoom-fit": () => this.camera.fit() };
    for (const [id, zoom] of Object.entries(zooms)) byId(id).addEventListener("click", zoom);
    const keys = { "+": zooms["zoom-in"], "-": zooms["zoom-out"], 0: zooms["zoom-fit"] };
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.card.close();
      if (!event.target.closest("input, textarea, select")) keys[event.key]?.();
    });
  }
}

const town = pageData();
const moment = town.mode === "file" && window.location.hash.match(/^#(\d+)$/);
if (moment) Object.assign(town, { step: Number(moment[1]), isPaused: true });
const player = new Player(town, await getJson(town.tiles));
await player.start();
