// The agenda: what a visit needs to be known beforehand. Encrypted, and deleted when it expires.
import { done } from "./schema.js";
import { ROOT } from "./transport.js";
import { seal, unseal } from "./vault.js";

const LONGEST = 2 ** 31 - 1; // ms, the most that a timer takes
const FRESH = 60 * 60000; // ms

export class Agenda {
  #desk;
  #timer;

  constructor(desk) {
    this.#desk = desk;
  }

  // The person's agenda, or null: none yet, or expired.
  async read() {
    if (!this.#desk.person) return null;
    const { id, key } = this.#desk.whose();
    await this.expire();
    const row = await this.#desk.read(["agenda"], (store) => done(store("agenda").get(id)));
    return row ? unseal(key, row.box, `agenda/${id}`).catch(() => null) : null;
  }

  // Ask the server for a newer one (``only`` if it is an hour old); whether something changed.
  async fetch({ only = false } = {}) {
    const { id, key } = this.#desk.whose();
    const row = await this.#desk.read(["agenda"], (store) => done(store("agenda").get(id)));
    if (only && row && row.fetched_at > Date.now() - FRESH) return false;
    const headers = row?.etag ? { "If-None-Match": row.etag } : {};
    const { status, data, etag } = await this.#desk.ask("GET", `${ROOT}agenda/`, { headers });
    const expires_at = Date.parse(data?.expires_at);
    if (status !== 200 || data?.by !== id || Number.isNaN(expires_at)) return false;
    const box = await seal(key, data, `agenda/${id}`);
    await this.#desk.write(["agenda"], (store) => done(store("agenda").put({ person: id, expires_at, etag, box, fetched_at: Date.now() })));
    this.#desk.changed();
    return true;
  }

  // Remove every agenda whose time is over, whoever's it is, and come back for the next.
  async expire() {
    const next = await this.#desk.write(["agenda"], async (store) => {
      const rows = await done(store("agenda").getAll());
      for (const row of rows) if (row.expires_at <= Date.now()) store("agenda").delete(row.person);
      return Math.min(...rows.map((row) => row.expires_at).filter((time) => time > Date.now()));
    });
    clearTimeout(this.#timer);
    if (!Number.isFinite(next)) return;
    this.#timer = setTimeout(async () => {
      await this.expire();
      this.#desk.changed();
    }, Math.min(next - Date.now() + 1, LONGEST));
  }
}
