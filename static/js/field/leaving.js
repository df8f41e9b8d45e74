// Signing out: at once when all is sent, else each record is decided about by its name.
import { button, h } from "./dom.js";
import { download, fileName, passphraseField } from "./home.js";

export async function askBeforeLeaving(engine, texts, main, back) {
  try {
    await engine.signOut();
    return back();
  } catch (error) {
    if (error.code !== "unsent") throw error;
    const records = (await engine.outbox.list()).filter((one) => error.detail.ids.includes(one.id));
    const drafts = await engine.drafts.list();
    const { pictures } = await engine.status();
    main.replaceChildren(form(engine, texts, { records, drafts, pictures }, back));
    main.focus();
  }
}

function form(engine, texts, { records, drafts, pictures }, back) {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const failed = (error) => { wrong.textContent = error ? texts.error(error) : ""; };
  const { input: passphrase, element: asked } = passphraseField(texts);
  const choices = records.map((record) => {
    const title = record.title || texts("untitled");
    const radio = (value, label) => h("label", { class: "choice" },
      h("input", { type: "radio", name: record.id, value, checked: value === "keep" }), label);
    return h("fieldset", { class: "card" }, h("legend", {}, title),
      radio("keep", texts("choice_keep")), radio("discard", texts("choice_discard", { title })));
  });
  const chosen = (value) => choices.map((one) => one.querySelector("input:checked"))
    .filter((one) => one.value === value).map((one) => one.name);

  async function finish() {
    const exported = chosen("keep");
    if (exported.length) download(await engine.backup(exported, passphrase.value), fileName());
    await engine.signOut({ exported, discard: chosen("discard") });
    await back();
  }

  return h("div", { class: "bound" },
    h("h1", {}, texts("sign_out_title")), h("p", {}, texts("sign_out_lead")),
    drafts.length ? h("p", {}, texts("drafts_stay", { n: drafts.length })) : null,
    pictures ? h("p", {}, texts("pictures_stay", { n: pictures })) : null,
    ...choices, records.length ? asked : null, wrong,
    h("div", { class: "actions" },
      button(texts("sign_out_send"), () => engine.signOut({ send: true }).then(back), { kind: "primary", failed }),
      button(texts("sign_out_finish"), finish, { kind: "danger", failed }),
      button(texts("cancel"), back, { kind: "quiet", failed })));
}
