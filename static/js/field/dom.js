// An element with its attributes, listeners ("onclick") and children; no text is ever read as HTML.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A button that does one thing at a time and reports what went wrong.
export function button(label, act, { kind = "secondary", failed, ...attributes } = {}) {
  let busy = false;
  const element = h("button", { type: "button", class: `button button-${kind}`, ...attributes, async onclick() {
    if (busy) return;
    busy = true;
    element.setAttribute("aria-disabled", "true");
    failed?.(null); // what was wrong before this try is told no longer
    try {
      await act(element);
    } catch (error) {
      if (!failed) throw error;
      failed(error);
    } finally {
      busy = false;
      element.removeAttribute("aria-disabled");
    }
  } }, label);
  return element;
}
