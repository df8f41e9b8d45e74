// A backup: what is on this phone as one file, encrypted with a passphrase that only its owner has.
import { canonical } from "./canonical.js";
import { FieldError } from "./errors.js";
import { Outbox } from "./outbox.js";
import { done } from "./schema.js";
import { seal, unseal } from "./vault.js";

const FORMAT = "trenza-field-backup";
const ROUNDS = 600000; // of PBKDF2-HMAC-SHA256, as OWASP advises
const PIECE = 32768; // bytes
const SHORTEST = 10; // characters of a passphrase

// In pieces: pictures are too long to be the arguments of one call.
function to64(bytes) {
  const all = new Uint8Array(bytes);
  const parts = Array.from({ length: Math.ceil(all.length / PIECE) }, (_none, at) =>
    String.fromCharCode(...all.subarray(at * PIECE, (at + 1) * PIECE)));
  return btoa(parts.join(""));
}
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
  #attachments;

  constructor(desk, drafts, outbox, attachments) {
    this.#desk = desk;
    this.#drafts = drafts;
    this.#outbox = outbox;
    this.#attachments = attachments;
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
    const contents = { person: this.#desk.whose().id, records, drafts: [...held.values()] };
    return { ...contents, pictures: await this.#pictures(JSON.stringify(contents)) };
  }

  // Those that ``text`` refers to: {hash: bytes}.
  async #pictures(text) {
    const hashes = (await this.#outbox.pictures(this.#desk.whose().id)).filter((hash) => text.includes(hash));
    const pairs = hashes.map(async (hash) => [hash, to64(await this.#attachments.data(hash))]);
    return Object.fromEntries(await Promise.all(pairs));
  }

  async read(file, passphrase) {
    const contents = await this.#decrypt(await file.text(), passphrase);
    const person = this.#desk.whose();
    if (contents.person !== person.id) throw new FieldError("other_person");
    let restored = 0;
    const all = Object.values(contents.pictures ?? {}).map((data) => this.#attachments.sealed(from64(data).buffer));
    const pictures = await Promise.all(all);
    for (const one of contents.records) restored += (await this.#restoreRecord(person, one, pictures)) ? 1 : 0;
    for (const one of contents.drafts) restored += (await this.#restoreDraft(one, pictures)) ? 1 : 0;
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
  async #restoreRecord(person, { id, kind, title, closed_at, body }, pictures) {
    if (canonical(JSON.parse(body)) !== body) throw new FieldError("no_backup");
    const its = pictures.filter(({ sha256 }) => body.includes(sha256));
    const blobs = its.map(({ sha256 }) => sha256);
    const sealed = await this.#outbox.sealed(person, { id, kind, title, closed_at, body, blobs });
    return this.#desk.write(["drafts", "outbox", "bodies", "blobs"], async (store) => {
      if ((await done(store("outbox").getKey(id))) !== undefined) return false;
      store("drafts").delete(id); // the backup was made after it was closed
      Outbox.put(store, sealed);
      for (const { put } of its) put(store);
      return true;
    });
  }

  async #restoreDraft({ id, kind, title, content }, pictures) {
    if (await this.#drafts.get(id)) return false;
    const text = JSON.stringify(content);
    const its = pictures.filter(({ sha256 }) => text.includes(sha256));
    const put = its.length ? (store) => its.forEach((one) => one.put(store)) : null;
    return this.#drafts.save(id, kind, title, content, put).then(() => true, () => false);
  }
}
