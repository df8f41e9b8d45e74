// What is written down meanwhile, each note with the time at which it was begun.
import { h } from "../field/dom.js";
import { field } from "./dom.js";
import { WRITTEN_LENGTH } from "./session.js";
import { timeOf } from "./timer.js";

/** `code`: the item that the notes are beside, empty for those of the whole cycle. */
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
      const area = h("textarea", { id, rows: 2, maxlength: WRITTEN_LENGTH }, note?.text ?? "");
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
