// The service worker: registered, and a new one used only when nobody has a form open.
export async function keepUpToDate({ formOpen, ready }) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const { page, worker } = document.body.dataset;
  workers.addEventListener("message", ({ data, ports }) => {
    if (data === "form open?") ports[0].postMessage(formOpen());
  });
  let had = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (had && !formOpen()) location.reload();
    had = true;
  });
  const registration = await workers.register(worker, { scope: page, updateViaCache: "none" });
  const look = () => {
    if (registration.waiting && workers.controller) ready(() => activate(registration.waiting));
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  look();
}

// Whether the waiting worker took over.
function activate(waiting) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    waiting.postMessage("activate", [port2]);
  });
}
