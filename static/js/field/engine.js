// The mailroom on the phone: drafts, outbox, sending. It knows kinds of record by name only.
import { Agenda } from "./agenda.js";
import { Attachments } from "./attachments.js";
import { Backup } from "./backup.js";
import { Desk } from "./desk.js";
import { Drafts } from "./drafts.js";
import { FieldError } from "./errors.js";
import { Outbox } from "./outbox.js";
import { Sender } from "./sender.js";

let opened;

// The one engine of this page. Rejects with FieldError("storage") where nothing can be kept.
export function open() {
  opened ??= Desk.open().then((desk) => {
    const engine = new Engine(desk);
    engine.send();
    return engine;
  });
  return opened;
}

class Engine {
  #desk;
  #agenda;
  #sender;
  #backup;

  constructor(desk) {
    this.#desk = desk;
    this.#agenda = new Agenda(desk);
    this.drafts = new Drafts(desk);
    this.outbox = new Outbox(desk);
    this.attachments = new Attachments(desk, this.outbox);
    this.#backup = new Backup(desk, this.drafts, this.outbox, this.attachments);
    this.#sender = new Sender(desk, this.outbox, async (all) => {
      await this.#agenda.fetch({ only: true });
      await this.attachments.send(all);
    });
    // Without leave the browser may clear all of this when it runs short of space.
    navigator.storage?.persist?.().catch(() => {});
    this.#agenda.expire().catch(() => {});
  }

  get person() { return this.#desk.person; }

  // Who is signed in, and a newer agenda, if the server can be reached: {reachable, signedIn}.
  async refresh() {
    const met = await this.#desk.meet();
    if (met.signedIn) await this.#agenda.fetch();
    return met;
  }

  agenda() { return this.#agenda.read(); }

  // The draft becomes a record: frozen, and moved in one transaction, so that it is always in
  // exactly one of the two places. Again is harmless. The record's id is the draft's.
  async close(id) {
    const { id: person } = this.#desk.whose();
    await this.drafts.settled(id);
    const draft = await this.drafts.get(id);
    if (!draft) {
      const there = (await this.outbox.rows()).find((row) => row.id === id && row.person === person);
      if (there) return there.id;
      throw new FieldError("gone");
    }
    const frozen = await this.outbox.freeze(draft);
    await this.#desk.write(["drafts", "outbox", "bodies"], async (store) => {
      await Drafts.take(store, draft);
      Outbox.put(store, frozen);
    });
    this.drafts.end(id);
    this.#desk.changed();
    this.send();
    return id;
  }

  // A record that needs no draft; its id. What was taken out of ``draft`` ({id, kind, title,
  // content}, as it is without it) leaves there in the same transaction: it is in one place always.
  async post(kind, title, content, draft = null) {
    const id = crypto.randomUUID();
    const made_at = new Date().toISOString();
    const frozen = await this.outbox.freeze({ id, kind, title, content, made_at });
    if (draft) await this.drafts.saveWith((store) => Outbox.put(store, frozen), draft);
    else await this.outbox.post(frozen);
    this.send();
    return id;
  }

  // A draft by name, with the pictures that nothing else refers to.
  async discard(id) {
    await this.drafts.remove(id);
    await this.attachments.tidy().catch(() => {}); // a draft that cannot be read may refer to any
  }

  send() { return this.#sender.send(); }

  // {person, unsent, pictures, others, sending, reachable, signedIn, unsaved, outdated}
  async status() {
    const { mine, others, pictures } = await this.outbox.waiting();
    const { person, sending, reachable, signedIn, outdated } = this.#desk;
    return { person, unsent: mine, pictures: this.attachments.allowed ? pictures : 0, others, sending, reachable, signedIn, outdated, unsaved: this.drafts.unsaved.length };
  }

  // ``listener(status)`` now and whenever something has changed, in this tab or another.
  onchange(listener) {
    let asked = 0;
    const tell = async () => {
      const mine = ++asked;
      const status = await this.status();
      if (mine === asked) listener(status);
    };
    tell();
    return this.#desk.listen(tell);
  }

  // An encrypted file of the records ``ids`` (null: all that are still here) and of the drafts.
  backup(ids, passphrase) { return this.#backup.make(ids, passphrase); }

  // Bring back what ``file`` holds and this phone has not: {restored, skipped}.
  async restore(file, passphrase) {
    const told = await this.#backup.read(file, passphrase);
    this.send();
    return told;
  }

  // ``choice``: none, or {send: true}, {exported: ids} or {discard: ids}, each record by name.
  // Rejects with "unsent" and the ids that nobody has decided about, or where pictures wait.
  async signOut(choice = {}) {
    if (choice.send) await this.send();
    if (choice.discard) await this.outbox.remove(choice.discard);
    const settled = new Set(choice.exported ?? []);
    const left = (await this.outbox.rows()).filter((row) => row.state === "waiting" && !settled.has(row.id));
    await this.attachments.tidy().catch(() => {});
    const { pictures } = await this.status();
    // Pictures of records that are sent stay locked on this phone; she has to know it.
    if (left.length || (pictures && !choice.exported)) throw new FieldError("unsent", { ids: left.map((row) => row.id) });
    await this.#desk.vacate();
  }

  async language(chosen) {
    if (chosen) await this.#desk.keep("language", chosen);
    return chosen ?? (await this.#desk.setting("language")) ?? this.person?.language;
  }
}
