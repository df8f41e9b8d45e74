// The clock of the cycle on the screen: counts, tells the moments that matter, pauses.
import { button, h } from "../field/dom.js";
import { clock, elapsed, paused, pause, passed, planned, resume, running, segmentAt, start } from "./timer.js";

const TICK = 1000;
const BUZZ = [300, 150, 300];

export class Clock {
  constructor(app, draft, cycle) {
    Object.assign(this, { app, draft, cycle });
    this.rules = draft.content.kept.instrument.content.rules;
    this.time = h("span", { class: "clock-time", role: "timer", "aria-live": "off" });
    this.part = h("span", { class: "clock-part" });
    this.keys = h("div", { class: "clock-keys" });
    this.sign = h("div", { class: "clock-sign" });
    this.element = h(
      "div",
      { class: "clock" },
      h("div", { class: "clock-row" }, h("p", { class: "clock-face" }, this.time, " ", this.part), this.keys),
      this.sign,
    );
    this.before = this.now();
    this.draw();
    this.ticker = setInterval(() => this.tick(), TICK);
  }

  stop() {
    clearInterval(this.ticker);
  }

  now() {
    return elapsed(this.draft.content.observed_on, this.cycle, new Date());
  }

  tick() {
    const now = this.now();
    const signs = paused(this.cycle) ? [] : passed(this.rules, this.before, now);
    this.before = now;
    this.face(now);
    // A phone that slept past several tells the last: what is over cannot be looked at.
    if (signs.length) this.tell(signs.at(-1));
  }

  face(now) {
    const { t, said } = this.app.words;
    const most = planned(this.rules);
    this.time.textContent = clock(now);
    const segment = running(this.cycle) && segmentAt(this.rules, now);
    const of = most ? t("of_minutes", { minutes: most }) : "";
    this.part.textContent = paused(this.cycle)
      ? t("paused")
      : [of, segment && said(segment.name)].filter(Boolean).join(" · ");
  }

  draw() {
    const { t } = this.app.words;
    this.face(this.now());
    const act = (label, does, kind = "primary") =>
      button(
        label,
        () => {
          does(this.cycle, new Date());
          this.draft.changed();
          this.app.tell(label);
          this.draw();
          this.keys.querySelector("button")?.focus();
        },
        { kind },
      );
    const keys = !this.cycle.started_at
      ? [act(t("start_cycle"), start)]
      : paused(this.cycle)
        ? [act(t("resume"), resume)]
        : running(this.cycle)
          ? [act(t("pause"), pause, "secondary")]
          : [];
    this.keys.replaceChildren(...keys);
  }

  tell({ minute, kind, segment }) {
    const { t, said } = this.app.words;
    const text = t(`sign_${kind}`, { minute, segment: segment ? said(segment.name) : "" });
    navigator.vibrate?.(BUZZ);
    this.app.tell(text);
    this.sign.replaceChildren(
      h(
        "div",
        { class: "notice notice-caution" },
        h("p", {}, text),
        button(t("seen"), () => this.sign.replaceChildren()),
      ),
    );
  }
}
