// The first view: what to record, what is begun, what is closed and what became of it.
import { button, h } from "./dom.js";

const moduleOf = (kind) => kind.split(".")[0];

export function download(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export const fileName = () => `trenza-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")}.trenza`;

export function passphraseField(texts) {
  const input = h("input", { id: "field-passphrase", type: "password", autocomplete: "new-password", "aria-describedby": "field-passphrase-hint" });
  return { input, element: h("div", { class: "field" },
    h("label", { for: "field-passphrase" }, texts("passphrase")),
    h("p", { id: "field-passphrase-hint", class: "hint" }, texts("passphrase_hint")), input) };
}

// Draws, and draws anew with each change; what it returns stops that.
export function drawHome(place, engine, texts, { modules, failed }) {
  const parts = { agenda: h("div"), drafts: h("div"), outbox: h("div") };
  const told = h("p", { role: "status" });
  const { input: passphrase, element: asked } = passphraseField(texts);
  const file = h("input", { id: "field-file", type: "file" });

  async function agenda() {
    const known = engine.person ? await engine.agenda() : null;
    return [
      h("p", { class: "hint" }, known ? texts("agenda_until", { date: texts.date(known.expires_at) }) : texts("agenda_none")),
      button(texts("refresh"), () => engine.refresh(), { kind: "quiet", failed }),
    ];
  }

  function draftCard(draft) {
    const title = draft.title || texts("untitled");
    return h("li", { class: "card", "data-id": draft.id },
      h("h3", {}, title), h("p", { class: "hint" }, texts("saved_at", { date: texts.date(draft.saved_at) })),
      h("div", { class: "actions" },
        h("a", { class: "button", href: `#/${moduleOf(draft.kind)}/${draft.id}` }, texts("go_on"), h("span", { class: "unseen" }, ` ${title}`)),
        button(texts("draft_remove"), async () => {
          if (confirm(texts("discard_draft_sure", { title }))) await engine.discard(draft.id);
        }, { kind: "danger", failed, "aria-label": `${texts("draft_remove")}: ${title}` })));
  }

  function recordCard(record) {
    const title = record.title || texts("untitled");
    const named = (key) => ({ failed, "aria-label": `${texts(key)}: ${title}` });
    const kind = { sent: "good", waiting: "caution", refused: "problem" }[record.state] ?? "info";
    return h("li", { class: "card", "data-id": record.id, "data-state": record.state },
      h("h3", {}, title),
      h("p", {}, h("span", { class: `badge badge-${kind}` }, texts(`state_${record.state}`))),
      record.reason && h("p", {}, record.reason),
      h("p", { class: "hint" }, texts("closed_at", { date: texts.date(record.closed_at) }),
        record.state === "waiting" && record.tries ? ` · ${texts("tries", { n: record.tries })}` : ""),
      record.state !== "waiting" && record.pictures > 0 && h("p", {}, texts("pictures_unsent", { n: record.pictures })),
      record.receipt && h("details", {}, h("summary", {}, texts("receipt")), h("code", {}, record.receipt)),
      record.state !== "sent" && h("div", { class: "actions" },
        record.state === "refused" && button(texts("again"), () => engine.outbox.again(record.id).then(() => engine.send()), named("again")),
        button(texts("export_one"), () => exportThem([record.id]), named("export_one")),
        button(texts("remove"), async () => {
          if (confirm(texts("remove_sure", { title }))) await engine.outbox.remove([record.id]);
        }, { kind: "danger", ...named("remove") })));
  }

  async function exportThem(ids) {
    if (!passphrase.value) {
      passphrase.focus();
      passphrase.closest("details").open = true;
      passphrase.scrollIntoView();
    }
    download(await engine.backup(ids, passphrase.value), fileName());
    told.textContent = texts("exported");
  }

  async function restore() {
    if (!file.files.length) return file.focus();
    const { restored } = await engine.restore(file.files[0], passphrase.value);
    told.textContent = restored ? texts("restored", { n: restored }) : texts("restored_none");
  }

  let turn = 0;
  async function fill() {
    const mine = ++turn;
    const [about, drafts, records] = await Promise.all([agenda(), engine.drafts.list(), engine.outbox.list()]);
    if (mine !== turn) return;
    parts.agenda.replaceChildren(...about);
    parts.drafts.replaceChildren(drafts.length ? h("ul", { class: "cards" }, drafts.map(draftCard)) : h("p", {}, texts("drafts_none")));
    parts.outbox.replaceChildren(records.length ? h("ul", { class: "cards" }, records.map(recordCard)) : h("p", {}, texts("outbox_none")));
  }

  place.append(
    h("h1", {}, texts("home")), h("p", { class: "lead" }, texts("lead")),
    h("section", {}, h("h2", {}, texts("begin")),
      modules.length
        ? h("ul", { class: "cards" }, modules.map((name) => h("li", {}, h("a", { class: "button", href: `#/${name}` }, texts(`${name}.title`)))))
        : h("p", {}, texts("no_modules")),
      parts.agenda),
    h("section", {}, h("h2", {}, texts("drafts")), parts.drafts),
    h("section", {}, h("h2", {}, texts("outbox")),
      h("div", { class: "actions" }, button(texts("send"), () => engine.send(), { failed })), parts.outbox),
    h("section", {}, h("details", { class: "card" }, h("summary", {}, h("h2", {}, texts("backup"))),
      h("p", {}, texts("backup_lead")), asked, told,
      h("div", { class: "actions" }, button(texts("export"), () => exportThem(null), { failed })),
      h("div", { class: "field" }, h("label", { for: "field-file" }, texts("backup_file")), file),
      h("div", { class: "actions" }, button(texts("restore"), restore, { failed })))),
  );
  return engine.onchange(() => fill().catch(failed));
}
