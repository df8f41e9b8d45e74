// A draft in hand. Each tap is stored at once, each text when typing rests for a moment.
import { KIND } from "./session.js";

const REST = 80; // ms: within the tenth of a second that is promised
// Another tab, or another person, has it now: what is in hand here is no longer the draft.
const LOST = new Set(["elsewhere", "closed", "gone", "other_person"]);

export class Draft {
  #timer = null;
  #dirty = false;
  #writing = Promise.resolve();

  constructor(engine, { id, title, content }, { saved, lost }) {
    Object.assign(this, { engine, id, title, content, saved, lost });
  }

  /** Something changed; `soon` while a text is being typed. */
  changed(soon = false) {
    this.#dirty = true;
    clearTimeout(this.#timer);
    if (!soon) return this.flush();
    this.#timer = setTimeout(() => this.flush(), REST);
    return null;
  }

  /** Resolves once all that was said is stored; what goes wrong is told by the page around. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#dirty) this.#writing = this.#write();
    return this.#writing;
  }

  /** Stored in one transaction with what `also(store)` does. */
  async with(also) {
    await this.flush();
    await this.engine.drafts.saveWith(also, { id: this.id, kind: KIND, title: this.title, content: this.content });
    this.saved(new Date());
  }

  /** Let `post` keep what the draft says without `part`; if it cannot, the part is back. */
  async without(part, post) {
    await this.flush();
    const taken = this.content[part];
    delete this.content[part];
    try {
      await post({ id: this.id, kind: KIND, title: this.title, content: this.content });
    } catch (error) {
      this.content[part] ??= taken;
      this.changed();
      throw error;
    }
  }

  async #write() {
    this.#dirty = false;
    try {
      await this.engine.drafts.save(this.id, KIND, this.title, this.content);
      this.saved(new Date());
    } catch (error) {
      this.#dirty = true;
      if (LOST.has(error.code)) this.lost();
      throw error;
    }
  }
}
