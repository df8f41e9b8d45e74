// A cycle on the screen: its start, its items, its end.
import { button, h } from "../field/dom.js";
import { alertLink } from "./alerts.js";
import { contextField } from "./answers.js";
import { field, link, more, notice, shown } from "./dom.js";
import { notesOf } from "./notes.js";
import { MOST_CYCLES, REASON_LENGTH, answered, applicable, cycleOf, filled, minutes, progress, unanswered } from "./session.js";
import { end, start } from "./timer.js";

export const itemPlace = (cycle, code) => `${cycle.number}/item/${encodeURIComponent(code)}`;

/** Steps of the session, each a link: cycles with how far they are, then the review. */
export function stepsNav(app, draft, current) {
  const { t } = app.words;
  const { content } = draft.content.kept.instrument;
  const entry = (place, label, now) =>
    h("li", {}, h("a", { href: app.at(draft, place), "aria-current": now && "step" }, label));
  return h(
    "nav",
    { class: "session-steps", "aria-label": t("steps") },
    h(
      "ul",
      {},
      draft.content.cycles.map((cycle) => {
        const { done, all } = progress(content, draft.content, cycle);
        const asked = content.rules.moments_asked ?? true;
        const far = !asked || cycle.moments.length ? ` · ${done}/${all}` : "";
        return entry(String(cycle.number), t("cycle", { n: cycle.number }) + far, cycle.number === current);
      }),
      entry("review", t("review"), current === "review"),
    ),
  );
}

/** Moments, clock, context, notes of the whole cycle. */
export function cyclePage(app, draft, cycle) {
  const { t } = app.words;
  const { kept } = draft.content;
  const asked = kept.instrument.content.rules.moments_asked ?? true;
  const trouble = h("div", { role: "alert" });
  const onward = (place) => {
    if (asked && !cycle.moments.length) {
      trouble.replaceChildren(notice("problem", h("p", {}, t("choose_moment"))));
      return;
    }
    endOthers(draft, cycle);
    start(cycle, new Date());
    draft.changed();
    app.go(app.at(draft, place));
  };
  return [
    h("h1", { tabindex: "-1" }, t("cycle", { n: cycle.number })),
    asked && momentsField(app, draft, cycle),
    trouble,
    h(
      "div",
      { class: "actions" },
      button(t("to_items"), () => onward(nextPlace(draft, cycle)), { kind: "primary" }),
      button(t("to_list"), () => onward(`${cycle.number}/list`)),
    ),
    timesPart(app, draft, cycle),
    contextPart(app, draft, cycle),
    notesOf(app, draft, cycle),
    h("p", {}, alertLink(app, draft, cycle)),
  ];
}

/** Where to go on: the first item without an answer, else the end of the cycle. */
export function nextPlace(draft, cycle) {
  const items = applicable(draft.content.kept.instrument.content, draft.content, cycle);
  const next = items.find((item) => !answered(cycle, item));
  return next ? itemPlace(cycle, next.code) : `${cycle.number}/end`;
}

/** Only one cycle runs at a time. */
function endOthers(draft, cycle) {
  for (const other of draft.content.cycles) if (other !== cycle) end(other, new Date());
}

function momentsField(app, draft, cycle) {
  const { t, said } = app.words;
  const toggle = ({ value, label }) =>
    h(
      "label",
      { class: "step" },
      h("input", {
        type: "checkbox",
        checked: cycle.moments.includes(value),
        onchange: (event) => {
          const among = new Set(cycle.moments);
          if (event.target.checked) among.add(value);
          else among.delete(value);
          cycle.moments = draft.content.kept.moments.map((one) => one.value).filter((one) => among.has(one));
          draft.changed();
          app.refreshSteps();
        },
      }),
      h("span", {}, said(label)),
    );
  return h(
    "fieldset",
    { class: "group moments" },
    h("legend", {}, t("moments")),
    h("p", { class: "hint" }, t("moments_help")),
    h("div", { class: "steps" }, draft.content.kept.moments.map(toggle)),
  );
}

export function timesPart(app, draft, cycle) {
  const { t } = app.words;
  const { rules } = draft.content.kept.instrument.content;
  const wrong = h("p", { class: "wrong", role: "alert" }, t("ends_before", { n: cycle.number }));
  const check = () => {
    shown(wrong, Boolean(cycle.started_at && cycle.ended_at && cycle.ended_at <= cycle.started_at));
    const lasted = minutes(cycle);
    const [low, high] = [rules.cycle_minutes || 0, rules.cycle_minutes_most || Infinity];
    shown(reason, Boolean(cycle.minutes_reason) || (lasted !== null && (lasted < low || lasted > high)));
  };
  const time = (name, label) =>
    field(label, (id) =>
      h("input", {
        id,
        type: "time",
        step: 1,
        value: cycle[name],
        onchange: (event) => {
          const given = event.target.value;
          cycle[name] = given.length === 5 ? `${given}:00` : given;
          check();
          draft.changed();
          app.refreshClock();
        },
      }),
    );
  const reason = field(t("minutes_reason"), (id) =>
    h("input", {
      id,
      type: "text",
      maxlength: REASON_LENGTH,
      value: cycle.minutes_reason,
      oninput: (event) => {
        cycle.minutes_reason = event.target.value;
        draft.changed(true);
      },
    }),
  );
  const part = more(t("times"), false, time("started_at", t("from")), time("ended_at", t("to")), wrong, reason);
  check();
  part.open = !reason.hidden || !wrong.hidden;
  return part;
}

function contextPart(app, draft, cycle) {
  const { content } = draft.content.kept.instrument;
  const fields = content.items
    .filter((item) => item.kind === "context")
    .map((item) =>
      contextField(app.words, content, item, cycle.context[item.code], draft.content.kept.moments, (value, soon) => {
        if (value === null) delete cycle.context[item.code];
        else cycle.context[item.code] = value;
        draft.changed(soon);
      }),
    );
  return fields.some(Boolean) && more(app.words.t("context"), false, fields);
}

/** What is missing, the alerts, and on to the next cycle or the review. */
export function endPage(app, draft, cycle) {
  const { t, n } = app.words;
  const { content } = draft.content.kept.instrument;
  const [, missing] = unanswered(content, draft.content).find(([number]) => number === cycle.number) ?? [0, []];
  const following = draft.content.cycles.find((one) => one.number > cycle.number);
  const another = !following && filled(draft.content).length < content.rules.minimum_cycles && cycle.number < MOST_CYCLES;
  const alert = alertLink(app, draft, cycle, "danger");
  const onward = () => {
    end(cycle, new Date());
    if (another) draft.content.cycles.push(cycleOf(cycle.number + 1));
    draft.changed();
    app.go(app.at(draft, another ? String(cycle.number + 1) : following ? String(following.number) : "review"));
  };
  return [
    h("h1", { tabindex: "-1" }, t("end_title", { n: cycle.number })),
    missing.length
      ? h("div", {}, h("p", {}, n("missing", missing.length)), missingLinks(app, draft, cycle, missing))
      : h("p", {}, t("all_answered")),
    alert && h("section", {}, h("h2", {}, t("alerts")), h("p", {}, t("alerts_lead")), alert),
    notesOf(app, draft, cycle),
    h("p", {}, link(app.at(draft, `${cycle.number}/list`), t("as_list"))),
    h(
      "div",
      { class: "actions-bar" },
      button(another || following ? t("end_next") : t("end_review"), onward, { kind: "primary" }),
    ),
  ];
}

export function missingLinks(app, draft, cycle, codes) {
  return h(
    "p",
    { class: "codes" },
    codes.map((code) => link(app.at(draft, itemPlace(cycle, code)), code, "secondary")),
  );
}
