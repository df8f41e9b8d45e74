// What the pages of the recorder are made of, on the elements of the page around.
import { h } from "../field/dom.js";

let made = 0;

/** An id that no other element of this page has. */
export const unique = (name) => `${name}-${(made += 1)}`;

export const link = (href, label, kind = "") =>
  h("a", { href, class: kind && `button button-${kind}` }, label);

export const notice = (status, ...children) =>
  h("div", { class: `notice notice-${status}` }, ...children);

export const more = (summary, open, ...children) =>
  h("details", { class: "more", open }, h("summary", {}, summary), ...children);

/** A labelled field: `make` gets the id and gives the control. */
export function field(label, make, help = "") {
  const id = unique("field");
  const described = help && `${id}-help`;
  const control = make(id);
  if (described) control.setAttribute("aria-describedby", described);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    help && h("p", { class: "hint", id: described }, help),
    control,
  );
}

/** Radios as targets for a thumb. `options`: [{value, label, none}]; `changed` gets the value. */
export function steps(options, chosen, changed, name = unique("steps")) {
  return h(
    "div",
    { class: "steps" },
    options.map(({ value, label, none }) =>
      h(
        "label",
        { class: none ? "step step-none" : "step" },
        h("input", {
          type: "radio",
          name,
          value: String(value),
          checked: value === chosen,
          onchange: () => changed(value),
        }),
        h("span", {}, label),
      ),
    ),
  );
}

/** − n +: a count that can also be typed; `changed` gets a whole number within bounds, or null. */
export function stepper(t, label, value, { minimum, maximum }, changed) {
  const low = minimum ?? 0;
  const fit = (number) => Math.min(Math.max(number, low), maximum ?? 9999);
  const input = h("input", {
    type: "number",
    inputmode: "numeric",
    "aria-label": label,
    min: low,
    max: maximum,
    value,
    oninput: () => {
      const number = Number(input.value);
      const fits = input.value !== "" && Number.isInteger(number) && fit(number) === number;
      if (input.value !== "" && !fits) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (fits || input.value === "") changed(input.value === "" ? null : number);
    },
    // What was not kept must not stand there as if it were.
    onchange: () => {
      if (input.value !== "") write(fit(Math.round(Number(input.value))));
    },
  });
  const write = (number) => {
    input.value = number ?? "";
    input.removeAttribute("aria-invalid");
    changed(number);
  };
  const by = (step) => () => write(fit(input.value === "" ? Math.max(step, 0) : Number(input.value) + step));
  const press = (sign, words, step) =>
    h(
      "button",
      { type: "button", class: "stepper-key", "aria-label": `${label}: ${words}`, onclick: by(step) },
      sign,
    );
  const whole = h(
    "div",
    { class: "stepper" },
    press("−", t("one_less"), -1),
    input,
    press("+", t("one_more"), 1),
  );
  return { element: whole, clear: () => { input.value = ""; } };
}

export function shown(element, visible) {
  element.hidden = !visible;
  return element;
}
