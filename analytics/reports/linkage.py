"""Whether the strands move together, and which rooms will need a mentor next: two sections."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table

C, E, N, P = Kind.COUNT, Kind.ESTIMATE, Kind.NUMBER, Kind.P
STRAND = Column(
    "strand",
    _("Strand"),
    Kind.WORD,
    words={
        "cycles": _("mentoring cycles"),
        "modelled": _("share of cycles in which the mentor modelled"),
        "fidelity": _("fidelity of the cycles"),
        "modules_per_learner": _("lessons per caregiver"),
        "turnover": _("caregivers who left, per post and year"),
        "safety_index": _("parents' safety index of the centre"),
    },
)

STRANDS = Section(
    "strands",
    _("What goes with change"),
    _(
        "Between two official scores of a room: does more of a strand go with a higher second "
        "score, at the same first score? Rooms were not given their dose by lot: what goes "
        "together need not be cause and effect, and no link found is said as plainly as one found."
    ),
    (
        Table(
            "associations",
            _("Each strand by itself"),
            (
                STRAND,
                Column("effect", _("Points per unit"), E),
                Column("per_sd", _("Points per standard deviation"), N),
                Column("p", _("p, for all strands together"), P),
                Column("corrected", _("With the noise of the first score taken out"), E),
            ),
            note=_("A room low by chance rises by itself; so the first score is in each row."),
            chart="effect",
            reference=0.0,
        ),
        Table(
            "within",
            _("Rooms compared with themselves"),
            (STRAND, Column("effect", _("Points per cycle"), E)),
        ),
    ),
)
NEED = Section(
    "need",
    _("Which rooms will need a mentor next"),
    _(
        "The next score of each room, foretold from its last score and what happened since. The "
        "model is used only where it foretells better than the last score alone, in centres that "
        "it has not seen. Rooms whose ranges overlap do not differ."
    ),
    (
        Table(
            "quality",
            _("How well is the next score foretold?"),
            (
                Column(
                    "what",
                    _("What"),
                    Kind.WORD,
                    words={
                        "model": _("model with all strands (R²)"),
                        "last_score": _("last score alone (R²)"),
                        "gain": _("gain of the model"),
                        "slope": _("calibration: points seen per point foretold"),
                    },
                ),
                Column("r2", _("Found"), E),
            ),
        ),
        Table(
            "rooms",
            _("The rooms expected lowest"),
            (
                Column("room", _("Room")),
                Column("centre", _("Centre")),
                Column("score", _("Last score"), N, 0),
                Column("expected", _("Expected"), N, 0),
                Column("low", _("from"), N, 0),
                Column("high", _("to"), N, 0),
                Column("rank_low", _("Place: from"), C),
                Column("rank_high", _("Place: to"), C),
            ),
            note=_("To plan visits, never to reward or to punish."),
        ),
    ),
)
NOTES = {
    "corrected": _(
        "The first score repeats with an ICC of %(value)s (%(n)s rooms seen again within four "
        "weeks without mentoring between)."
    ),
    "not_corrected": _(
        "How noisy the first score is, is not known: too few rooms (%(n)s) were seen again within "
        "four weeks without mentoring between."
    ),
    "model_better": _(
        "The model foretells the next score better than the last score alone (gain %(gain)s, 95 %% "
        "interval %(low)s to %(high)s)."
    ),
    "model_no_better": _(
        "The model foretells the next score no better than the last score alone (gain %(gain)s, "
        "interval %(low)s to %(high)s): rooms are listed by their last score."
    ),
}
