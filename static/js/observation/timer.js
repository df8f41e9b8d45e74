// The clock of a cycle. It holds no time of its own: all follows from what the draft says and from
// the time of day, so that a phone that slept or was switched off counts on rightly.
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const two = (number) => String(number).padStart(2, "0");

export const timeOf = (date) =>
  [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");

export const dayOf = (date) =>
  [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");

const at = (day, time) => new Date(`${day}T${time.length === 5 ? `${time}:00` : time}`).getTime();

export const running = (cycle) => Boolean(cycle.started_at && !cycle.ended_at);

export const paused = (cycle) => running(cycle) && cycle.pauses.at(-1)?.length === 1;

/** Milliseconds observed until `now`, pauses taken out; 0 before the start. */
export function elapsed(day, cycle, now) {
  if (!cycle.started_at) return 0;
  const end = cycle.ended_at ? at(day, cycle.ended_at) : now.getTime();
  const rest = cycle.pauses.reduce(
    (sum, [from, to]) => sum + Math.max(0, (to ? at(day, to) : end) - at(day, from)),
    0,
  );
  return Math.max(0, end - at(day, cycle.started_at) - rest);
}

export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / SECOND);
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** Start, pause, resume and end: each writes the time of day into the cycle. */
export function start(cycle, now) {
  cycle.started_at ||= timeOf(now);
}

export function pause(cycle, now) {
  if (running(cycle) && !paused(cycle)) cycle.pauses.push([timeOf(now)]);
}

export function resume(cycle, now) {
  if (paused(cycle)) cycle.pauses.at(-1).push(timeOf(now));
}

/** A cycle lasts a second at least: the server wants its end after its start. */
export function end(cycle, now) {
  if (!running(cycle)) return;
  resume(cycle, now);
  const time = timeOf(now);
  cycle.ended_at = time > cycle.started_at ? time : timeOf(new Date(now.getTime() + SECOND));
}

/** Minutes of a cycle at which the room is looked at, over all segments: [{minute, segment}]. */
export function looks(rules) {
  let before = 0;
  return (rules.segments ?? []).flatMap((segment) => {
    const those = (segment.snapshots ?? []).map((minute) => ({ minute: before + minute, segment }));
    before += segment.minutes;
    return those;
  });
}

/** Minutes that a cycle is planned to last, null where the instrument leaves it open. */
export function planned(rules) {
  const parts = (rules.segments ?? []).reduce((sum, segment) => sum + segment.minutes, 0);
  return parts || rules.cycle_minutes || rules.cycle_minutes_most || null;
}

/** The segment under way after `milliseconds`, null without segments. */
export function segmentAt(rules, milliseconds) {
  let before = 0;
  for (const segment of rules.segments ?? []) {
    before += segment.minutes * MINUTE;
    if (milliseconds < before) return segment;
  }
  return null;
}

/** What to tell when the time passes: [{minute, kind: look | segment | enough | most, segment}]. */
export function milestones(rules) {
  const found = looks(rules).map((look) => ({ ...look, kind: "look" }));
  let before = 0;
  for (const [index, segment] of (rules.segments ?? []).entries()) {
    if (index) found.push({ minute: before, kind: "segment", segment });
    before += segment.minutes;
  }
  const enough = planned(rules);
  if (enough) found.push({ minute: enough, kind: "enough" });
  const most = rules.cycle_minutes_most;
  if (most && most !== enough) found.push({ minute: most, kind: "most" });
  return found.sort((one, other) => one.minute - other.minute);
}

/** Milestones passed since `before` (milliseconds elapsed); after a reload none of long ago. */
export function passed(rules, before, now) {
  return milestones(rules).filter(
    ({ minute }) => minute * MINUTE > before && minute * MINUTE <= now,
  );
}
