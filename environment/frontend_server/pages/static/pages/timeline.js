// Playing: where in the steps one is, how fast it goes, and the controls for it. Positions lie between steps, too.

import { fillRound } from "./canvas.js";
import { byId, element } from "./dom.js";

const FALLING_BEHIND = 300; // steps; who is farther behind the live town jumps
const CATCH_UP = 1.2; // seconds in which the live town is caught up with
const A_MINUTE = 60;

export class Timeline {
  /** `steps`: a Steps; `town`: what the page was given. `onSeek` is told when somebody goes elsewhere or pauses. */
  constructor(steps, town, onSeek) {
    this.steps = steps;
    this.secondsPerStep = town.sec_per_step;
    this.onSeek = onSeek;
    this.isLive = town.mode === "live";
    this.isPlaying = town.mode !== "replay" && !town.isPaused;
    this.isOver = false; // whether the live town has been left: nothing more comes for now
    this.position = Math.max(steps.first, Math.min(town.step, Math.max(steps.last, steps.first)));
    this.slider = byId("slider");
    this.#speeds(town.speeds, town.speed);
    this.#listen();
    this.extend();
    this.#show();
  }

  get step() {
    return Math.floor(this.position + 1e-6);
  }

  /** Whether time passes here, or would if the live town made its next step. */
  get isMoving() {
    return this.isPlaying && !(this.isLive && this.isOver && this.position >= this.steps.last);
  }

  /** The end has moved: more steps are known. */
  extend() {
    this.slider.min = this.steps.first;
    this.slider.max = Math.max(this.steps.last, this.steps.first);
    this.slider.disabled = this.steps.last < this.steps.first;
    this.drawMarks();
  }

  /** Time goes on by some seconds; it stands still as long as the next steps are under way. */
  advance(seconds) {
    const end = Math.max(this.steps.last, this.steps.first);
    if (this.isLive) this.#followLive(seconds, end);
    else if (this.isPlaying) this.#moveTo(Math.min(end, this.position + seconds * this.speed));
    if (!this.isLive && this.isPlaying && this.position >= end) this.pause();
    this.#show();
  }

  seek(step) {
    this.isLive = false;
    this.position = Math.max(this.steps.first, Math.min(this.steps.last, step));
    this.steps.load(this.step).then(() => this.onSeek());
    this.#show();
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

  /** A mark over the slider for every conversation. */
  drawMarks() {
    const canvas = byId("marks");
    const density = window.devicePixelRatio || 1;
    const thumb = 8; // the slider's ends lie half a thumb inside
    [canvas.width, canvas.height] = [canvas.clientWidth * density, canvas.clientHeight * density];
    const context = canvas.getContext("2d");
    context.scale(density, density);
    const length = Math.max(1, this.steps.last - this.steps.first);
    for (const { step } of this.steps.talks()) {
      const x = thumb + ((step - this.steps.first) / length) * (canvas.clientWidth - 2 * thumb);
      fillRound(context, "#4f7350", x - 1.5, 1, 3, 10, 1.5);
    }
  }

  #followLive(seconds, end) {
    const behind = end - this.position;
    if (behind > FALLING_BEHIND) this.position = end - FALLING_BEHIND;
    this.#moveTo(Math.min(end, this.position + seconds * Math.max(2, behind / CATCH_UP)));
  }

  #moveTo(position) {
    const next = Math.min(Math.ceil(position), Math.max(this.steps.last, this.steps.first));
    if (this.steps.has(next)) this.position = position;
    else this.steps.load(next);
  }

  #speeds(speeds, chosen) {
    const select = byId("speed");
    speeds.forEach((perSecond, index) => {
      const text = `× ${perSecond * this.secondsPerStep}`;
      select.append(element("option", { value: perSecond, textContent: text, selected: index + 1 === chosen }));
    });
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
    window.addEventListener("resize", () => this.drawMarks());
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
    this.isPlaying = false;
    this.seek(this.step + count);
  }

  #show() {
    if (document.activeElement !== this.slider || this.isPlaying) this.slider.value = this.step;
    byId("play").textContent = this.isMoving ? "❚❚" : "▶";
    byId("play").setAttribute("aria-label", this.isMoving ? "Pause" : "Play");
    byId("follow-live").setAttribute("aria-pressed", String(this.isLive));
  }
}
