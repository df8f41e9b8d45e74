// Items on the screen: one at a time in large, or all in a list; each a fieldset with its legend.
import { answerOf } from "./answers.js";
import { field, h, more, shown } from "./dom.js";
import { NOTE_LENGTH, applies, scaleOf } from "./session.js";
import { timeOf } from "./timer.js";

/** One item: what to look for, its answer, the reason why not, anchors, notes. */
export function itemBox(app, draft, cycle, item, { heading = "h3", open = false } = {}) {
  const { t, said } = app.words;
  const { content } = draft.content.kept.instrument;
  const reason = reasonField(app, draft, cycle, item);
  const changed = (rating) => {
    const kept = cycle.ratings[item.code];
    if (rating?.state === "na" && kept?.state === "na") rating.note = kept.note;
    if (rating) cycle.ratings[item.code] = rating;
    else delete cycle.ratings[item.code];
    reason.refresh();
    draft.changed();
    app.onanswer?.();
  };
  const title = h(heading, { tabindex: "-1" }, h("span", { class: "item-code" }, item.code), " ", said(item.text));
  return h(
    "fieldset",
    { class: "item", id: item.code },
    h("legend", {}, title),
    answerOf(app.words, content, item, cycle.ratings[item.code], changed),
    reason.element,
    anchorsOf(app, content, item, open),
    notesOf(app, draft, cycle, item.code),
  );
}

function reasonField(app, draft, cycle, item) {
  const { t, said } = app.words;
  const rating = () => cycle.ratings[item.code];
  let input;
  const element = field(
    t("na_why"),
    (id) =>
      (input = h("input", {
        id,
        type: "text",
        maxlength: NOTE_LENGTH,
        value: rating()?.state === "na" ? rating().note : "",
        oninput: () => {
          rating().note = input.value;
          draft.changed(true);
        },
      })),
    said(item.na_rule),
  );
  const refresh = () => {
    shown(element, rating()?.state === "na");
    input.value = rating()?.state === "na" ? rating().note : "";
  };
  refresh();
  return { element, refresh };
}

function anchorsOf(app, content, item, open) {
  const { t, said } = app.words;
  const labels = new Map(scaleOf(content, item).options.map((one) => [String(one.value), said(one.label)]));
  const rows = Object.entries(item.anchors)
    .filter(([, text]) => said(text))
    .sort(([one], [other]) => Number(one) - Number(other));
  if (!rows.length && !said(item.note)) return null;
  const details = more(
    t("anchors"),
    open,
    rows.length > 0 &&
      h("dl", { class: "anchors" }, rows.map(([step, text]) => [h("dt", {}, labels.get(step) || step), h("dd", {}, said(text))])),
    said(item.note) && h("p", { class: "soft" }, said(item.note)),
  );
  details.addEventListener("toggle", () => {
    app.anchorsOpen = details.open;
  });
  return details;
}

/** Notes with the time at which each was begun; `code` is empty for those of the whole cycle. */
export function notesOf(app, draft, cycle, code = "") {
  const { t, n } = app.words;
  const mine = () => cycle.notes.filter((note) => note.item === code);
  const summary = h("summary", {});
  const list = h("div", {});
  const title = () => {
    const count = mine().filter((note) => note.text.trim()).length;
    summary.textContent = count ? n("notes", count) : t("note");
  };
  const entry = (note) =>
    field(note ? t("note_at", { time: note.at.slice(0, 5) }) : t("new_note"), (id) => {
      const area = h("textarea", { id, rows: 2, maxlength: NOTE_LENGTH, value: note?.text ?? "" });
      area.addEventListener("input", () => {
        if (!note) {
          note = { at: timeOf(new Date()), item: code, text: "" };
          cycle.notes.push(note);
          list.append(entry(null));
        }
        note.text = area.value;
        title();
        draft.changed(true);
      });
      return area;
    });
  list.append(...[...mine(), null].map(entry));
  title();
  return h("details", { class: "more", open: mine().length > 0 && !code }, summary, list);
}

/** The items of a cycle by domain; those that do not apply are said to be so. */
export function listOf(app, draft, cycle) {
  const { t, said } = app.words;
  const { content } = draft.content.kept.instrument;
  return content.domains.map((domain) => {
    const items = content.items.filter((item) => item.domain === domain.code && item.kind === "scored");
    return (
      items.length > 0 &&
      h(
        "section",
        {},
        h("h2", {}, said(domain.name)),
        items.map((item) =>
          applies(item, draft.content.age_group, cycle.moments)
            ? itemBox(app, draft, cycle, item)
            : h(
                "div",
                { class: "item item-off" },
                h("p", {}, h("span", { class: "item-code" }, item.code), " ", said(item.text)),
                h("p", {}, h("strong", {}, t("na_auto"))),
              ),
        ),
      )
    );
  });
}
