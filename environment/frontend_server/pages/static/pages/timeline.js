// Playback: the position in the steps, the speed, and their controls. Positions may be between steps.

import { drawAxis, onSlider } from "./axis.js";
import { fillRound } from "./canvas.js";
import { byId, element } from "./dom.js";

const FALLING_BEHIND = 300; // steps; if farther behind the live town, playback jumps
const CATCH_UP = 1.2; // seconds for catching up with the live town
const A_MINUTE = 60;
const AHEAD = 100; // steps fetched in advance
const READING = [0.5, 1]; // steps per second at which speech can be read

export class Timeline {
  /** `steps`: a Steps; `town`: the data of the page. `onSeek` is called when the user moves the position or pauses. */
  constructor(steps, clock, town, onSeek) {
    this.steps = steps;
    this.clock = clock;
    this.talks = []; // the marked ones
    this.onSeek = onSeek;
    this.isLive = town.mode === "live";
    this.isPlaying = town.mode !== "replay" && !town.isPaused;
    this.isOver = false; // whether the run has ended: no more steps for now
    this.position = Math.max(steps.first, Math.min(town.step, Math.max(steps.last, steps.first)));
    this.slider = byId("slider");
    this.#speeds(town.speeds, town.speed);
    if (!town.isFramed) this.#listen();
    this.extend();
    this.#show();
  }

  get step() {
    return Math.floor(this.position + 1e-6);
  }

  /** Whether time passes, or would if the live town had its next step. */
  get isMoving() {
    return this.isPlaying && !(this.isLive && this.isOver && this.position >= this.steps.last);
  }

  /** The end has moved: there are more steps. */
  extend() {
    this.slider.min = this.steps.first;
    this.slider.max = Math.max(this.steps.last, this.steps.first);
    this.slider.disabled = this.steps.last < this.steps.first;
    this.drawMarks();
    drawAxis(byId("axis"), this.clock, this.steps.first, this.steps.last);
  }

  /** Advances the time by some seconds; it waits while the next steps are loading. */
  advance(seconds) {
    const end = Math.max(this.steps.last, this.steps.first);
    if (this.isLive) this.#followLive(seconds, end);
    else if (this.isPlaying) this.#moveTo(Math.min(end, this.position + seconds * this.speed));
    if (!this.isLive && this.isPlaying && this.position >= end) this.pause();
    this.#show();
  }

  /** Shows the position of another page. */
  showAt(position) {
    this.#moveTo(Math.max(this.steps.first, Math.min(this.steps.last, position)));
    this.#show();
  }

  seek(step) {
    this.isLive = false;
    this.position = Math.max(this.steps.first, Math.min(this.steps.last, step));
    this.steps.load(this.step).then(() => this.onSeek());
    this.#show();
  }

  /** Shows a step, and stays there. */
  goTo(step) {
    this.isPlaying = false;
    this.seek(step);
  }

  pause() {
    [this.isPlaying, this.isLive] = [false, false];
    this.position = this.step;
    this.#show();
    this.onSeek();
  }

  play() {
    if (this.position >= this.steps.last) this.position = this.steps.first;
    [this.isPlaying, this.isLive] = [true, this.isLive && !this.isOver];
    this.#show();
  }

  follow() {
    [this.isLive, this.isPlaying] = [true, true];
    this.#show();
  }

  /** A mark above the slider for every conversation, and a line for every midnight. */
  drawMarks(talks = this.talks) {
    this.talks = talks;
    const canvas = byId("marks");
    const density = window.devicePixelRatio || 1;
    const thumb = 8; // the slider's ends are half a thumb inside
    [canvas.width, canvas.height] = [canvas.clientWidth * density, canvas.clientHeight * density];
    const context = canvas.getContext("2d");
    context.scale(density, density);
    const { first, last } = this.steps;
    const at = (step) => thumb + ((step - first) / Math.max(1, last - first)) * (canvas.clientWidth - 2 * thumb);
    for (const step of this.clock.multiples(24 * 60, first, last)) fillRound(context, "#9a8a78", at(step) - 0.5, 0, 1, 12, 0);
    for (const talk of talks) fillRound(context, "#4f7350", at(talk.first) - 1.5, 1, 3, 10, 1.5);
  }

  #followLive(seconds, end) {
    const behind = end - this.position;
    if (behind > FALLING_BEHIND) this.position = end - FALLING_BEHIND;
    this.#moveTo(Math.min(end, this.position + seconds * Math.max(2, behind / CATCH_UP)));
  }

  #moveTo(position) {
    const last = Math.max(this.steps.last, this.steps.first);
    const [next, later] = [0, AHEAD].map((ahead) => Math.min(Math.ceil(position) + ahead, last));
    if (!this.steps.has(later)) this.steps.load(later);
    if (this.steps.has(next)) this.position = position;
    else this.steps.load(next);
  }

  #speeds(speeds, chosen) {
    const select = byId("speed");
    for (const perSecond of [...READING, ...speeds]) {
      const text = `× ${perSecond * this.clock.secondsPerStep}`;
      select.append(element("option", { value: perSecond, textContent: text, selected: perSecond === speeds[chosen - 1] }));
    }
    this.speed = Number(select.value);
    select.addEventListener("change", () => {
      this.speed = Number(select.value);
    });
  }

  #listen() {
    byId("play").addEventListener("click", () => this.#toggle());
    byId("back").addEventListener("click", () => this.#stepBy(-1));
    byId("forward").addEventListener("click", () => this.#stepBy(1));
    byId("follow-live").addEventListener("click", () => this.follow());
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    window.addEventListener("resize", () => this.extend());
    window.addEventListener("keydown", (event) => {
      if (event.target.closest("input[type=search], textarea, select, button") || event.ctrlKey || event.metaKey) return;
      this.#key(event);
    });
  }

  #key(event) {
    const far = event.shiftKey ? A_MINUTE : 1;
    const moves = {
      ArrowLeft: () => this.#stepBy(-far),
      ArrowRight: () => this.#stepBy(far),
      Home: () => this.seek(this.steps.first),
      End: () => this.seek(this.steps.last),
      " ": () => this.#toggle(),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }

  #toggle() {
    if (this.isMoving) this.pause();
    else this.play();
  }

  #stepBy(count) {
    this.goTo(this.step + count);
  }

  #show() {
    if (document.activeElement !== this.slider || this.isPlaying) this.slider.value = this.step;
    byId("slider-time").textContent = this.clock.short(this.step);
    byId("slider-time").style.left = onSlider((this.step - this.steps.first) / Math.max(1, this.steps.last - this.steps.first));
    byId("play").textContent = this.isMoving ? "❚❚" : "▶";
    byId("play").setAttribute("aria-label", this.isMoving ? "Pause" : "Play");
    byId("follow-live").setAttribute("aria-pressed", String(this.isLive));
    byId("speed").disabled = this.isLive;
    byId("speed").title = this.isLive ? "Live, the page goes as fast as the run" : "";
  }
}
