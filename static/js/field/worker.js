// The service worker of /campo/. KEPT (a name, and each address with the hash of its content) is written before
// this text by the server, so that other content is another worker. It answers for the page and its
// files alone: what is anybody's own, such as /api/, never passes through here.
const PREFIX = "field-";
const NAME = PREFIX + KEPT.name;
const SCOPE = new URL("./", self.location).pathname;
const PATIENCE = 2000; // ms that a page has to say whether a form is open

async function fetchAsKept(path, hash) {
  const response = await fetch(path, { cache: "no-cache", redirect: "error" });
  const content = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // A portal's own page, or a file of the next version: better no new worker than a mixed one.
  if (!response.ok || found !== hash) throw new Error(`${path} is not what this worker keeps`);
  return response;
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const entries = Object.entries(KEPT.files);
    const responses = await Promise.all(entries.map(([path, hash]) => fetchAsKept(path, hash)));
    const cache = await caches.open(NAME);
    await Promise.all(entries.map(([path], index) => cache.put(path, responses[index])));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // The one before stays: a page of it may still be open somewhere.
    const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

async function keptAt(path) {
  const own = await (await caches.open(NAME)).match(path);
  return own ?? (await caches.match(path)) ?? fetch(path);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEPT.files[url.pathname]) {
    event.respondWith(keptAt(url.pathname));
  } else if (request.mode === "navigate" && url.pathname.startsWith(SCOPE)) {
    event.respondWith(fetch(request).catch(() => keptAt(KEPT.page)));
  }
});

function formOpen(page) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // A page that does not answer may be asleep with a form: it counts as open.
    setTimeout(() => resolve(true), PATIENCE);
    port1.onmessage = ({ data }) => resolve(data !== false);
    page.postMessage("form open?", [port2]);
  });
}

self.addEventListener("message", (event) => {
  if (event.data !== "activate") return;
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const pages = windows.filter((page) => new URL(page.url).pathname.startsWith(SCOPE));
    const open = await Promise.all(pages.map(formOpen));
    if (!open.includes(true)) await self.skipWaiting();
    event.ports[0]?.postMessage(!open.includes(true));
  })());
});
