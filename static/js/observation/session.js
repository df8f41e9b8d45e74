// What a session says, as plain data: no page, no clock, no storage. Rules as the server has them
// in observation/policies/closing.py; tests/journeys/test_9_recorder.py compares the two.
import { agreed } from "../field/pictures.js";

export const KIND = "observation.session";
export const ALERT = "observation.alert";
export const MOST_CYCLES = 6;
export const NOTE_LENGTH = 500;
export const REASON_LENGTH = 200;
export const WRITTEN_LENGTH = 2000;
export const DESCRIPTION_LENGTH = 2000;
const DAY = 24 * 60;

/** A draft: what will be sent, and beside it `place` (where she is), `kept` (what is needed to
 * draw it when the agenda has moved on) and `alert` (being described). */
export function begin({ room, caregiver, purpose, instrument, moments, appointment, day }) {
  const { code, version, hash } = instrument;
  return {
    room: room.code,
    caregiver,
    purpose,
    observed_on: day,
    age_group: room.age_group,
    instrument: { code, version, hash },
    appointment,
    leave_missing: false,
    cycles: [cycleOf(1)],
    place: "1",
    kept: { room, instrument, moments },
  };
}

export function cycleOf(number) {
  return {
    number,
    moments: [],
    started_at: "",
    ended_at: "",
    minutes_reason: "",
    context: {},
    pauses: [],
    notes: [],
    ratings: {},
  };
}

export const scoredItems = (content) => content.items.filter((item) => item.kind === "scored");

export function scaleOf(content, item) {
  return content.scales.find((scale) => scale.code === item.scale);
}

/** Whether the item can be seen in a room of `ageGroup` at any of `moments`. */
export function applies(item, ageGroup, moments) {
  const byAge = !item.age_groups.length || !ageGroup || item.age_groups.includes(ageGroup);
  const byMoment =
    !item.moments.length || !moments.length || moments.some((one) => item.moments.includes(one));
  return byAge && byMoment;
}

/** The scored items that apply in a cycle, in the order of the instrument. */
export function applicable(content, session, cycle) {
  return scoredItems(content).filter((item) => applies(item, session.age_group, cycle.moments));
}

/** Cycles that say something; the server takes out the others. */
export function filled(session) {
  return session.cycles.filter(
    (cycle) =>
      cycle.moments.length ||
      cycle.started_at ||
      cycle.ended_at ||
      Object.keys(cycle.context).length ||
      Object.keys(cycle.ratings).length,
  );
}

/** Whether an item of a cycle has a whole answer: with a look left out it has half of one. */
export const answered = (cycle, { code }) => {
  const rating = cycle.ratings[code];
  return Boolean(rating) && !rating.marks.includes(null);
};

/** By cycle, the items that apply and have no answer, or half of one: [[1, ["CAL1"]], …], full cycles left out. */
export function unanswered(content, session) {
  return filled(session)
    .map((cycle) => [
      cycle.number,
      applicable(content, session, cycle)
        .filter((item) => !answered(cycle, item))
        .map((item) => item.code),
    ])
    .filter(([, codes]) => codes.length);
}

/** Answered, but not applicable at the moments chosen since: will not count. */
export function ignored(content, session, cycle) {
  return scoredItems(content)
    .filter((item) => cycle.ratings[item.code])
    .filter((item) => !applies(item, session.age_group, cycle.moments))
    .map((item) => item.code);
}

export function progress(content, session, cycle) {
  const items = applicable(content, session, cycle);
  return { all: items.length, done: items.filter((item) => answered(cycle, item)).length };
}

const minuteOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whole minutes from start to end by the clock, null where one is missing. */
export function minutes(cycle) {
  if (!cycle.started_at || !cycle.ended_at) return null;
  return minuteOf(cycle.ended_at) - minuteOf(cycle.started_at);
}

/** All that stands between the session and closing: [key of a sentence, its values, cycle, item]. */
export function obstacles(instrument, moments, session) {
  const { rules } = instrument.content;
  const asked = rules.moments_asked ?? true;
  const cycles = filled(session);
  const found = [];
  if (cycles.length < rules.minimum_cycles) {
    found.push(["cycles_least", { least: rules.minimum_cycles, have: cycles.length }]);
  }
  for (const cycle of cycles) {
    if (asked && !cycle.moments.length) found.push(["no_moments", { n: cycle.number }, cycle.number]);
    found.push(...timeTrouble(rules, cycle));
  }
  const both = asked && (rules.routine_and_play ?? true);
  if (both && (instrument.kind ?? "checklist") === "checklist") {
    const seen = new Set(cycles.flatMap((cycle) => cycle.moments));
    const among = (group) => moments.some((one) => one.group === group && seen.has(one.value));
    if (!among("care")) found.push(["no_routine", {}]);
    else if (!among("play")) found.push(["no_play", {}]);
  }
  for (const cycle of cycles) found.push(...answerTrouble(instrument.content, session, cycle));
  for (const [index, picture] of (session.pictures ?? []).entries()) {
    if (!agreed(picture)) found.push(["picture_consent", { n: index + 1 }]);
  }
  return found;
}

function timeTrouble(rules, cycle) {
  const lasted = minutes(cycle);
  const n = cycle.number;
  // Not among the server's rules, since its database holds no such cycle.
  if (lasted !== null && cycle.ended_at <= cycle.started_at) return [["ends_before", { n }, n]];
  if (rules.cycle_minutes === null && rules.cycle_minutes_most === null) return [];
  if (lasted === null) return [["no_times", { n }, n]];
  const [low, high] = [rules.cycle_minutes || 0, rules.cycle_minutes_most || DAY];
  if ((lasted >= low && lasted <= high) || cycle.minutes_reason.trim()) return [];
  return [["minutes_off", { n, minutes: lasted, low, high }, n]];
}

function answerTrouble(content, session, cycle) {
  const found = [];
  const n = cycle.number;
  const scored = scoredItems(content);
  if (!scored.some((item) => cycle.ratings[item.code]?.state === "scored")) {
    found.push(["no_answers", { n }, n]);
  }
  for (const item of scored) {
    const rating = cycle.ratings[item.code];
    if (!rating || !applies(item, session.age_group, cycle.moments)) continue;
    const refusal =
      rating.state === "na"
        ? naTrouble(item, rating)
        : rating.state === "scored" && valueTrouble(scaleOf(content, item), rating.value);
    if (refusal) found.push([refusal[0], { item: item.code, ...refusal[1] }, n, item.code]);
  }
  return found;
}

function naTrouble(item, rating) {
  if (!item.na_allowed) return ["always_applies", {}];
  return rating.note.trim() ? null : ["na_reason", {}];
}

function valueTrouble({ minimum: low, maximum: high }, value) {
  const off = value === null || (low !== null && value < low) || (high !== null && value > high);
  return off ? ["off_scale", { value, low, high }] : null;
}

/** The content of the record: the draft without what only the phone needs. */
export function toSend(session) {
  const { place, kept, alert, pictures, ...content } = session;
  return {
    ...content,
    ...(pictures?.length && { pictures }),
    cycles: filled(session).map((cycle) => ({
      ...cycle,
      started_at: cycle.started_at || null,
      ended_at: cycle.ended_at || null,
      minutes_reason: cycle.minutes_reason.trim(),
      pauses: cycle.pauses.map(([from, to]) => [from, to ?? (cycle.ended_at || from)]),
      notes: cycle.notes.filter((note) => note.text.trim()),
    })),
  };
}
