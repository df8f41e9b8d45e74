// What is missing, said plainly, each with its way there; then the session closes.
import { button, h } from "../field/dom.js";
import { picturesPart } from "../field/pictures.js";
import { itemPlace, missingLinks, timesPart } from "./cycle.js";
import { field, link, more, notice } from "./dom.js";
import { KIND, MOST_CYCLES, cycleOf, filled, ignored, minutes, obstacles, toSend, unanswered } from "./session.js";
import { end, running } from "./timer.js";

export function reviewPage(app, draft) {
  const { t } = app.words;
  const { kept, cycles } = draft.content;
  const missing = new Map(unanswered(kept.instrument.content, draft.content));
  const above = h("div");
  /** What is in the way now: some of it is mended on this page. */
  const obstructed = () => {
    const found = obstacles(kept.instrument, kept.moments, draft.content);
    above.replaceChildren(...(found.length ? [obstaclesBox(app, draft, found)] : []));
    return found.length > 0;
  };
  obstructed();
  const number = Math.max(0, ...cycles.map((cycle) => cycle.number)) + 1;
  const trouble = h("div", { role: "alert" });
  const closing = async () => {
    const problem = obstructed() ? t("obstacles_first") : missing.size && !draft.content.leave_missing && t("confirm_missing");
    if (problem) return trouble.replaceChildren(notice("problem", h("p", {}, problem)));
    return close(app, draft);
  };
  return [
    h("h1", { tabindex: "-1" }, t("review_title")),
    h("p", { class: "lead" }, t("review_lead")),
    above,
    filled(draft.content).map((cycle) => cyclePart(app, draft, cycle, missing.get(cycle.number) ?? [])),
    number <= MOST_CYCLES &&
      h("p", {}, button(t("add_cycle", { n: number }), () => {
        draft.content.cycles.push(cycleOf(number));
        draft.changed();
        app.go(app.at(draft, String(number)));
      })),
    picturesPart(app.engine, t, (draft.content.pictures ??= []), { changed: (soon) => draft.changed(soon), keep: (put) => draft.with(put) }),
    missing.size > 0 && leaveField(app, draft),
    trouble,
    h("p", { class: "hint" }, t("close_help")),
    h("div", { class: "actions" }, button(t("close"), closing, { kind: "primary" })),
    discardPart(app, draft),
  ];
}

function obstaclesBox(app, draft, found) {
  const list = h("ul", {}, found.map((one) => obstacle(app, draft, one)));
  return notice("caution", h("div", {}, h("h2", {}, app.words.t("obstacles")), list));
}

/** The sentence of an obstacle, as a link where it can be mended. */
function obstacle(app, draft, [key, values, number, code]) {
  const { t, n } = app.words;
  const text = key === "cycles_least" ? n(key, values.least, values) : t(key, values);
  if (!number) return h("li", {}, text);
  const place = code ? itemPlace({ number }, code) : String(number);
  return h("li", {}, link(app.at(draft, place), text));
}

function cyclePart(app, draft, cycle, missing) {
  const { t, n, said } = app.words;
  const { kept } = draft.content;
  const names = kept.moments.filter(({ value }) => cycle.moments.includes(value)).map(({ label }) => said(label));
  const lasted = minutes(cycle);
  const times = lasted !== null && `${cycle.started_at.slice(0, 5)}–${cycle.ended_at.slice(0, 5)} (${n("minutes", lasted)})`;
  const unused = ignored(kept.instrument.content, draft.content, cycle);
  return h(
    "section",
    {},
    h("h2", {}, t("cycle", { n: cycle.number })),
    h("p", {}, [times, names.join(", ")].filter(Boolean).join(" · ")),
    missing.length > 0
      ? [h("p", {}, n("missing", missing.length)), missingLinks(app, draft, cycle, missing)]
      : h("p", {}, t("all_answered")),
    unused.length > 0 && h("p", { class: "hint" }, t("ignored", { codes: unused.join(", ") })),
    running(cycle) &&
      h("p", {}, button(t("end_now", { n: cycle.number }), () => {
        end(cycle, new Date());
        draft.changed();
        app.go(app.at(draft, "review"));
      }, { kind: "primary" })),
    timesPart(app, draft, cycle),
    link(app.at(draft, String(cycle.number)), t("back_to_cycle", { n: cycle.number })),
  );
}

function leaveField(app, draft) {
  return h(
    "div",
    { class: "field" },
    h(
      "label",
      {},
      h("input", {
        type: "checkbox",
        checked: draft.content.leave_missing,
        onchange: (event) => {
          draft.content.leave_missing = event.target.checked;
          draft.changed();
        },
      }),
      h("span", {}, app.words.t("leave_missing")),
    ),
  );
}

async function close(app, draft) {
  await draft.flush();
  await app.engine.drafts.save(draft.id, KIND, draft.title, toSend(draft.content));
  await app.engine.close(draft.id);
  app.closed(draft);
}

function discardPart(app, draft) {
  const { t } = app.words;
  const discard = async () => {
    app.leave();
    await app.engine.discard(draft.id);
    app.go("#/observation", true);
  };
  return more(t("discard_title"), false, h("p", {}, t("discard_text")), button(t("discard"), discard, { kind: "danger" }));
}

/** After closing: where the record is, and how to have it corrected. */
export function closedPage(app, entry) {
  const { t, n } = app.words;
  const status = { sent: "good", accepted: "good", held: "caution", conflict: "caution", refused: "problem" }[entry?.state] ?? "info";
  return [
    h("h1", { tabindex: "-1" }, t("closed_title")),
    notice(
      status,
      h("p", {}, t(entry ? `state_${entry.state}` : "state_gone")),
      entry?.reason && h("p", {}, entry.reason),
      entry?.pictures > 0 && h("p", {}, n("pictures_unsent", entry.pictures)),
    ),
    h("p", {}, t("closed_help")),
    h("div", { class: "actions" }, link("#/observation", t("back_rooms"), "primary"), entry?.state === "waiting" && button(t("send_now"), () => app.engine.send())),
  ];
}
