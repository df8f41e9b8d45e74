"""The board: centres without ranks, what is still to be fixed, how far the toolkit has come."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.reports import linkage
from analytics.reports.declaration import Column, Drawing, Kind, Report, Section, Table
from core.charts import WHERE

C, E, N = Kind.COUNT, Kind.ESTIMATE, Kind.NUMBER
CENTRE = Column("name", _("Centre"))
CODE = Column("code", _("Code"))
POSITION = Column("position", _("Where it lies"), Kind.WORD, words=WHERE)
PER_CENT = (0.0, 100.0)


def _compared(
    size: str | Promise, value: str | Promise, title: str | Promise, strand: str
) -> tuple[Table, ...]:
    """The tables of centres beside each other by ``value``, each resting on ``size``."""
    own = (Column("n", size, C), Column("value", value, N, 1))
    return (
        Table(
            "places",
            title,
            (
                CENTRE,
                CODE,
                *own,
                Column("target", _("All together"), N, 1),
                Column("low_99.8", _("99.8 % limits: from"), N, 1),
                Column("low_95", _("95 % limits: from"), N, 1),
                Column("high_95", _("95 % limits: to"), N, 1),
                Column("high_99.8", _("99.8 % limits: to"), N, 1),
                POSITION,
            ),
            note=_(
                "Each dot is a centre: pale within the limits, full outside the 95 % limits. Marks "
                "lie outside the 99.8 % limits; the farthest have their names."
            ),
            chart="value",
            drawing=Drawing.FUNNEL,
            listed=False,
            limits=PER_CENT,
            strand=strand,
        ),
        Table(
            "counts",
            _("How many lie outside, and how many would by chance"),
            (
                Column(
                    "limits",
                    _("Limits"),
                    Kind.WORD,
                    words={"95": _("95 % limits"), "99.8": _("99.8 % limits")},
                ),
                Column("outside", _("Centres outside"), C),
                Column("expected", _("By chance alone, about"), N),
            ),
        ),
        Table(
            "outside",
            _("Centres outside the limits, in order of their codes"),
            (
                CENTRE,
                CODE,
                POSITION,
                *own,
                Column("shrunken", _("Drawn towards the others"), E, 1),
            ),
            note=_(
                "The last column is the best guess of a centre's true figure: few data are drawn "
                "more towards all centres together."
            ),
        ),
    )


SCORES = Section(
    "scores",
    _("Official scores of centres"),
    _(
        "There are no ranks here: most differences between centres are chance. Outside the limits "
        "chance is an unlikely reason: go there, look and ask; do not reward or punish."
    ),
    _compared(_("Sessions"), _("Mean score"), _("Centres and the limits of chance"), "observation"),
)
SAFETY = Section(
    "safety",
    _("What parents saw"),
    _(
        "The safety index is yes among the yes and no of a centre's parents. Parents look on "
        "directly: it is not an inspection by experts. A centre far below the limits is the first "
        "to visit."
    ),
    _compared(_("Answers"), _("Safety index"), _("Centres and what parents saw"), "families"),
)
CLEARING = Section(
    "clearing",
    _("Time to fix what was found"),
    _(
        "Half of the findings are fixed within the days of the last column. Those that are still "
        "open count too, else only the quick ones would be seen. Begin with the overdue ones of "
        "high severity."
    ),
    (
        Table(
            "open",
            _("Findings on the last day"),
            (
                Column(
                    "severity",
                    _("Severity"),
                    Kind.WORD,
                    words={
                        "high": _("high"),
                        "medium": _("medium"),
                        "low": _("low"),
                        "all": _("all together"),
                    },
                ),
                Column("open", _("Open"), C),
                Column("overdue", _("of these overdue"), C),
                Column("done", _("Fixed"), C),
                Column("in_time", _("Fixed in time (%)"), E, 0),
                Column("median", _("Days until half are fixed"), E, 0),
            ),
        ),
        Table(
            "curve",
            _("Findings still open, by days since the visit"),
            (
                Column("days", _("Days since the visit")),
                Column("share", _("Still open (%)"), E, 0),
            ),
            chart="share",
            drawing=Drawing.LINE,
            limits=PER_CENT,
            strand="families",
        ),
    ),
)
ADOPTION = Section(
    "adoption",
    _("How far the toolkit has spread"),
    _(
        "How many rooms have had a first whole mentoring cycle, and how many of those who work "
        "here today have completed a first lesson. Where a line stays flat, ask what stands in "
        "the way."
    ),
    (
        Table(
            "months",
            _("Begun by the end of each month"),
            (
                Column("month", _("Month"), Kind.NAME),
                Column("rooms", _("Rooms with a mentoring cycle (%)"), E, 0),
                Column("caregivers", _("Caregivers with a lesson (%)"), E, 0),
                Column("mentors", _("Mentors with a lesson (%)"), E, 0),
            ),
            note=_("The points of a line share their people: compare lines within one month."),
            chart="rooms",
            drawing=Drawing.LINE,
            limits=PER_CENT,
            strand="mentoring",
        ),
        Table(
            "ends",
            _("Where it may end"),
            (
                Column("tier", _("Who"), Kind.NAME),
                Column("begun", _("Begun so far"), C),
                Column("of", _("of"), C),
                Column("end", _("Will have begun at last"), E, 0),
            ),
            note=_("By a curve through the months so far; it holds while nothing else is done."),
        ),
    ),
)
ANSWERED = Section(
    "answered",
    _("Who answered"),
    _(
        "Parents' guides by region and by who runs the centre. Nobody can be found in this table, "
        "so it may be passed on; the other parts are for those who answer for the centres."
    ),
    (
        Table(
            "guides",
            _("Parents' guides"),
            (
                Column("region", _("Region"), Kind.WORD, words={"total": _("All together")}),
                Column("direct", _("Direct provision"), Kind.GUARDED),
                Column("contracted", _("Contracted provision"), Kind.GUARDED),
                Column("unknown", _("Not recorded"), Kind.GUARDED),
                Column("total", _("All together"), Kind.GUARDED),
            ),
        ),
    ),
)
NOTES = {
    "judged_by": _(
        "The scores are those of “%(instrument)s” (versions that compare: %(versions)s)."
    ),
    "judged_otherwise": _(
        "Official sessions left out, since they were made with another instrument or with a "
        "version whose scores do not compare: %(n)s."
    ),
    "few_centres": _(
        "Centres with data: %(n)s. Limits need %(needed)s. Choose a larger place, or look at each "
        "centre by itself."
    ),
    "mean": _("Mean of %(n)s centres: %(value)s (95 %% interval %(low)s to %(high)s)."),
    "widened": _(
        "Centres differ among themselves by more than chance (overdispersion %(phi)s). The limits "
        "are %(factor)s times as wide as chance alone would make them, so what lies outside "
        "differs from most centres too."
    ),
    "by_chance": _(
        "Centres differ no more than chance would have it (overdispersion %(phi)s). The limits are "
        "those of chance alone."
    ),
    "observers_apart": _(
        "Some observers saw other centres than the rest: how severe they are cannot be told from "
        "how good their centres are. Let two observers see the same room."
    ),
    "nothing_cleared": _(
        "No finding is recorded as fixed: Trenza cannot record that yet. An overdue one may have "
        "been fixed without anybody writing it down."
    ),
    "no_end": _(
        "Where the spread will end cannot be told yet for everyone: at first all curves look alike."
    ),
    "hidden": _(
        "Counts below %(minimum)s are not shown, nor are those from which they could be worked out."
    ),
    "no_minimum": _("The programme has not set from how many parents on a count may be shown."),
}
REPORT = Report(
    "board",
    _("Board"),
    _("Where to look next: centres without ranks, open findings, and how far the toolkit is."),
    (SCORES, SAFETY, CLEARING, ADOPTION, linkage.STRANDS, linkage.NEED, ANSWERED),
    NOTES | linkage.NOTES,
)
