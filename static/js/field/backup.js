// A backup: what is on this phone as one file, encrypted with a passphrase that only its owner has.
import { canonical } from "./canonical.js";
import { FieldError } from "./errors.js";
import { Outbox } from "./outbox.js";
import { done } from "./schema.js";
import { seal, unseal } from "./vault.js";

const FORMAT = "trenza-field-backup";
const ROUNDS = 600000; // of PBKDF2-HMAC-SHA256, as OWASP advises
const SHORTEST = 10; // characters of a passphrase

const to64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const from64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function keyOf(passphrase, salt, iterations) {
  // The same letters typed on another phone may be other code points.
  const plain = new TextEncoder().encode(passphrase.normalize("NFKC").trim());
  const base = await crypto.subtle.importKey("raw", plain, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
}

export class Backup {
  #desk;
  #drafts;
  #outbox;

  constructor(desk, drafts, outbox) {
    this.#desk = desk;
    this.#drafts = drafts;
    this.#outbox = outbox;
  }

  async make(ids, passphrase) {
    if (passphrase.trim().length < SHORTEST) throw new FieldError("passphrase_short", { n: SHORTEST });
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await keyOf(passphrase, salt, ROUNDS);
    const box = await seal(key, await this.#contents(ids), FORMAT);
    const file = { format: FORMAT, version: 1, rounds: ROUNDS, salt: to64(salt), iv: to64(box.iv), data: to64(box.data) };
    return new Blob([JSON.stringify(file)], { type: "application/json" });
  }

  async #contents(ids) {
    const wanted = (id) => !ids || ids.includes(id);
    const rows = (await this.#outbox.list()).filter((row) => row.state !== "sent" && wanted(row.id));
    const records = await Promise.all(rows.map(async ({ id, kind, title, closed_at }) =>
      ({ id, kind, title, closed_at, body: await this.#outbox.body(id) })));
    const kept = (await this.#drafts.list()).filter((row) => wanted(row.id));
    const drafts = (await Promise.all(kept.map(({ id }) => this.#drafts.get(id)))).filter(Boolean);
    // What a full phone could not keep is newer than what it has.
    const held = new Map([...drafts, ...this.#drafts.unsaved.filter(({ id }) => wanted(id))].map((one) => [one.id, one]));
    return { person: this.#desk.whose().id, records, drafts: [...held.values()] };
  }

  async read(file, passphrase) {
    const contents = await this.#decrypt(await file.text(), passphrase);
    const person = this.#desk.whose();
    if (contents.person !== person.id) throw new FieldError("other_person");
    let restored = 0;
    for (const one of contents.records) restored += (await this.#restoreRecord(person, one)) ? 1 : 0;
    for (const one of contents.drafts) restored += (await this.#restoreDraft(one)) ? 1 : 0;
    this.#desk.changed();
    return { restored, skipped: contents.records.length + contents.drafts.length - restored };
  }

  async #decrypt(text, passphrase) {
    let file;
    try {
      file = JSON.parse(text);
    } catch {
      throw new FieldError("no_backup");
    }
    // More rounds than ours would only keep the phone busy.
    if (file?.format !== FORMAT || file.version !== 1 || !(file.rounds <= ROUNDS)) throw new FieldError("no_backup");
    try {
      const key = await keyOf(passphrase, from64(file.salt), file.rounds);
      return await unseal(key, { iv: from64(file.iv), data: from64(file.data) }, FORMAT);
    } catch {
      throw new FieldError("passphrase_wrong");
    }
  }

  // Its bytes as they were frozen; one that is here already, in whatever state, stays as it is.
  async #restoreRecord(person, { id, kind, title, closed_at, body }) {
    if (canonical(JSON.parse(body)) !== body) throw new FieldError("no_backup");
    const sealed = await this.#outbox.sealed(person, { id, kind, title, closed_at, body });
    return this.#desk.write(["drafts", "outbox", "bodies"], async (store) => {
      if ((await done(store("outbox").getKey(id))) !== undefined) return false;
      store("drafts").delete(id); // the backup was made after it was closed
      Outbox.put(store, sealed);
      return true;
    });
  }

  async #restoreDraft({ id, kind, title, content }) {
    if (await this.#drafts.get(id)) return false;
    return this.#drafts.save(id, kind, title, content).then(() => true, () => false);
  }
}
