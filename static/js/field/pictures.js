// Pictures of a record, each with the consent to it; where the programme wants any. An app draws
// this where its record is reviewed, and closes none of which a picture is not ``agreed``.
import { button, h } from "./dom.js";

const MOST = 10;
const WIDE = 320; // pixels of what is shown here
const LENGTHS = { shows: 300, agreed_by: 200 };

let made = 0;

// Whether a picture may leave this phone: what it shows, who agreed, and that no child is in it.
export const agreed = ({ shows, agreed_by: who, no_child: none }) => Boolean(shows.trim() && who.trim() && none);

// ``pictures`` is the list in the draft. ``keep(put)`` stores the draft in one transaction with
// ``put(store)``; ``changed(soon)`` as it is now, ``soon`` while a text is typed.
export function picturesPart(engine, texts, pictures, { changed, keep }) {
  if (!engine.attachments.allowed && !pictures.length) return null;
  const list = h("ul", { class: "cards" });
  const trouble = h("p", { class: "wrong", role: "alert" });
  const input = h("input", { id: `picture-${(made += 1)}`, type: "file", accept: "image/*", onchange: () => add() });
  const picker = h("div", { class: "field" }, h("label", { for: input.id }, texts("picture_add")), input);

  function draw() {
    list.replaceChildren(...pictures.map((one, index) => card(engine, texts, one, index, { changed, remove })));
    picker.hidden = !engine.attachments.allowed || pictures.length >= MOST;
  }

  async function add() {
    const [file] = input.files;
    if (!file) return;
    input.disabled = true;
    trouble.textContent = "";
    let added;
    try {
      const { sha256, put } = await engine.attachments.make(file);
      if (pictures.some((one) => one.sha256 === sha256)) return;
      added = { sha256, shows: "", agreed_by: "", no_child: false };
      pictures.push(added);
      await keep(put);
      draw();
      list.lastChild.querySelector("input").focus();
    } catch (error) {
      if (added) {
        pictures.splice(pictures.indexOf(added), 1);
        changed();
      }
      trouble.textContent = texts.error(error);
    } finally {
      input.disabled = false;
      input.value = "";
    }
  }

  async function remove(picture) {
    pictures.splice(pictures.indexOf(picture), 1);
    draw();
    input.focus();
    await changed();
    await engine.attachments.tidy().catch(() => {});
  }

  draw();
  return h("section", {}, h("h2", {}, texts("pictures")), h("p", { class: "hint" }, texts("pictures_lead")), list, trouble, picker);
}

function card(engine, texts, picture, index, { changed, remove }) {
  const name = texts("picture", { n: index + 1 });
  const text = (key) => {
    const id = `picture-${(made += 1)}`;
    const oninput = (event) => {
      picture[key] = event.target.value;
      changed(true);
    };
    return h("div", { class: "field" },
      h("label", { for: id }, texts(`picture_${key}`)), h("p", { class: "hint", id: `${id}-help` }, texts(`picture_${key}_help`)),
      h("input", { id, type: "text", maxlength: LENGTHS[key], value: picture[key], "aria-describedby": `${id}-help`, oninput }));
  };
  const sure = h("input", { type: "checkbox", checked: picture.no_child, onchange: (event) => {
    picture.no_child = event.target.checked;
    changed();
  } });
  return h("li", { class: "card" },
    h("h3", {}, name), preview(engine, picture, name), text("shows"), text("agreed_by"),
    h("label", { class: "choice" }, sure, texts("picture_no_child")),
    button(texts("picture_remove"), () => remove(picture), { kind: "quiet", "aria-label": `${texts("picture_remove")}: ${name}` }));
}

// Drawn on a canvas: the content policy lets no picture be read from memory.
function preview(engine, { sha256 }, name) {
  const canvas = h("canvas", { role: "img", "aria-label": name, class: "picture", hidden: true });
  engine.attachments.data(sha256).then(async (data) => {
    const bitmap = await createImageBitmap(new Blob([data]));
    canvas.width = WIDE;
    canvas.height = Math.round((WIDE * bitmap.height) / bitmap.width);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    canvas.hidden = false;
  }).catch(() => {}); // it was sent with another record already
  return canvas;
}
