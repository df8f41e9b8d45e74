"""The recorder in the browser: its files and, by key, what it says in the words of the site."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fieldwork.modules import Module

PLACES: dict[str, str | Promise] = {
    "go_on": _("Go on with"),
    "go_on_with": _("Go on: %(title)s"),
    "saved_at": _("Saved %(time)s"),
    "appointments": _("Appointments"),
    "later": _("Later appointments"),
    "rooms": _("Your rooms"),
    "search_room": _("Search a room or centre"),
    "no_such_room": _("No room is called so. Search for fewer letters."),
    "rooms_left_out": _("There are more rooms than fit here. Those not shown are on the site."),
    "no_rooms": _("You have no rooms to observe. Ask your coordinator for a post."),
    "no_agenda": _(
        "Your rooms are not on this phone, or they have expired. "
        "Open this page once with a network; sessions begun can be gone on with meanwhile."
    ),
    "room_gone": _("This room is no longer among yours. Choose another."),
    "last_goal": _("Last goal: %(goal)s"),
    "last_scores": _("Last scores (%(day)s): %(scores)s"),
    "back_rooms": _("Rooms"),
    "caregiver": _("Caregiver"),
    "nobody": _("Nobody in particular"),
    "purpose": _("Purpose"),
    "purpose_formative": _("mentoring (formative)"),
    "purpose_official": _("official evaluation"),
    "purpose_help": _("Who mentors in a room observes it to help, not to judge."),
    "instrument": _("Instrument"),
    "no_instrument": _("There is no published checklist yet. Ask the national coordination."),
    "choose_caregiver": _("Choose the caregiver whom the feedback is for."),
    "begin": _("Begin"),
}

CLOCK: dict[str, str | Promise] = {
    "start_cycle": _("Start the clock"),
    "pause": _("Pause"),
    "resume": _("Resume"),
    "paused": _("paused"),
    "of_minutes": _("of %(minutes)s min"),
    "sign_look": _("Minute %(minute)s: look at the room now."),
    "sign_segment": _("Minute %(minute)s: “%(segment)s” begins."),
    "sign_enough": _("Minute %(minute)s: the planned time is over. You can end the cycle."),
    "sign_most": _("Minute %(minute)s: end the cycle now, or say why it lasts longer."),
    "seen": _("Seen"),
    "times": _("Correct the times"),
    "from": _("From"),
    "to": _("To"),
    "minutes_reason": _("Why longer or shorter than planned"),
}

CYCLE: dict[str, str | Promise] = {
    "steps": _("Steps of the observation"),
    "cycle": _("Cycle %(n)s"),
    "review": _("Review"),
    "moments": _("Moments that you saw in this cycle"),
    "moments_help": _("Which items apply depends on them."),
    "choose_moment": _("Choose at least one moment."),
    "to_items": _("Go on to the items"),
    "to_list": _("All items as a list"),
    "to_start": _("Moments, times and context"),
    "to_end": _("To the end of the cycle"),
    "as_list": _("All items as a list"),
    "as_one": _("One item at a time"),
    "context": _("Context: who was there"),
    "item_of": _("%(domain)s · item %(n)s of %(all)s"),
    "previous": _("Previous"),
    "next": _("Next"),
    "end_title": _("End of cycle %(n)s"),
    "end_next": _("End the cycle"),
    "end_review": _("End the cycle and review"),
    "end_now": _("End cycle %(n)s now"),
    "back_cycle": _("Go back to the cycle"),
}

ITEMS: dict[str, str | Promise] = {
    "yes": _("yes"),
    "no": _("no"),
    "present": _("present"),
    "absent": _("absent"),
    "not_seen": _("not seen"),
    "na": _("N/A"),
    "no_answer": _("No answer"),
    "na_why": _("Why it is not applicable"),
    "na_auto": _("Not applicable at these moments or in this age group."),
    "anchors": _("What each step looks like"),
    "note": _("Note"),
    "note_at": _("Note of %(time)s"),
    "new_note": _("New note"),
    "one_less": _("one less"),
    "one_more": _("one more"),
    "of_two": _("number %(n)s of 2"),
    "look": _("Look %(n)s"),
    "look_minute": _("Minute %(minute)s"),
    "saved": _("Saved on this phone at %(time)s"),
}

ALERTS: dict[str, str | Promise] = {
    "alerts": _("Treatment alerts"),
    "alert_link": _("Mark a treatment alert"),
    "alert_record": _("Treatment alert (protected)"),
    "alerts_lead": _(
        "Mark one only if it happened. It opens a protected case at once, changes no score, "
        "and is seen only by those who protect children."
    ),
    "alert_lead": _(
        "An alert is protected: it is sent on its own as soon as there is a network, before the "
        "session closes, and nothing of it stays in the session. Name no child."
    ),
    "alert_which": _("What occurred"),
    "alert_choose": _("Choose what occurred."),
    "alert_text": _("What happened"),
    "alert_text_help": _("What you saw and heard, when and where in the room."),
    "alert_describe": _("Describe what happened."),
    "alert_send": _("Raise the alert"),
    "alert_cancel": _("It did not occur"),
    "alert_kept_title": _("The alert is raised"),
    "alert_kept": _(
        "It is kept protected on this phone and goes on its own as soon as there is a network. "
        "If a child is in danger now, act at once and tell the director."
    ),
}

REVIEW: dict[str, str | Promise] = {
    "review_title": _("Review and close"),
    "review_lead": _("See what is missing. Once closed, the session is scored and cannot change."),
    "obstacles": _("Before you can close"),
    "obstacles_first": _("Not closed yet: first mend what stands above."),
    "all_answered": _("Every item that applies is answered."),
    "ignored": _(
        "Answered, but not applicable at these moments, so they will not count: %(codes)s."
    ),
    "back_to_cycle": _("Go back to cycle %(n)s"),
    "add_cycle": _("Add cycle %(n)s"),
    "leave_missing": _("I leave these items unanswered on purpose"),
    "confirm_missing": _("Answer what is missing, or confirm that you leave it unanswered."),
    "close": _("Close the session"),
    "close_help": _(
        "A closed session waits on this phone until it is sent. "
        "A correction is made later on the site, with its reason."
    ),
    "discard_title": _("Discard this draft"),
    "discard_text": _("All that you recorded here is deleted. This cannot be undone."),
    "discard": _("Discard the draft"),
    "closed_title": _("The session is closed"),
    "closed_help": _(
        "It can no longer be changed here. To correct it, open it on the site once it is sent."
    ),
    "state_waiting": _(
        "It is kept on this phone and goes by itself as soon as there is a network."
    ),
    "state_sent": _("It is sent: the server has it, and it is no longer on this phone."),
    "state_held": _("It is on the server, not counted yet: a coordinator decides."),
    "state_conflict": _(
        "The server has another content under its number. Both are kept: a coordinator decides."
    ),
    "state_refused": _("The server did not take it. It stays on this phone."),
    "state_gone": _("It is not on this phone. Look for it among your sessions on the site."),
    "send_now": _("Send now"),
}

# The rules of observation/policies/closing.py, word for word.
OBSTACLES: dict[str, str | Promise] = {
    "no_moments": _("Cycle %(n)s: choose the moments that you saw."),
    "no_times": _("Cycle %(n)s: say when it began and ended."),
    "ends_before": _("Cycle %(n)s ends before it begins."),
    "minutes_off": _(
        "Cycle %(n)s lasted %(minutes)s minutes; a cycle lasts %(low)s to %(high)s. "
        "Correct the times, or say why it was longer or shorter."
    ),
    "no_routine": _(
        "A session needs at least one care routine (feeding, hygiene, sleep …) in a cycle."
    ),
    "no_play": _("A session needs at least one moment of play or activity in a cycle."),
    "no_answers": _("Cycle %(n)s has no answers yet."),
    "always_applies": _("%(item)s always applies: give it a value, or leave it unanswered."),
    "na_reason": _("%(item)s: say why it is not applicable."),
    "off_scale": _("%(item)s: %(value)s is not on the scale from %(low)s to %(high)s."),
}

PLURALS: dict[str, Promise] = {
    "notes": ngettext_lazy("%(n)s note", "%(n)s notes", "n"),
    "missing": ngettext_lazy(
        "%(n)s item without an answer:", "%(n)s items without an answer:", "n"
    ),
    "minutes": ngettext_lazy("%(n)s minute", "%(n)s minutes", "n"),
    "cycles_least": ngettext_lazy(
        "A session needs at least %(least)s cycle; this one has %(have)s.",
        "A session needs at least %(least)s cycles; this one has %(have)s.",
        "n",
    ),
}

SCRIPTS = (
    *("alerts", "answers", "clock", "cycle", "dom", "draft", "items", "notes", "recorder"),
    *("review", "rooms", "session", "timer", "words"),
)
MODULE = Module(
    name="observation",
    script="js/observation/recorder.js",
    title=_("Observe a room"),
    files=(
        "css/observation.css",
        "css/recorder.css",
        *(f"js/observation/{name}.js" for name in SCRIPTS),
    ),
    texts=PLACES | CLOCK | CYCLE | ITEMS | ALERTS | REVIEW | OBSTACLES,
    plurals=PLURALS,
)
