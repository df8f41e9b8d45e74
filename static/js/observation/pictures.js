// Pictures of the room or its materials, each with the consent to it; where the programme wants any.
import { button, h } from "../field/dom.js";
import { field, notice, shown, unique } from "./dom.js";
import { AGREED_LENGTH, MOST_PICTURES, SHOWS_LENGTH } from "./session.js";

const WIDE = 320; // pixels of what is shown here

export function picturesPart(app, draft) {
  const { t } = app.words;
  const pictures = draft.content.pictures ?? [];
  if (!app.engine.attachments.allowed && !pictures.length) return null;
  const list = h("ul", { class: "cards" });
  const trouble = h("div", { role: "alert" });
  const input = h("input", { id: unique("picture"), type: "file", accept: "image/*", onchange: () => add() });
  const picker = h("div", { class: "field" }, h("label", { for: input.id }, t("picture_add")), input);

  function draw() {
    list.replaceChildren(...pictures.map((picture, index) => card(app, draft, picture, index, () => remove(picture))));
    shown(picker, app.engine.attachments.allowed && pictures.length < MOST_PICTURES);
  }

  async function add() {
    const [file] = input.files;
    if (!file) return;
    input.disabled = true;
    trouble.replaceChildren();
    let added;
    try {
      const { sha256, put } = await app.engine.attachments.make(file);
      if (pictures.some((one) => one.sha256 === sha256)) return;
      draft.content.pictures = pictures;
      added = { sha256, shows: "", agreed_by: "", no_child: false };
      pictures.push(added);
      await draft.with(put);
      draw();
      list.lastChild.querySelector("input").focus();
    } catch (error) {
      if (added) {
        pictures.splice(pictures.indexOf(added), 1);
        draft.changed();
      }
      trouble.replaceChildren(notice("problem", h("p", {}, t.error(error))));
    } finally {
      input.disabled = false;
      input.value = "";
    }
  }

  async function remove(picture) {
    pictures.splice(pictures.indexOf(picture), 1);
    draft.changed();
    draw();
    input.focus();
    await draft.flush();
    await app.engine.attachments.tidy();
  }

  draw();
  return h("section", {}, h("h2", {}, t("pictures")), h("p", { class: "hint" }, t("pictures_lead")), list, trouble, picker);
}

function card(app, draft, picture, index, remove) {
  const { t } = app.words;
  const name = t("picture", { n: index + 1 });
  const text = (key, label, maxlength, help) =>
    field(label, (id) =>
      h("input", {
        id,
        type: "text",
        maxlength,
        value: picture[key],
        oninput: (event) => {
          picture[key] = event.target.value;
          draft.changed(true);
        },
      }), help);
  const sure = h("input", {
    type: "checkbox",
    checked: picture.no_child,
    onchange: (event) => {
      picture.no_child = event.target.checked;
      draft.changed();
    },
  });
  return h(
    "li",
    { class: "card" },
    h("h3", {}, name),
    preview(app, picture, name),
    text("shows", t("picture_shows"), SHOWS_LENGTH, t("picture_shows_help")),
    text("agreed_by", t("picture_agreed"), AGREED_LENGTH, t("picture_agreed_help")),
    h("div", { class: "field" }, h("label", {}, sure, h("span", {}, t("picture_no_child")))),
    button(t("picture_remove"), remove, { kind: "quiet", "aria-label": `${t("picture_remove")}: ${name}` }),
  );
}

/** Drawn on a canvas: the content policy lets no picture be read from memory. */
function preview(app, { sha256 }, name) {
  const canvas = h("canvas", { role: "img", "aria-label": name, class: "picture", hidden: true });
  app.engine.attachments
    .data(sha256)
    .then(async (data) => {
      const bitmap = await createImageBitmap(new Blob([data]));
      canvas.width = WIDE;
      canvas.height = Math.round((WIDE * bitmap.height) / bitmap.width);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      canvas.hidden = false;
    })
    .catch(() => {}); // it is on its way, or was sent with another session
  return canvas;
}
