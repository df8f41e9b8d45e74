// The observation recorder: which page the address asks for, and the draft that is in hand.
// #/observation · #/observation/new/<room>[/<appointment>] · #/observation/<id>/<place in it>
import { h } from "../field/dom.js";
import { alertPage } from "./alerts.js";
import { Clock } from "./clock.js";
import { cyclePage, endPage, stepsNav } from "./cycle.js";
import { link, notice } from "./dom.js";
import { Draft } from "./draft.js";
import { itemPage, listPage } from "./items.js";
import { closedPage, reviewPage } from "./review.js";
import { beginPage, roomsPage } from "./rooms.js";
import { KIND } from "./session.js";
import { speaking } from "./words.js";

const HOME = "#/observation";

/** What the page of a closed session tells of it. */
const told = (entry) => entry && `${entry.state} ${entry.pictures}`;

class Recorder {
  constructor(engine) {
    this.engine = engine;
    this.anchorsOpen = false;
    this.status = h("p", { class: "hint", role: "status" });
    this.live = h("p", { class: "unseen", role: "status" });
    this.page = h("div");
    const flush = () => this.draft?.flush();
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
  }

  /** Draw the page at `path`, the one before standing until it is there; what it returns is called before the next. */
  async enter(element, texts, path) {
    this.words = speaking(texts);
    this.path = path;
    element.append(this.page, this.status, this.live);
    await this.route();
    const unhear = this.engine.onchange(() => this.refresh());
    return async () => {
      unhear();
      if (this.path === path) this.path = [];
      await this.draft?.flush().catch(() => {}); // told where it was typed
      if (location.hash.startsWith(HOME)) return;
      this.leave();
      this.page.replaceChildren();
    };
  }

  // ---- what pages ask of it

  at(draft, place) {
    return `${HOME}/${draft.id}/${place}`;
  }

  go(hash, instead = false) {
    if (hash === location.hash) this.route();
    else if (instead) location.replace(hash);
    else location.hash = hash;
  }

  /** For those who listen: what has happened. */
  tell(text) {
    this.live.textContent = text;
  }

  refreshClock() {
    this.clock?.draw();
  }

  refreshSteps() {
    const fresh = stepsNav(this, this.draft, this.current);
    this.steps.replaceWith(fresh);
    this.steps = fresh;
  }

  closed(draft) {
    if (this.draft !== draft) return; // she went elsewhere meanwhile
    this.leave();
    this.go(`${HOME}/${draft.id}`, true);
  }

  /** The draft in hand is no longer. */
  leave() {
    this.clock?.stop();
    this.clock = this.draft = this.steps = null;
  }

  // ---- pages

  async route() {
    const { path } = this;
    const [id = "", ...place] = path;
    try {
      const nodes = await this.nodes(id, place);
      if (nodes && path === this.path) this.show(nodes);
    } catch (error) {
      this.show([h("h1", { tabindex: "-1" }, this.words.t("title")), notice("problem", h("p", {}, this.words.t.error(error)))]);
      if (!error.code) throw error;
    }
  }

  async nodes(id, place) {
    if (id && id !== "new") {
      const { path } = this;
      const taken = this.draft?.id === id || (await this.take(id));
      if (path !== this.path) return null; // she went elsewhere meanwhile
      if (taken) return this.sessionPage(place);
      this.entry = await this.find(id);
      return closedPage(this, this.entry);
    }
    this.leave();
    this.agenda = this.engine.person && (await this.engine.agenda());
    return id ? beginPage(this, ...place) : roomsPage(this);
  }

  /** Take the draft `id` in hand; false where there is none (any more). */
  async take(id) {
    this.leave();
    const found = await this.engine.drafts.get(id);
    if (found?.kind !== KIND) return false;
    if (!found.content.kept) {
      await this.engine.close(id); // the page ended while it was being closed
      return false;
    }
    const draft = new Draft(this.engine, found, {
      saved: (when) => this.saved(when),
      lost: () => {
        if (this.draft !== draft) return;
        this.leave();
        this.go(HOME, true);
      },
    });
    this.draft = draft;
    return true;
  }

  async find(id) {
    return (await this.engine.outbox.list()).find((one) => one.id === id);
  }

  sessionPage(place) {
    const { draft } = this;
    if (!place.length) {
      this.go(this.at(draft, draft.content.place), true);
      return null;
    }
    const here = place.map(encodeURIComponent).join("/");
    if (draft.content.place !== here && place[1] !== "alert") {
      draft.content.place = here;
      draft.changed();
    }
    const cycle = draft.content.cycles.find((one) => one.number === Number(place[0]));
    this.current = cycle?.number ?? "review";
    this.steps = stepsNav(this, draft, this.current);
    return [
      h("p", { class: "session-place" }, link(HOME, this.words.t("back_rooms")), h("strong", {}, draft.title)),
      this.steps,
      ...(cycle ? this.cycleParts(cycle, place) : reviewPage(this, draft)),
    ];
  }

  cycleParts(cycle, [, kind = "", code = ""]) {
    if (this.clock?.cycle !== cycle) {
      this.clock?.stop();
      this.clock = new Clock(this, this.draft, cycle);
    }
    this.clock.draw();
    const page = { item: itemPage, list: listPage, end: endPage, alert: alertPage }[kind] ?? cyclePage;
    return [this.clock.element, this.clock.sign, ...page(this, this.draft, cycle, code)];
  }

  show(nodes) {
    this.page.replaceChildren(...nodes.flat().filter(Boolean));
    this.status.hidden = !this.draft;
    scrollTo(0, 0);
    this.page.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  /** The agenda may have come meanwhile, a record that is looked at may have been sent. */
  async refresh() {
    const [id] = this.path;
    if (this.draft || id === "new") return;
    const news = id
      ? told(await this.find(id)) !== told(this.entry)
      : !this.agenda && this.engine.person && (await this.engine.agenda());
    if (news && id === this.path[0]) await this.route();
  }

  saved(when) {
    const time = when.toLocaleTimeString(this.words.language, { hour: "2-digit", minute: "2-digit" });
    const text = this.words.t("saved", { time });
    // Once a minute at most, lest it be read out at every tap.
    if (this.status.textContent !== text) this.status.textContent = text;
  }
}

let recorder;

export default {
  mount(element, engine, texts, path) {
    recorder ??= new Recorder(engine);
    return recorder.enter(element, texts, path);
  },
};
