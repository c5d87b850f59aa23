// Shapes and text on a canvas, for signs on the map.

/** Sets a context to write centered text in this font. */
export function centered(context, font) {
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle" });
}

/** Fills a rectangle with round corners. */
export function fillRound(context, fill, x, y, width, height, radius) {
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}
