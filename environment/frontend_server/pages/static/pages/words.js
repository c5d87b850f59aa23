// How actions, places and numbers are written. Format: "<action> @ <world:sector:arena:object>".

/** "12,345" */
export const count = (number) => (number ?? 0).toLocaleString("en-US");

/** {action, place} of a description; the place in spoken order, smallest part first. */
export function described(description) {
  const cut = description.lastIndexOf(" @ ");
  if (cut < 0) return { action: description, place: "" };
  return { action: description.slice(0, cut), place: placeText(description.slice(cut + 3)) };
}

function placeText(address) {
  if (address.startsWith("<persona>")) return `with ${address.slice(9).trim()}`;
  if (address.startsWith("<waiting>")) return "waiting";
  const parts = address.split(":").slice(1).filter((part) => part && !part.startsWith("<"));
  return parts.reverse().join(", ");
}
