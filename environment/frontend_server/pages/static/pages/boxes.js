// Rectangles on the screen, {left, top, right, bottom}: which of them overlap, and where there is room for another.

export const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** A box of this size, centered above a point. */
export const over = (x, bottom, width, height) => ({ left: x - width / 2, top: bottom - height, right: x + width / 2, bottom });

/** The first box that overlaps none of the others; undefined if there is none. */
export const firstFree = (boxes, taken) => boxes.find((box) => !taken.some((other) => overlap(box, other)));

/** Boxes of this size over a point, the lowest first: up to `rows` rows higher, and `asides` widths to the side. */
export function above(x, bottom, { width, height }, rows, asides = [0, -0.4, 0.4]) {
  const places = [];
  for (let row = 0; row < rows; row += 1)
    for (const aside of asides) places.push(over(x + aside * width, bottom - row * (height / 2 + 6), width, height));
  return places;
}

/** The same size, within a view as far as it fits. */
export function within({ left, top, right, bottom }, { width, height }, margin = 4) {
  const dx = Math.max(margin - left, Math.min(0, width - margin - right));
  const dy = Math.max(margin - top, Math.min(0, height - margin - bottom));
  return { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
}
