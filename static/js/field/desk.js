// What all parts of the engine share: the database, who uses the phone, and who listens.
import { FieldError } from "./errors.js";
import { done, openDatabase, transact } from "./schema.js";
import { ask, ROOT } from "./transport.js";
import { newKey } from "./vault.js";

const SIGN_OUT = "/cuenta/logout/";

export class Desk {
  person = null; // {id, name, language}
  reachable = null; // null: not asked yet
  signedIn = null;
  sending = false;
  outdated = false;
  features = {};
  #key = null;
  #csrf = "";
  #listeners = new Set();
  #channel = globalThis.BroadcastChannel ? new BroadcastChannel("field") : null;

  static async open() {
    const desk = new Desk();
    desk.db = await openDatabase(() => {
      desk.outdated = true;
      desk.changed({ here: true });
    });
    await desk.#settle();
    desk.#channel?.addEventListener("message", async () => {
      await desk.#settle();
      desk.changed({ here: true });
    });
    return desk;
  }

  read(names, work) { return transact(this.db, names, "readonly", work); }
  write(names, work) { return transact(this.db, names, "readwrite", work); }

  // Who uses the phone now, as the database has it: another tab may have signed in somebody else.
  async #settle() {
    const fresh = crypto.randomUUID();
    const [row, device, features] = await this.write(["people", "settings"], async (store) => {
      const id = await done(store("settings").get("person"));
      const known = await done(store("settings").get("device"));
      if (!known) store("settings").put(fresh, "device");
      return [id && (await done(store("people").get(id))), known ?? fresh, await done(store("settings").get("features"))];
    });
    this.device = device;
    this.features = features ?? {};
    this.#seat(row);
  }

  #seat(row) {
    this.person = row ? { id: row.id, name: row.name, language: row.language } : null;
    this.#key = row?.key ?? null;
  }

  // The person and her key; nothing is kept for nobody.
  whose() {
    if (!this.person) throw new FieldError("nobody");
    return { id: this.person.id, key: this.#key };
  }

  // Ask the server who is signed in; whoever that is uses the phone from now on.
  async meet() {
    const leaving = await this.setting("leaving");
    const answer = await ask("GET", `${ROOT}me/`);
    const { status, data } = answer;
    const here = status === 200 && Number.isInteger(data?.id) && typeof data.csrf === "string";
    this.reachable = here || (status === 401 && data !== null);
    this.signedIn = this.reachable ? here : this.signedIn;
    if (here) {
      this.#csrf = data.csrf;
      const attachments = data.attachments === true;
      // Kept, for where pictures are taken there is no network.
      if (this.features.attachments !== attachments) await this.keep("features", { attachments });
      this.features = { attachments };
      if (leaving === data.id) return this.#leave();
      await this.#use({ id: data.id, name: String(data.name), language: String(data.language) });
    }
    if (this.reachable && leaving) await this.keep("leaving", null);
    this.changed({ here: true });
    return { reachable: this.reachable, signedIn: this.signedIn === true };
  }

  // She signed out while the server was away: the server learns of it before anything else.
  async #leave() {
    const gone = await fetch(SIGN_OUT, {
      method: "POST", headers: { "X-CSRFToken": this.#csrf }, redirect: "manual",
    }).then((response) => response.type === "opaqueredirect" || response.ok, () => false);
    if (gone) {
      await this.keep("leaving", null);
      this.signedIn = false;
    }
    this.changed({ here: true });
    return { reachable: true, signedIn: false };
  }

  async #use(me) {
    const now = this.person;
    if (now && now.id === me.id && now.name === me.name && now.language === me.language) return;
    const fresh = await newKey();
    this.#seat(await this.write(["people", "settings"], async (store) => {
      // She signed out while the question was under way.
      if ((await done(store("settings").get("leaving"))) === me.id) return null;
      const known = await done(store("people").get(me.id));
      const row = { ...me, key: known?.key ?? fresh };
      store("people").put(row);
      store("settings").put(me.id, "person");
      return row;
    }));
    this.changed();
  }

  // Nobody uses the phone any more; what of hers waits stays, locked, until she comes back.
  async vacate() {
    const { id } = this.whose();
    await this.write(["people", "settings", "agenda", "drafts", "outbox", "bodies", "blobs"], async (store) => {
      store("agenda").delete(id);
      store("settings").delete("person");
      store("settings").put(id, "leaving");
      const left = await Promise.all(["drafts", "bodies", "blobs"].map(
        (name) => done(store(name).index("person").count(id))));
      if (left.some((count) => count > 0)) return;
      // With the key goes all that was ever written with it, on whatever part of the disk.
      store("people").delete(id);
      for (const key of await done(store("outbox").index("person").getAllKeys(id))) store("outbox").delete(key);
    });
    this.#seat(null);
    this.changed();
    await this.meet();
  }

  ask(method, path, options = {}) {
    return ask(method, path, { ...options, csrf: method === "GET" || method === "HEAD" ? "" : this.#csrf });
  }

  setting(name) {
    return this.read(["settings"], (store) => done(store("settings").get(name)));
  }

  keep(name, value) {
    return this.write(["settings"], (store) =>
      done(value === null ? store("settings").delete(name) : store("settings").put(value, name)));
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed({ here = false } = {}) {
    for (const listener of this.#listeners) listener();
    if (!here) this.#channel?.postMessage("changed");
  }
}
