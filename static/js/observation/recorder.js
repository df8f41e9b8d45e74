// The observation recorder: which page the address asks for, and the draft that is in hand.
// #/observation rooms · #/observation/new/<room>[/<appointment>] · #/observation/<id>/<place in the session>
import { alertPage } from "./alerts.js";
import { Clock } from "./clock.js";
import { cyclePage, endPage, itemPage, listPage, stepsNav } from "./cycle.js";
import { h, link, notice } from "./dom.js";
import { Draft } from "./draft.js";
import { closedPage, reviewPage } from "./review.js";
import { beginPage, roomsPage } from "./rooms.js";
import { KIND } from "./session.js";
import { speaking } from "./words.js";

class Recorder {
  constructor(element, engine, texts) {
    Object.assign(this, { element, engine });
    this.words = speaking(texts, document.documentElement.lang || "es");
    this.anchorsOpen = false;
    this.status = h("p", { class: "saved soft", role: "status" });
    this.live = h("p", { class: "visually-hidden", role: "status" });
    this.trouble = h("div", { role: "alert" });
    this.page = h("div", {});
    element.replaceChildren(this.trouble, this.page, this.status, this.live);
    this.listen();
  }

  listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    addEventListener("hashchange", () => this.route(), { signal });
    addEventListener("pagehide", () => this.draft?.flush(), { signal });
    document.addEventListener("visibilitychange", () => this.draft?.flush(), { signal });
    this.unhear = this.engine.onchange(() => this.refresh());
  }

  stop() {
    this.leaving.abort();
    this.unhear?.();
    this.leave();
  }

  // ---- what pages ask of it

  at(draft, place) {
    return `#/observation/${draft.id}/${place}`;
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
    this.steps?.replaceWith((this.steps = stepsNav(this, this.draft, this.current)));
  }

  closed(draft) {
    this.leave();
    this.go(`#/observation/${draft.id}`, true);
  }

  /** The draft in hand is no longer. */
  leave() {
    this.clock?.stop();
    this.clock = this.draft = this.steps = null;
  }

  // ---- pages

  async route() {
    const turn = (this.turn = {});
    const [, area = "", id = "", ...place] = location.hash.split("/").map(decodeURIComponent);
    try {
      this.agenda = await this.engine.agenda();
      const nodes = await this.nodes(area, id, place);
      if (turn === this.turn && nodes) this.show(nodes);
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  async nodes(area, id, place) {
    this.showing = area === "observation" ? id : "";
    if (area !== "observation" || !id || id === "new") {
      await this.draft?.flush();
      this.leave();
      return area === "observation" && place[0] ? beginPage(this, place[0], place[1]) : roomsPage(this);
    }
    if (this.draft?.id !== id && !(await this.take(id))) return closedPage(this, await this.entry(id));
    return this.sessionPage(place);
  }

  /** Take the draft `id` in hand; false where there is none (any more). */
  async take(id) {
    await this.draft?.flush();
    this.leave();
    const found = await this.engine.drafts.get(id);
    if (!found || found.kind !== KIND) return false;
    if (!found.content.kept) {
      await this.engine.close(id); // the page ended while it was being closed
      return false;
    }
    this.draft = new Draft(this.engine, id, found.title, found.content, (when, error) => this.saved(when, error));
    return true;
  }

  async entry(id) {
    return (await this.engine.outbox.list()).find((one) => one.id === id);
  }

  sessionPage(place) {
    const { draft } = this;
    const { content } = draft;
    if (!place.length) {
      this.go(this.at(draft, content.place), true);
      return null;
    }
    const here = place.map(encodeURIComponent).join("/");
    if (content.place !== here && place[1] !== "alert") {
      content.place = here;
      draft.changed();
    }
    const cycle = content.cycles.find((one) => one.number === Number(place[0]));
    this.current = cycle?.number ?? "review";
    this.steps = stepsNav(this, draft, this.current);
    const head = [
      h("p", { class: "session-place" }, link("#/observation", this.words.t("back_rooms")), " ", h("strong", {}, draft.title)),
      this.steps,
    ];
    this.onanswer = () => this.refreshSteps();
    return [h("div", { class: "session-head" }, head), ...(cycle ? this.cyclePage(cycle, place) : [reviewPage(this, draft)])];
  }

  cyclePage(cycle, [, kind = "", code = ""]) {
    if (this.clock?.cycle !== cycle) {
      this.clock?.stop();
      this.clock = new Clock(this, this.draft, cycle);
    }
    this.clock.draw();
    const page = { item: itemPage, list: listPage, end: endPage, alert: alertPage }[kind] ?? cyclePage;
    return [this.clock.element, page(this, this.draft, cycle, code)];
  }

  show(nodes) {
    this.page.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
    this.status.hidden = !this.draft;
    this.trouble.replaceChildren();
    scrollTo(0, 0);
    this.page.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  /** A record that is looked at may have been sent meanwhile. */
  async refresh() {
    if (this.draft || !this.showing || this.showing === "new") return;
    const { showing } = this;
    const entry = await this.entry(showing);
    if (showing === this.showing && !this.draft && entry?.state !== this.state) this.route();
    this.state = entry?.state;
  }

  saved(when, error) {
    if (error) return this.failed(error);
    this.trouble.replaceChildren();
    const time = when.toLocaleTimeString(this.words.language, { hour: "2-digit", minute: "2-digit" });
    const text = this.words.t("saved", { time });
    if (this.status.textContent !== text) this.status.textContent = text;
    return null;
  }

  failed(error) {
    const { t } = this.words;
    const key = `not_saved_${error.code}`;
    const said = t(key) === key ? t("not_saved") : t(key);
    this.trouble.replaceChildren(notice("problem", h("p", {}, said)));
  }
}

export default {
  kind: KIND,
  title: "rooms_title",
  mount(element, engine, texts) {
    const recorder = new Recorder(element, engine, texts);
    recorder.route();
    return () => recorder.stop();
  },
};
