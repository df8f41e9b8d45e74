// How an item is answered, by the kind of its scale. Each maker gives an element and tells
// `changed` the new rating ({state, value, note, marks}), or null where an answer is taken back.
import { h } from "../field/dom.js";
import { scaleOf } from "./session.js";
import { looks } from "./timer.js";
import { field, stepper, steps } from "./dom.js";

const MANY = 10; // more steps than this are a count, not a row of buttons

const scored = (value, marks = []) => ({ state: "scored", value, note: "", marks });
const aside = (state, note = "") => ({ state, value: null, note, marks: [] });

/** The steps of a scale: [{value, label}], empty where it is counted or looked at. */
function stepsOf({ t, said }, scale) {
  const { kind, minimum, maximum } = scale;
  const options = scale.options.filter(({ value }) => value !== "" && Number.isInteger(Number(value)));
  const labels = new Map(options.map(({ value, label }) => [Number(value), said(label)]));
  if (kind === "yes_no" || kind === "yes_no_unseen") {
    return [[1, "yes"], [0, "no"]].map(([value, key]) => ({ value, label: labels.get(value) || t(key) }));
  }
  if (kind === "presence") {
    return [[1, "present"], [0, "absent"]].map(([value, key]) => ({ value, label: labels.get(value) || t(key) }));
  }
  if (kind === "choice") return [...labels].map(([value, label]) => ({ value, label: label || value }));
  if (kind === "integer" || kind === "snapshots") return [];
  const [low, high] = [minimum ?? 0, maximum ?? 0];
  if (high - low > MANY) return [];
  return Array.from({ length: high - low + 1 }, (_none, index) => {
    const value = low + index;
    return { value, label: labels.get(value) || String(value) };
  });
}

/** Marks of a rating, one per look, filled up with nulls. */
function marksOf(rules, scale, rating) {
  const minutes = looks(rules).map((look) => look.minute);
  const length = minutes.length || scale.maximum || 1;
  return Array.from({ length }, (_none, index) => ({
    minute: minutes[index] ?? null,
    mark: rating?.marks?.[index] ?? null,
  }));
}

/** The controls of a scored item. */
export function answerOf(words, content, item, rating, changed) {
  const scale = scaleOf(content, item);
  const parts = stepsOf(words, scale);
  if (parts.length) return oneOf(words, scale, item, rating, parts, changed);
  const body =
    scale.kind === "snapshots"
      ? looked(words, content.rules, scale, rating, tell)
      : counted(words, scale, item, rating, tell);
  const rest = steps(asides(words, scale, item), standing(rating), (value) => {
    body.clear();
    changed(fromAside(value));
  });
  function tell(answer) {
    for (const radio of rest.querySelectorAll("input")) radio.checked = !answer && radio.value === "none";
    changed(answer);
  }
  return h("div", {}, body.element, rest);
}

function oneOf(words, scale, item, rating, parts, changed) {
  const chosen = rating?.state === "scored" ? rating.value : standing(rating);
  return steps([...parts, ...asides(words, scale, item)], chosen, (value) =>
    changed(typeof value === "number" ? scored(value) : fromAside(value)),
  );
}

/** What may be said instead of a value: not applicable, not seen, nothing. */
function asides({ t, said }, scale, item) {
  const unseen = scale.options.filter(({ value }) => !Number.isInteger(Number(value)));
  const found = [];
  if (scale.kind === "yes_no_unseen") found.push({ value: "unseen", label: t("not_seen") });
  else if (scale.kind !== "choice" && unseen.length) {
    found.push({ value: "unseen", label: said(unseen[0].label) || t("not_seen") });
  }
  if (item.na_allowed) found.push({ value: "na", label: t("na") });
  return [...found, { value: "none", label: t("no_answer"), none: true }];
}

function standing(rating) {
  return { na: "na", missing: "unseen" }[rating?.state] ?? (rating ? "" : "none");
}

function fromAside(value) {
  return { na: aside("na"), unseen: aside("missing"), none: null }[value];
}

function counted({ t }, scale, item, rating, changed) {
  const value = rating?.state === "scored" ? rating.value : null;
  return stepper(t, item.code, value, scale, (number) =>
    changed(number === null ? null : scored(number)),
  );
}

/** One yes or no per look at the room; the value counts the yeses. */
function looked({ t }, rules, scale, rating, changed) {
  const rows = marksOf(rules, scale, rating);
  const sets = rows.map((row, index) => {
    const options = [
      { value: 1, label: t("yes") },
      { value: 0, label: t("no") },
    ];
    const legend = row.minute === null ? t("look", { n: index + 1 }) : t("look_minute", { minute: row.minute });
    return h(
      "fieldset",
      { class: "look" },
      h("legend", {}, legend),
      steps(options, row.mark, (value) => {
        row.mark = value;
        const marks = rows.map((each) => each.mark);
        // With a look left out the item has no value yet; what was seen stays.
        const whole = !marks.includes(null);
        changed(whole ? scored(marks.filter((mark) => mark === 1).length, marks) : { ...aside("missing"), marks });
      }),
    );
  });
  const clear = () => {
    for (const row of rows) row.mark = null;
    for (const set of sets) for (const radio of set.querySelectorAll("input")) radio.checked = false;
  };
  return { element: h("div", { class: "looks" }, sets), clear };
}

/** A field of the context; `changed` gets its value, null where it was emptied. */
export function contextField(words, content, item, value, moments, changed) {
  const { t, said } = words;
  const scale = scaleOf(content, item);
  const label = said(item.text);
  const group = (options, chosen) =>
    h(
      "fieldset",
      { class: "group" },
      h("legend", {}, label),
      steps([...options, { value: null, label: t("no_answer"), none: true }], chosen ?? null, changed),
    );
  const count = (name, given, told) =>
    h("div", {}, name && h("p", { class: "hint" }, name), stepper(t, name || label, given, scale, told).element);
  switch (scale.kind) {
    case "time_range": // the clock of the cycle says it
      return null;
    case "choice":
      return group(
        scale.options.map((option) => ({
          value: option.value,
          label: said(option.label) || said(moments.find((one) => one.value === option.value)?.label) || option.value,
        })),
        value,
      );
    case "integer":
      return h("fieldset", { class: "group" }, h("legend", {}, label), count("", value, changed));
    case "integer_pair": {
      const pair = [...(value ?? [null, null])];
      const told = (place) => (number) => {
        pair[place] = number;
        changed(pair.every((each) => each === null) ? null : [...pair]);
      };
      return h(
        "fieldset",
        { class: "group" },
        h("legend", {}, label),
        [0, 1].map((place) => count(t("of_two", { n: place + 1 }), pair[place], told(place))),
      );
    }
    case "text":
      return field(label, (id) =>
        h("textarea", { id, rows: 2, maxlength: 500, oninput: (event) => changed(event.target.value.trim() || null, true) }, value ?? ""),
      );
    case "yes_no":
    case "yes_no_unseen":
    case "presence":
      // As the form on the site keeps it: true or false.
      return group(
        stepsOf(words, scale).map((step) => ({ ...step, value: step.value === 1 })),
        value,
      );
    default:
      return group(stepsOf(words, scale), value);
  }
}
