// The page of the town: puts map, people, timeline and panel together. Live, replay and demo differ only in their data.

import { Camera } from "./camera.js";
import { Card } from "./card.js";
import { Clock } from "./clock.js";
import { showUsage, startCost } from "./cost.js";
import { atStep, byId, getJson, pageData } from "./dom.js";
import { Live } from "./live.js";
import { TownMap } from "./map.js";
import { Outside } from "./outside.js";
import { Roster } from "./panel.js";
import { People } from "./people.js";
import { Speech, saidAt } from "./speech.js";
import { Steps } from "./steps.js";
import { showTab, startTabs } from "./tabs.js";
import { TalkList } from "./talk_list.js";
import { Talks } from "./talks.js";
import { Timeline } from "./timeline.js";

const TILE = 32;
const AT_ONCE = 20_000; // steps; of longer runs only the viewed parts are fetched

class Player {
  constructor(town, tiles) {
    this.town = town;
    this.clock = new Clock(town.time, town.sec_per_step);
    this.steps = new Steps(town);
    this.people = new People(town.people, (person) => this.#portrayed(person));
    this.map = new TownMap(tiles, town.map, () => this.#redraw(), (isWaiting) => {
      byId("drawing").textContent = isWaiting ? "The map is being drawn. Until then, it is shown in plain colors." : "";
    });
    this.context = byId("map").getContext("2d");
    this.camera = new Camera(byId("map"), this.map.width, this.map.height, (x, y) => this.#pick(x, y));
    this.camera.onDrag = () => this.card.setFollowing(false);
    this.speech = new Speech(byId("said"), (talk) => this.#showTalk(talk));
    this.timeline = new Timeline(this.steps, this.clock, town, () => this.#keepAddress());
    this.roster = new Roster(this.people.people, (name) => this.select(name));
    this.card = new Card(this.steps, this.clock, town.mode === "live", () => this.#redraw(), (name) => this.#unselect(name));
    this.selected = null;
    this.run = {}; // its last status, if live
    this.shown = "";
    this.panelShown = "";
    this.talks = new Talks(town.talks, town.first, () => this.#showTalks());
    this.talkList = new TalkList(this.talks, this.clock, this.steps.names, town.mode === "live", (talk, step) => this.#goToTalk(talk, step));
    this.talkList.update();
    this.outside = new Outside(this.talks, this.clock, (step) => this.timeline.goTo(step));
    this.#buttons();
    if (town.mode !== "file") {
      startCost(town.cost);
      showUsage(town.usage);
    }
  }

  async start() {
    if (this.steps.last >= this.steps.first) await this.steps.load(this.timeline.step);
    this.#frames();
    if (this.town.mode === "live") new Live(this.town, this.steps, this.timeline, (run) => this.#hear(run)).follow();
    if (this.steps.last - this.steps.first < AT_ONCE) await this.steps.loadAll(this.steps.first, this.steps.last);
  }

  /** Selects a person: moves the camera there and opens the card. */
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
    this.map.draw(this.context, this.camera, this.clock.minuteOfDay(this.timeline.step));
    this.people.draw(this.context, this.camera, this.selected, { speech: this.speech, ...this.#heard() });
  }

  /** The current lines; at the newest live step also thinking people and unfinished conversations. */
  #heard() {
    const { position } = this.timeline;
    const said = saidAt(this.steps, this.steps.names, position, this.clock.secondsPerStep);
    if (position < this.steps.last) return { said, thinking: [] };
    const { people = [], lines = {} } = this.run;
    return { said: [...said, ...Object.entries(lines).map(([speaker, text]) => ({ key: speaker, speaker, text }))], thinking: people };
  }

  /** Opens a conversation in its tab. */
  #showTalk(talk) {
    showTab("talks");
    if (talk) this.talkList.open(talk);
  }

  /** Shows the status of the run. */
  #hear(run) {
    this.run = run;
    this.#redraw();
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
    this.talkList.show(step);
    this.#showOutside();
    this.talks.load(this.steps.last).catch(() => {}); // requested again as soon as there are more steps
  }

  #showTalks() {
    this.talkList.update();
    this.timeline.drawMarks(this.talks.all);
    this.#showOutside();
  }

  #showOutside() {
    this.outside.show(this.timeline.step, this.steps.first, this.steps.last);
  }

  /** Shows a conversation on the map, from one of its steps on. */
  async #goToTalk(talk, step) {
    this.card.setFollowing(false);
    this.timeline.goTo(step);
    await this.steps.load(step);
    this.people.place(this.steps, step);
    const there = talk.people.map((name) => this.people.named(name)).filter((person) => person?.tile);
    const middle = (way) => there.reduce((sum, person) => sum + person[way], 0) / there.length;
    if (there.length) this.camera.goTo(middle("x"), middle("y") - TILE / 2);
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
    byId("said").addEventListener("wheel", (event) => byId("map").dispatchEvent(new WheelEvent("wheel", event)));
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
if (town.isFramed) obey(player.timeline);
await player.start();

/** In a frame: shows the position sent by the surrounding page, and passes keys on to it. */
function obey(timeline) {
  window.addEventListener("message", ({ data, origin, source }) => {
    const isMeant = origin === window.location.origin && source === window.parent && Number.isFinite(data?.position);
    if (isMeant) timeline.showAt(data.position);
  });
  window.addEventListener("keydown", ({ key, shiftKey }) => {
    window.parent.document.body.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  });
}
