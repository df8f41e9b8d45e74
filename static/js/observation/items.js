// Items on the screen: one at a time in large, or all in a list; each a fieldset with its legend.
import { h } from "../field/dom.js";
import { alertLink } from "./alerts.js";
import { answerOf } from "./answers.js";
import { cyclePage, itemPlace, nextPlace } from "./cycle.js";
import { field, link, more, shown } from "./dom.js";
import { notesOf } from "./notes.js";
import { NOTE_LENGTH, applicable, applies, scaleOf } from "./session.js";

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
    app.refreshSteps();
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
      h("dl", { class: "anchors" }, rows.flatMap(([step, text]) => [h("dt", {}, labels.get(step) || step), h("dd", {}, said(text))])),
    said(item.note) && h("p", { class: "hint" }, said(item.note)),
  );
  details.addEventListener("toggle", () => {
    app.anchorsOpen = details.open;
  });
  return details;
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

/** One item in large, the one before and the one after at hand. */
export function itemPage(app, draft, cycle, code) {
  const { t, said } = app.words;
  const { content } = draft.content.kept.instrument;
  const items = applicable(content, draft.content, cycle);
  const index = items.findIndex((item) => item.code === code);
  if (index < 0) return cyclePage(app, draft, cycle);
  const place = (other) => (other ? itemPlace(cycle, other.code) : `${cycle.number}/end`);
  const next = (event) => {
    event.preventDefault();
    app.go(app.at(draft, place(items[index + 1])));
  };
  const domain = content.domains.find((one) => one.code === items[index].domain);
  return [
    h("h1", { class: "unseen" }, t("cycle", { n: cycle.number })),
    h(
      "form",
      { class: "one", novalidate: true, onsubmit: next },
      h("p", { class: "hint" }, t("item_of", { domain: said(domain.name), n: index + 1, all: items.length })),
      itemBox(app, draft, cycle, items[index], { heading: "h2", open: app.anchorsOpen }),
      h(
        "div",
        { class: "actions-bar" },
        link(app.at(draft, index ? place(items[index - 1]) : String(cycle.number)), t("previous"), "secondary"),
        h("button", { class: "button" }, t("next")),
      ),
    ),
    linksBelow(app, draft, cycle, "list"),
  ];
}

export function listPage(app, draft, cycle) {
  const { t } = app.words;
  return [
    h("h1", { tabindex: "-1" }, t("cycle", { n: cycle.number })),
    listOf(app, draft, cycle),
    linksBelow(app, draft, cycle, "one"),
    h("div", { class: "actions-bar" }, link(app.at(draft, `${cycle.number}/end`), t("to_end"), "primary")),
  ];
}

function linksBelow(app, draft, cycle, other) {
  const { t } = app.words;
  const place = other === "list" ? `${cycle.number}/list` : nextPlace(draft, cycle);
  return h(
    "p",
    { class: "actions" },
    link(app.at(draft, place), t(`as_${other}`)),
    link(app.at(draft, String(cycle.number)), t("to_start")),
    alertLink(app, draft, cycle),
  );
}
