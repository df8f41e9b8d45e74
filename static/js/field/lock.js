// One sender at a time on this phone, whatever tabs are open. The server would not count a record
// twice; this spares the connection.
import { done } from "./schema.js";

const NAME = "field-send";
const LEASE = 60000; // ms
const tab = crypto.randomUUID();

// Do ``work`` unless another tab does it already.
export async function alone(desk, work) {
  if (navigator.locks) {
    return navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  }
  // Browsers without Web Locks: a lease in the database, which a dead tab loses after a minute.
  if (!(await lease(desk))) return undefined;
  const renewing = setInterval(() => lease(desk).catch(() => {}), LEASE / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await desk.keep(NAME, null);
  }
}

function lease(desk) {
  return desk.write(["settings"], async (store) => {
    const held = await done(store("settings").get(NAME));
    if (held && held.tab !== tab && held.until > Date.now()) return false;
    store("settings").put({ tab, until: Date.now() + LEASE }, NAME);
    return true;
  });
}
