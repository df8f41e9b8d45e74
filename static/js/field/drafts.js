// Drafts: each save is durable before its promise is kept. Numbered by revision, so that neither
// an older encryption nor another tab can overwrite what is newer.
import { FieldError } from "./errors.js";
import { done } from "./schema.js";
import { seal, unseal } from "./vault.js";

const AGAIN = 5000; // ms until a save that found the phone full is tried again

export class Drafts {
  #desk;
  #seen = new Map(); // id → {revision, person} as this tab last read or wrote it
  #ended = new Set(); // closed or removed here: a late save must not bring it back
  #wanted = new Map(); // id → the newest content that is not on the disk yet
  #writing = new Map(); // id → the promise of the writing under way

  constructor(desk) {
    this.#desk = desk;
  }

  // Contents that a full phone could not keep; they live as long as this page.
  get unsaved() {
    return [...this.#wanted].filter(([, one]) => one.failed).map(([id, one]) => ({ id, ...one.draft }));
  }

  async list(kind) {
    if (!this.#desk.person) return [];
    const { id, key } = this.#desk.whose();
    const rows = await this.#desk.read(["drafts"], (store) => done(store("drafts").index("person").getAll(id)));
    const wanted = rows.filter((row) => !kind || row.kind === kind);
    wanted.sort((a, b) => b.saved_at.localeCompare(a.saved_at));
    return Promise.all(wanted.map(async (row) => ({
      id: row.id, kind: row.kind, made_at: row.made_at, saved_at: row.saved_at,
      // One row that cannot be read must not hide the others.
      title: await unseal(key, row.title, `title/${id}/${row.id}`).catch(() => ""),
    })));
  }

  // The draft with its content, or null.
  async get(id) {
    const person = this.#desk.whose();
    const row = await this.#desk.read(["drafts"], (store) => done(store("drafts").get(id)));
    if (!row || row.person !== person.id) return null;
    this.#seen.set(id, { revision: row.revision, person: person.id });
    return {
      id, kind: row.kind, revision: row.revision, made_at: row.made_at, saved_at: row.saved_at,
      title: await unseal(person.key, row.title, `title/${person.id}/${id}`),
      content: await unseal(person.key, row.content, `draft/${person.id}/${id}`),
    };
  }

  // Kept when the promise is. Saves of one draft go one after the other, and one that was
  // overtaken while it waited is left out: its promise waits for the newer.
  async save(id, kind, title, content, also = null) {
    const person = this.#desk.whose();
    const seen = this.#seen.get(id);
    if (this.#ended.has(id)) throw new FieldError("closed");
    if (seen && seen.person !== person.id) throw new FieldError("other_person");
    // A copy as it is now: the form goes on changing its own.
    this.#wanted.set(id, { person, draft: { kind, title, content: JSON.parse(JSON.stringify(content)) }, also });
    await this.#flush(id);
  }

  // Kept in one transaction with ``also(store)``, over "outbox", "bodies" and "blobs" too: both or neither.
  async saveWith(also, { id, kind, title, content }) {
    // Its turn comes when nothing else is being written: what is overtaken is left out.
    while (this.#writing.has(id)) await this.#writing.get(id).catch(() => {});
    await this.save(id, kind, title, content, also);
  }

  #flush(id) {
    if (!this.#writing.has(id)) {
      this.#writing.set(id, this.#write(id).finally(() => this.#writing.delete(id)));
    }
    return this.#writing.get(id);
  }

  async #write(id) {
    while (this.#wanted.has(id)) {
      const one = this.#wanted.get(id);
      try {
        await this.#put(id, one);
      } catch (error) {
        // With something beside it, who asked decides whether to try again.
        one.failed = error.code === "full" && !one.also;
        if (one.failed) setTimeout(() => this.#flush(id).catch(() => {}), AGAIN);
        else if (this.#wanted.get(id) === one) this.#wanted.delete(id);
        this.#desk.changed({ here: true });
        throw error;
      }
      if (this.#wanted.get(id) === one) this.#wanted.delete(id);
      if (one.failed) this.#desk.changed({ here: true });
    }
  }

  async #put(id, { person, draft, also }) {
    const seen = this.#seen.get(id);
    const now = new Date().toISOString();
    const title = await seal(person.key, draft.title, `title/${person.id}/${id}`);
    const content = await seal(person.key, draft.content, `draft/${person.id}/${id}`);
    const row = await this.#desk.write(["drafts", "outbox", "bodies", "blobs"], async (store) => {
      const stored = await done(store("drafts").get(id));
      if ((await done(store("outbox").getKey(id))) !== undefined) throw new FieldError("closed");
      if ((stored?.revision ?? 0) !== (seen?.revision ?? 0)) throw new FieldError(stored ? "elsewhere" : "gone");
      const fresh = {
        id, person: person.id, kind: draft.kind, title, content,
        revision: (seen?.revision ?? 0) + 1, made_at: stored?.made_at ?? now, saved_at: now,
      };
      store("drafts").put(fresh);
      also?.(store);
      return fresh;
    });
    this.#seen.set(id, { revision: row.revision, person: person.id });
    if (!seen || also) this.#desk.changed();
  }

  // What is typed is on the disk, or the error says why not.
  async settled(id) {
    if (this.#wanted.has(id)) await this.#flush(id);
  }

  // ``store`` is of a transaction under way: the draft leaves as it was read, or not at all.
  static async take(store, { id, revision }) {
    const stored = await done(store("drafts").get(id));
    if (stored?.revision !== revision) throw new FieldError(stored ? "elsewhere" : "gone");
    store("drafts").delete(id);
  }

  end(id) {
    this.#ended.add(id);
    this.#wanted.delete(id);
  }

  async remove(id) {
    const person = this.#desk.whose();
    await this.#writing.get(id)?.catch(() => {});
    await this.#desk.write(["drafts"], async (store) => {
      const stored = await done(store("drafts").get(id));
      if (stored?.person === person.id) store("drafts").delete(id);
    });
    this.end(id);
    this.#desk.changed();
  }
}
