// A treatment alert: described, sent on its own at once, and gone from the session's draft.
import { button, h } from "../field/dom.js";
import { field, link, notice, steps } from "./dom.js";
import { ALERT, DESCRIPTION_LENGTH } from "./session.js";

const alertItems = (draft) => draft.content.kept.instrument.content.items.filter((item) => item.kind === "alert");

/** The way to mark one; null with an instrument that knows none. */
export const alertLink = (app, draft, cycle, kind) =>
  alertItems(draft).length > 0 ? link(app.at(draft, `${cycle.number}/alert`), app.words.t("alert_link"), kind) : null;

export function alertPage(app, draft, cycle) {
  const { t, said } = app.words;
  const session = draft.content;
  const marked = session.alert ?? { item: "", text: "" };
  const trouble = h("div", { role: "alert" });
  const keep = (soon) => {
    session.alert = marked;
    draft.changed(soon);
  };
  const send = async () => {
    if (!marked.item || !marked.text.trim()) {
      return trouble.replaceChildren(notice("problem", h("p", {}, t(marked.item ? "alert_describe" : "alert_choose"))));
    }
    const alert = {
      session: draft.id,
      room: session.room,
      cycle: cycle.number,
      item: marked.item,
      instrument: session.instrument,
      happened_at: new Date().toISOString(),
      description: marked.text.trim(),
    };
    // At once, or one who comes back after the phone died would raise it a second time.
    await draft.without("alert", (rest) => app.engine.post(ALERT, t("alert_record"), alert, rest));
    const heading = h("h1", { tabindex: "-1" }, t("alert_kept_title"));
    page.replaceChildren(heading, notice("good", h("p", {}, t("alert_kept"))), link(app.at(draft, String(cycle.number)), t("back_cycle"), "primary"));
    return heading.focus();
  };
  const forget = () => {
    delete session.alert;
    draft.changed();
    return draft.flush();
  };
  const page = h(
    "div",
    {},
    h("h1", { tabindex: "-1" }, t("alerts")),
    notice("info", h("p", {}, t("alert_lead"))),
    h(
      "fieldset",
      { class: "group alert-choice" },
      h("legend", {}, t("alert_which")),
      steps(alertItems(draft).map((item) => ({ value: item.code, label: said(item.text) })), marked.item, (code) => {
        marked.item = code;
        keep();
      }),
    ),
    field(
      t("alert_text"),
      (id) =>
        h("textarea", {
          id,
          rows: 4,
          maxlength: DESCRIPTION_LENGTH,
          oninput: (event) => {
            marked.text = event.target.value;
            keep(true);
          },
        }, marked.text),
      t("alert_text_help"),
    ),
    trouble,
    h(
      "div",
      { class: "actions" },
      button(t("alert_send"), send, { kind: "danger" }),
      button(t("alert_cancel"), async () => {
        await forget();
        app.go(app.at(draft, String(cycle.number)));
      }),
    ),
  );
  return [page];
}
