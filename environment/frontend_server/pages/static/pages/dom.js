// Helpers for the document: creating elements, requests to the server. Knows nothing about the town.

/** An element with properties and children; `data` becomes data-attributes, text is never parsed as markup. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const { data = {}, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, data);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The nodes of a text in which these words are marked, in any case of letters. */
export function marked(text, words) {
  if (!words.length) return [text];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`, "giu");
  return text.split(pattern).map((part, place) => (place % 2 ? element("mark", { textContent: part }) : part));
}

export const byId = (id) => document.getElementById(id);

/** The data that the server put into the page for the scripts. */
export const pageData = () => JSON.parse(byId("town").textContent);

/** The JSON at an address, from this page itself (pages/single_file.py) or from the server. Throws if there is none. */
export async function getJson(url) {
  const brought = byId(url);
  if (brought) return unpacked(brought.textContent);
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

async function unpacked(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** Sends JSON; returns the answer with its `ok`. Throws if the server cannot be reached or does not answer with JSON. */
export async function postJson(url, body) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { ok: response.ok, ...(await response.json()) };
}

/** The same address with another step, which is always the third part, as in /steps/<sim>/<step>/. */
export function atStep(url, step) {
  const parts = url.split("/");
  parts[3] = String(step);
  return parts.join("/");
}
