// Share: while the server makes the file, the link says so. Without scripts it downloads the file as any link does.

import { element } from "./dom.js";

for (const link of document.querySelectorAll(".share")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (link.ariaBusy !== "true") share(link);
  });
}

async function share(link) {
  const text = link.textContent;
  [link.textContent, link.ariaBusy] = ["Making the file …", "true"];
  try {
    await download(link.href);
  } catch {
    window.location = link.href; // shows what is wrong
  }
  [link.textContent, link.ariaBusy] = [text, "false"];
}

async function download(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const href = URL.createObjectURL(await response.blob());
  element("a", { href, download: decodeURIComponent(address.split("/").at(-1)) }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser has begun to save it by then
}
