// A draft in hand. Each tap is stored at once, each text when typing rests for a moment.
import { KIND } from "./session.js";

const REST = 80; // ms: within the tenth of a second that is promised

export class Draft {
  #timer = null;

  constructor(engine, { id, title, content }, told) {
    Object.assign(this, { engine, id, title, content, told });
  }

  /** Something changed; `soon` while a text is being typed. */
  changed(soon = false) {
    clearTimeout(this.#timer);
    if (soon) this.#timer = setTimeout(() => this.flush(), REST);
    else this.flush();
  }

  /** Resolves once all that was said is stored; what goes wrong is told by the page around. */
  async flush() {
    clearTimeout(this.#timer);
    await this.engine.drafts.save(this.id, KIND, this.title, this.content);
    this.told(new Date());
  }
}
