// The camera over the map: which part of it is visible, moved by dragging, pinching, wheel and buttons. Knows pixels only.

const NEAREST = 4;
const GLIDE = 0.18; // of the remaining distance, in each frame

export class Camera {
  /** `width`, `height` of the world in pixels. `onPick(x, y)` is called with the clicked point, in world pixels. */
  constructor(canvas, width, height, onPick = () => {}) {
    Object.assign(this, { canvas, width, height, onPick, x: width / 2, y: height / 2, zoom: 1, goal: null });
    this.onDrag = () => {};
    this.fitted = true;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
    this.#listen();
  }

  /** Shows the whole map. */
  fit() {
    this.zoom = this.#farthest();
    [this.x, this.y, this.goal, this.fitted] = [this.width / 2, this.height / 2, null, true];
  }

  /** Zooms in (factor > 1) or out, keeping the world point under a point of the canvas in place. */
  zoomBy(factor, at = { x: this.viewWidth / 2, y: this.viewHeight / 2 }) {
    const before = this.toWorld(at.x, at.y);
    this.zoom = Math.min(NEAREST, Math.max(this.#farthest(), this.zoom * factor));
    const after = this.toWorld(at.x, at.y);
    this.#moveTo(this.x + before.x - after.x, this.y + before.y - after.y);
    this.fitted = false;
  }

  /** Glides to a world point, and zooms in enough to see it. */
  goTo(x, y, zoom = Math.max(this.zoom, 1)) {
    this.goal = { x, y, zoom };
    this.fitted = false;
  }

  /** Moves one frame closer to the goal. */
  glide() {
    if (!this.goal) return;
    const { x, y, zoom } = this.goal;
    this.zoom += (Math.max(zoom, this.#farthest()) - this.zoom) * GLIDE;
    this.#moveTo(this.x + (x - this.x) * GLIDE, this.y + (y - this.y) * GLIDE);
    const isThere = this.#isAsNearAsItGets(x, y) && Math.abs(Math.max(zoom, this.#farthest()) - this.zoom) < 0.005;
    if (isThere) this.goal = null;
  }

  /** Makes the context draw in world pixels. */
  apply(context) {
    const scale = this.zoom * this.density;
    const left = Math.round((this.viewWidth / 2 - this.x * this.zoom) * this.density);
    const top = Math.round((this.viewHeight / 2 - this.y * this.zoom) * this.density);
    context.setTransform(scale, 0, 0, scale, left, top);
  }

  toScreen(x, y) {
    return { x: (x - this.x) * this.zoom + this.viewWidth / 2, y: (y - this.y) * this.zoom + this.viewHeight / 2 };
  }

  toWorld(x, y) {
    return { x: (x - this.viewWidth / 2) / this.zoom + this.x, y: (y - this.viewHeight / 2) / this.zoom + this.y };
  }

  #farthest() {
    return Math.min(this.viewWidth / this.width, this.viewHeight / this.height);
  }

  /** Near the edge the camera stops before its goal is in the middle. */
  #isAsNearAsItGets(x, y) {
    const [nearestX, nearestY] = [within(x, this.viewWidth / this.zoom, this.width), within(y, this.viewHeight / this.zoom, this.height)];
    return Math.hypot(nearestX - this.x, nearestY - this.y) < 0.5;
  }

  #moveTo(x, y) {
    this.x = within(x, this.viewWidth / this.zoom, this.width);
    this.y = within(y, this.viewHeight / this.zoom, this.height);
  }

  #resize() {
    this.density = window.devicePixelRatio || 1;
    [this.viewWidth, this.viewHeight] = [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    this.canvas.width = Math.round(this.viewWidth * this.density);
    this.canvas.height = Math.round(this.viewHeight * this.density);
    if (this.fitted) this.fit();
  }

  #listen() {
    const { canvas } = this;
    const pointers = new Map(); // id -> {x, y}, of the fingers or the mouse on the map
    let moved = 0;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.goal = null;
      this.zoomBy(Math.exp(-event.deltaY / 400), { x: event.offsetX, y: event.offsetY });
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (pointers.size === 0) moved = 0;
      pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const before = grip(pointers);
      pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      const after = grip(pointers);
      moved += Math.abs(after.x - before.x) + Math.abs(after.y - before.y) + Math.abs(after.width - before.width);
      if (moved < 4) return;
      canvas.classList.add("dragged");
      [this.goal, this.fitted] = [null, false];
      this.#moveTo(this.x - (after.x - before.x) / this.zoom, this.y - (after.y - before.y) / this.zoom);
      if (before.width && after.width) this.zoomBy(after.width / before.width, after);
      this.onDrag();
    });
    const end = (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) canvas.classList.remove("dragged");
    };
    canvas.addEventListener("pointerup", (event) => {
      const at = this.toWorld(event.offsetX, event.offsetY);
      if (pointers.size === 1 && moved < 4) this.onPick(at.x, at.y);
      end(event);
    });
    canvas.addEventListener("pointercancel", end);
  }
}

/** The point where the map is held: the middle of the first two pointers, and the distance between them. */
function grip(pointers) {
  const [a, b = a] = pointers.values();
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: Math.hypot(a.x - b.x, a.y - b.y) };
}

/** The allowed middle of a view, so that as little as possible is visible outside of the map. */
function within(middle, view, whole) {
  if (view >= whole) return whole / 2;
  return Math.min(whole - view / 2, Math.max(view / 2, middle));
}
