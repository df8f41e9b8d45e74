// Sending: tried whenever there is a chance, believed only when the server echoes what it has.
import { alone } from "./lock.js";
import { THERE } from "./outbox.js";
import { ROOT } from "./transport.js";

const FIRST = 5000; // ms until the second try; doubled with each further one
const LONGEST = 15 * 60000;
const HELD = 60 * 60000; // how often it is asked what became of a held record
const STATES = { accepted: "sent", held: "held", conflict: "conflict", refused: "refused" };

// Doubling, with chance in it: phones that lost the same network must not all come back at once.
export function pause(tries, random = Math.random()) {
  return Math.min(FIRST * 2 ** Math.min(tries, 20), LONGEST) * (0.5 + random);
}

// What the server does not keep, however often it comes: by its status and its word for programs.
const NEVER = { 400: "malformed", 404: "unknown_kind", 413: "too_large" };

// What the server's answer means for ``row``; null where it says nothing about this record.
export function verdict(row, { status, data }) {
  if (data?.code && data.code === NEVER[status]) return { state: "refused", reason: data.reason };
  // It came to be unknown there, such as after a disaster: it waits again.
  if (row.state !== "waiting" && status === 404 && data?.code === "unknown") return { state: "waiting" };
  const ours = data?.id === row.id && data.sha256 === row.sha256;
  if (!ours || !STATES[data.state]) return null;
  return { state: STATES[data.state], reason: data.reason ?? "", receipt: data.receipt ?? "" };
}

export class Sender {
  #desk;
  #outbox;
  #also;
  #timer;
  #failures = 0;
  #running = null;
  #again = null; // whether all are to be tried, once this round is over

  // ``also(all)``: what else is sent while a connection is there, such as attachments.
  constructor(desk, outbox, also) {
    this.#desk = desk;
    this.#outbox = outbox;
    this.#also = also;
    addEventListener("online", () => this.send());
    addEventListener("pageshow", (event) => { if (event.persisted) this.send(); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.send();
    });
  }

  // Try now, each record that waits, also one whose time has not come.
  send() {
    return this.#start(true);
  }

  #start(all) {
    if (this.#running) {
      this.#again = all || this.#again === true;
      return this.#running;
    }
    this.#again = null;
    this.#running = alone(this.#desk, () => this.#round(all))
      .catch(() => {})
      .finally(async () => {
        this.#running = null;
        if (this.#again !== null) await this.#start(this.#again);
        else await this.#schedule();
      });
    return this.#running;
  }

  async #round(all) {
    this.#sending(true);
    try {
      const { signedIn } = await this.#meet();
      if (!signedIn) return;
      await this.#outbox.tidy();
      for (const row of this.#due(await this.#outbox.rows(), all)) {
        if (!(await this.#deliver(row))) return;
      }
      await this.#also(all);
    } finally {
      this.#sending(false);
    }
  }

  async #meet() {
    const met = await this.#desk.meet();
    this.#failures = met.reachable ? 0 : this.#failures + 1;
    return met;
  }

  // Those never tried first: one that is stuck sinks to the end and holds up nobody.
  #due(rows, all) {
    const now = Date.now();
    const due = rows.filter((row) =>
      row.state === "waiting"
        ? all || row.next_at <= now
        : ["held", "conflict"].includes(row.state) && (row.asked_at ?? 0) + HELD <= now);
    return due.sort((a, b) => a.next_at - b.next_at || a.closed_at.localeCompare(b.closed_at));
  }

  // Whether to go on with the next one.
  async #deliver(row) {
    const person = this.#desk.whose().id;
    if (row.person !== person) return false; // somebody else has signed in meanwhile
    const path = `${ROOT}records/${row.kind}/${row.id}/`;
    const waiting = row.state === "waiting";
    const ask = () => (waiting ? this.#put(path, row) : this.#desk.ask("GET", `${path}?sha256=${row.sha256}`));
    let answer = await ask();
    if (answer.status === 403 && answer.data?.code === "csrf" && (await this.#meet()).signedIn) answer = await ask();
    if (this.#desk.person?.id !== person) return false;
    const found = verdict(row, answer);
    if (found) {
      await this.#outbox.settle(row, found);
      return true;
    }
    if (answer.status === 401 && answer.data) return (await this.#meet()).signedIn;
    if (waiting) {
      const wait = Math.max(pause(row.tries), answer.retryAfter * 1000);
      await this.#outbox.postpone(row, Date.now() + wait, answer.data?.reason ?? "");
    }
    if (answer.status === 429) return false;
    // Is it this record, or the network? The second holds up all of them.
    return (await this.#meet()).signedIn;
  }

  async #put(path, row) {
    let body;
    try {
      body = await this.#outbox.body(row.id);
    } catch {
      return { status: 0, data: { reason: "" }, retryAfter: 0 }; // unreadable: it must not stop the rest
    }
    const headers = { "Content-Type": "application/json", "X-Content-SHA256": row.sha256 };
    return this.#desk.ask("PUT", path, { body, headers });
  }

  #sending(now) {
    this.#desk.sending = now;
    this.#desk.changed({ here: true });
  }

  async #schedule() {
    clearTimeout(this.#timer);
    const rows = await Promise.resolve(this.#outbox.rows()).catch(() => []);
    const times = rows
      .filter((row) => row.state !== "sent" && row.state !== "refused")
      .map((row) => (row.state === "waiting" ? row.next_at : (row.asked_at ?? 0) + HELD));
    const pictured = (row) => this.#desk.features.attachments && THERE.has(row.state) && row.blobs?.length;
    times.push(...rows.filter(pictured).map((row) => row.blobs_at));
    if (!times.length) return;
    const least = this.#desk.reachable && this.#desk.signedIn ? 1000 : pause(this.#failures);
    const wait = Math.max(Math.min(...times) - Date.now(), least);
    this.#timer = setTimeout(() => this.#start(false), Math.min(wait, LONGEST));
  }
}
