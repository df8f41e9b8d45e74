// Where to observe today: drafts to go on with, appointments, rooms; then whom and what for.
import { button, h } from "../field/dom.js";
import { KIND, begin } from "./session.js";
import { dayOf } from "./timer.js";
import { field, link, more, notice, shown, steps } from "./dom.js";

const NEXT = 3; // appointments in sight; the others are a tap away

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The first page. */
export async function roomsPage(app) {
  const { t } = app.words;
  const drafts = await app.engine.drafts.list(KIND);
  const heading = h("h1", { tabindex: "-1" }, t("title"));
  return [
    heading,
    drafts.length > 0 &&
      h("section", {}, h("h2", {}, t("go_on")), h("ul", { class: "rows" }, drafts.map((one) => draftRow(app, one)))),
    ...(app.agenda ? roomParts(app) : [notice("caution", h("p", {}, t("no_agenda")))]),
  ];
}

function roomParts(app) {
  const { t } = app.words;
  const { rooms } = app.agenda.observation;
  const planned = appointmentsOf(app)
    .filter(({ room }) => rooms.some(({ code }) => code === room))
    .map((one) => appointmentRow(app, one));
  if (!rooms.length) return [notice("info", h("p", {}, t("no_rooms")))];
  const rows = rooms.map((room) => [plain(`${room.centre} ${room.name}`), roomRow(app, room)]);
  const none = shown(h("p", { role: "status" }, t("no_such_room")), false);
  const search = (event) => {
    const words = plain(event.target.value).split(/\s+/);
    for (const [name, row] of rows) shown(row, words.every((word) => name.includes(word)));
    shown(none, rows.every(([, row]) => row.hidden));
  };
  return [
    planned.length > 0 &&
      h(
        "section",
        {},
        h("h2", {}, t("appointments")),
        h("ul", { class: "rows" }, planned.slice(0, NEXT)),
        planned.length > NEXT && more(t("later"), false, h("ul", { class: "rows" }, planned.slice(NEXT))),
      ),
    h(
      "section",
      {},
      h("h2", {}, t("rooms")),
      field(t("search_room"), (id) => h("input", { id, type: "search", autocomplete: "off", oninput: search })),
      h("ul", { class: "rows" }, rows.map(([, row]) => row)),
      none,
      app.agenda.observation.rooms_left_out && h("p", { class: "hint" }, t("rooms_left_out")),
    ),
  ];
}

/** What the agenda has planned, the nearest day first. */
export function appointmentsOf({ agenda }) {
  const all = [...(agenda.mentoring?.appointments ?? []), ...(agenda.observation.appointments ?? [])];
  return all.sort((one, other) => String(one.planned_on).localeCompare(String(other.planned_on)));
}

const row = (href, ...children) => h("li", {}, h("a", { class: "row-link", href }, ...children));

function draftRow({ words }, { id, title, saved_at: saved }) {
  const when = saved && new Date(saved).toLocaleString(words.language, { dateStyle: "short", timeStyle: "short" });
  return row(
    `#/observation/${id}`,
    h("strong", {}, words.t("go_on_with", { title })),
    when && h("span", { class: "hint" }, words.t("saved_at", { time: when })),
  );
}

function appointmentRow({ words, agenda }, { id, room: code, title, planned_on: on }) {
  const room = agenda.observation.rooms.find((one) => one.code === code);
  return row(
    `#/observation/new/${encodeURIComponent(code)}/${encodeURIComponent(id)}`,
    h("strong", {}, `${room.centre} · ${room.name}`),
    h("span", {}, [on && words.day(on), title].filter(Boolean).join(" · ")),
  );
}

function roomRow({ words, agenda }, room) {
  const { t, day } = words;
  const goal = (agenda.mentoring?.goals ?? []).find((one) => one.room === room.code);
  const scores = Object.entries(room.last?.domains ?? {}).filter(([, score]) => score !== null);
  return row(
    `#/observation/new/${encodeURIComponent(room.code)}`,
    h("strong", {}, room.name),
    h("span", {}, room.centre),
    goal && h("span", {}, t("last_goal", { goal: goal.text })),
    scores.length > 0 &&
      h("span", { class: "hint" }, t("last_scores", { day: day(room.last.observed_on), scores: scores.map(([code, score]) => `${code} ${Math.round(score)}`).join(" · ") })),
  );
}

/** Whom, what for, with which instrument; then it begins. */
export function beginPage(app, code, appointmentId = "") {
  const { t, said } = app.words;
  const room = app.agenda?.observation.rooms.find((one) => one.code === code);
  if (!room) return [h("h1", { tabindex: "-1" }, t("title")), notice("caution", h("p", {}, t("room_gone"))), link("#/observation", t("back_rooms"))];
  const { instruments, moments } = app.agenda.observation;
  const appointment = appointmentsOf(app).find((one) => one.id === appointmentId);
  const only = room.caregivers.length === 1 ? room.caregivers[0].id : null;
  const planned = instruments.find(({ hash }) => appointment?.instruments?.includes(hash));
  const chosen = {
    caregiver: appointment?.caregiver ?? only,
    purpose: appointment?.purpose ?? "formative",
    instrument: planned ?? instruments[0],
  };
  const trouble = h("div", { role: "alert" });
  const choice = (legend, options, value, changed) =>
    h("fieldset", { class: "group" }, h("legend", {}, legend), steps(options, value, changed));
  const people = room.caregivers.map(({ id, name }) => ({ value: id, label: name }));
  const caregivers = choice(t("caregiver"), [...people, { value: null, label: t("nobody"), none: true }], chosen.caregiver, (id) => {
    chosen.caregiver = id;
  });
  const go = async () => {
    const wrong = !chosen.instrument
      ? t("no_instrument")
      : chosen.caregiver === null && chosen.purpose === "formative" && t("choose_caregiver");
    if (wrong) return trouble.replaceChildren(notice("problem", h("p", {}, wrong)));
    const id = crypto.randomUUID();
    const content = begin({ ...chosen, room, moments, appointment: appointmentId, day: dayOf(new Date()) });
    await app.engine.drafts.save(id, KIND, `${room.centre} · ${room.name}`, content);
    return app.go(`#/observation/${id}`, true);
  };
  return [
    h("p", {}, link("#/observation", t("back_rooms"))),
    h("h1", { tabindex: "-1" }, room.name),
    h("p", { class: "lead" }, room.centre),
    caregivers,
    choice(t("purpose"), ["formative", "official"].map((value) => ({ value, label: t(`purpose_${value}`) })), chosen.purpose, (value) => {
      chosen.purpose = value;
    }),
    h("p", { class: "hint" }, t("purpose_help")),
    instruments.length > 1 &&
      choice(t("instrument"), instruments.map((one) => ({ value: one.hash, label: `${said(one.name)} ${one.version}` })), chosen.instrument.hash, (hash) => {
        chosen.instrument = instruments.find((one) => one.hash === hash);
      }),
    trouble,
    h("div", { class: "actions" }, button(t("begin"), go, { kind: "primary" })),
  ];
}
