// A draft in hand. Each tap is stored at once and each text when typing rests for a moment; one
// write at a time, and what changed meanwhile goes with the next.
import { KIND } from "./session.js";

const REST = 80; // ms: within the tenth of a second that is promised

export class Draft {
  constructor(engine, id, title, content, told) {
    Object.assign(this, { engine, id, title, content, told });
    this.writing = null;
    this.again = false;
    this.timer = null;
  }

  /** Something changed; `soon` while a text is being typed. */
  changed(soon = false) {
    clearTimeout(this.timer);
    if (soon) this.timer = setTimeout(() => this.flush(), REST);
    else this.flush();
  }

  /** Resolves once all that was said is stored. */
  flush() {
    clearTimeout(this.timer);
    this.again = true;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  async write() {
    try {
      while (this.again) {
        this.again = false;
        await this.engine.drafts.save(this.id, KIND, this.title, this.content);
      }
      this.told(new Date(), null);
    } catch (error) {
      this.told(new Date(), error);
    }
  }
}
