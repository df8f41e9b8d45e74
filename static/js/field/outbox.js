// The outbox: records as frozen bytes until the server has acknowledged them, then a short line.
// Rows are light; what was recorded lies in "bodies" and goes when the server has it.
import { canonical, sha256, wellFormed } from "./canonical.js";
import { FieldError } from "./errors.js";
import { done } from "./schema.js";
import { seal, unseal } from "./vault.js";

// Where a record is that the server has.
export const THERE = new Set(["sent", "held", "conflict"]);
const WAIT = 60000; // ms until a picture that was cut off goes on; doubled with each try
const HOUR = 60 * WAIT;
const KEPT = 30 * 24 * 3600 * 1000; // ms that the line of a sent record stays

export class Outbox {
  #desk;

  constructor(desk) {
    this.#desk = desk;
  }

  // Freeze a record: {row, body}, both encrypted and ready for one transaction.
  async freeze({ id, kind, title, content, made_at }) {
    const person = this.#desk.whose();
    const closed_at = new Date().toISOString();
    const record = { kind, id, by: person.id, device: this.#desk.device, made_at, closed_at, content };
    // Through JSON first, so that what a draft keeps and what is sent are the same.
    const body = canonical(JSON.parse(JSON.stringify(record)));
    const blobs = (await this.pictures(person.id)).filter((hash) => body.includes(hash));
    return this.sealed(person, { id, kind, title, closed_at, body, blobs });
  }

  // ``blobs``: hashes of the pictures that it refers to and that have not arrived.
  async sealed(person, { id, kind, title, closed_at, body, blobs }) {
    const row = {
      id, person: person.id, kind, closed_at, sha256: await sha256(body), blobs, blobs_at: 0, blobs_tries: 0,
      state: "waiting", tries: 0, next_at: 0,
      line: await seal(person.key, { title: wellFormed(String(title)), reason: "", receipt: "" }, `line/${person.id}/${id}`),
    };
    return { row, body: { id, person: person.id, box: await seal(person.key, body, `body/${person.id}/${id}`) } };
  }

  // Within a transaction over "outbox" and "bodies". ``add`` fails where the id is there already.
  static put(store, { row, body }) {
    store("outbox").add(row);
    store("bodies").add(body);
  }

  async post(frozen) {
    await this.#desk.write(["outbox", "bodies"], async (store) => Outbox.put(store, frozen));
    this.#desk.changed();
  }

  rows() {
    if (!this.#desk.person) return [];
    const { id } = this.#desk.whose();
    return this.#desk.read(["outbox"], (store) => done(store("outbox").index("person").getAll(id)));
  }

  async list() {
    const rows = await this.rows();
    rows.sort((a, b) => b.closed_at.localeCompare(a.closed_at));
    return Promise.all(rows.map(async (row) => ({
      id: row.id, kind: row.kind, state: row.state, closed_at: row.closed_at, tries: row.tries, pictures: row.blobs?.length ?? 0,
      ...(await this.line(row)),
    })));
  }

  async line(row) {
    const { id, key } = this.#desk.whose();
    return unseal(key, row.line, `line/${id}/${row.id}`)
      .catch(() => ({ title: "", reason: "", receipt: "" }));
  }

  async body(id) {
    const person = this.#desk.whose();
    const row = await this.#desk.read(["bodies"], (store) => done(store("bodies").get(id)));
    if (row?.person !== person.id) throw new FieldError("gone");
    return unseal(person.key, row.box, `body/${person.id}/${id}`);
  }

  // Hashes of the pictures of a person that are on this phone.
  async pictures(person) {
    const keys = await this.#desk.read(["blobs"], (store) => done(store("blobs").index("person").getAllKeys(person)));
    return keys.map(([, hash]) => hash);
  }

  // The server has the picture.
  arrived(hash) {
    return this.#pictured(({ blobs = [], ...row }) => ({ ...row, blobs: blobs.filter((one) => one !== hash) }), hash);
  }

  // The pictures of ``row`` go on another time.
  later({ id, blobs_tries: tries = 0 }) {
    const blobs_at = Date.now() + Math.min(WAIT * 2 ** tries, HOUR);
    return this.#pictured((row) => (row.id === id ? { ...row, blobs_at, blobs_tries: tries + 1 } : row));
  }

  async #pictured(change, gone) {
    const person = this.#desk.whose().id;
    await this.#desk.write(["outbox", "blobs"], async (store) => {
      const rows = await done(store("outbox").index("person").getAll(person));
      for (const row of rows) if (row.blobs?.length) store("outbox").put(change(row));
      if (gone) store("blobs").delete([person, gone]);
    });
    this.#desk.changed();
  }

  // How many wait: {mine, others}, and pictures of mine whose records the server has. Of others no more than the number may be known.
  async waiting() {
    const me = this.#desk.person?.id;
    const rows = await this.#desk.read(["outbox"], (store) => done(store("outbox").getAll()));
    const waiting = rows.filter((row) => row.state === "waiting");
    const mine = waiting.filter((row) => row.person === me).length;
    const there = rows.filter((row) => row.person === me && THERE.has(row.state));
    const pictures = new Set(there.flatMap((row) => row.blobs ?? [])).size;
    return { mine, others: waiting.length - mine, pictures };
  }

  // What the server said of it. Once it is accepted, what was recorded leaves the phone.
  async settle(row, { state, reason = "", receipt = "" }) {
    const { id, key } = this.#desk.whose();
    const { title } = await this.line(row);
    const line = await seal(key, { title, reason, receipt }, `line/${id}/${row.id}`);
    await this.#change(row, { state, line, tries: row.tries + 1, asked_at: Date.now() }, state === "sent");
  }

  // It stays waiting; ``reason`` says why.
  async postpone(row, next_at, reason) {
    const { id, key } = this.#desk.whose();
    const line = await seal(key, { ...(await this.line(row)), reason }, `line/${id}/${row.id}`);
    await this.#change(row, { line, next_at, tries: row.tries + 1 });
  }

  async #change(row, fields, emptied = false) {
    await this.#desk.write(["outbox", "bodies"], async (store) => {
      const stored = await done(store("outbox").get(row.id));
      if (!stored || stored.state === "sent") return; // discarded or settled meanwhile
      store("outbox").put({ ...stored, ...fields });
      if (emptied) store("bodies").delete(row.id);
    });
    this.#desk.changed();
  }

  // A refused record once more, the same bytes: the reason may be gone.
  async again(id) {
    await this.#desk.write(["outbox"], async (store) => {
      const stored = await done(store("outbox").get(id));
      if (stored?.person === this.#desk.whose().id && stored.state === "refused") {
        store("outbox").put({ ...stored, state: "waiting", next_at: 0 });
      }
    });
    this.#desk.changed();
  }

  // By name only: nothing removes records in general.
  async remove(ids) {
    const person = this.#desk.whose().id;
    await this.#desk.write(["outbox", "bodies"], async (store) => {
      for (const id of ids) {
        const stored = await done(store("outbox").get(id));
        if (stored?.person !== person) continue;
        store("outbox").delete(id);
        store("bodies").delete(id);
      }
    });
    this.#desk.changed();
  }

  async tidy() {
    const over = Date.now() - KEPT;
    const old = (await this.rows()).filter((row) => row.state === "sent" && row.asked_at < over && !row.blobs?.length);
    if (old.length) await this.remove(old.map((row) => row.id));
  }
}
