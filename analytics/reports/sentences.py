"""What ``measurement`` says of a plan, or of data that do not fit it, in the reader's language.

It knows no Django and writes English; here each of its sentences has one that is translated.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Patterns of whole sentences; what a pattern names is filled into the translation.
SENTENCES: dict[str, str | Promise] = {
    # of a plan
    r"The design must be one of (?P<names>.*)\.": _("The design must be one of %(names)s."),
    r"The estimator of this design must be one of (?P<names>.*)\.": _(
        "The estimator of this design must be one of %(names)s."
    ),
    r"The plan must name the column that says who was mentored \(arm\)\.": _(
        "The plan must name the column that says who was mentored (arm)."
    ),
    r"The plan must name the column that says the period in which mentoring began \(start\)\.": _(
        "The plan must name the column that says in which period mentoring began (start)."
    ),
    r"The plan must name the column that says the period of each row \(period\)\.": _(
        "The plan must name the column that says the period of each row (period)."
    ),
    r"The plan must name the column that says whether a row .* \(after\)\.": _(
        "The plan must name the column that says whether a row is before (0) or after (1): after."
    ),
    r"The plan must name the column that says how much mentoring each unit had \(dose\)\.": _(
        "The plan must name the column that says how much mentoring each unit had (dose)."
    ),
    r"The plan needs a question in words\.": _("The plan needs a question in words."),
    r"The plan needs at least one primary outcome\.": _(
        "The plan needs at least one primary outcome."
    ),
    r"The plan must name the columns of unit and cluster\.": _(
        "The plan must name the columns of unit and cluster."
    ),
    r"No outcome can stand in the plan twice\.": _("No outcome can stand in the plan twice."),
    r"The level alpha must lie between 0 and 0\.5, for example 0\.05\.": _(
        "The level alpha must lie between 0 and 0.5, for example 0.05."
    ),
    r"The least number of rows must be 2 or more, that of clusters too\.": _(
        "The least number of rows must be 2 or more, that of clusters too."
    ),
    r"The number of resamples must be at least 100\.": _(
        "The number of resamples must be at least 100."
    ),
    r"A design has either strata or pairs\.": _("A design has either strata or pairs."),
    r"A reliability lies above 0 and at most at 1\.": _(
        "A reliability lies above 0 and at most at 1."
    ),
    r"A reliability is of use in the design dose only\.": _(
        "A reliability is of use in the design dose only."
    ),
    r"A matched design finds its own pairs\.": _("A matched design finds its own pairs."),
    r"A matched design needs covariates, or a baseline of each outcome, to match on\.": _(
        "A matched design needs covariates, or a baseline of each outcome, to match on."
    ),
    r"Strata and pairs belong to a cluster trial\.": _(
        "Strata and pairs belong to a cluster trial."
    ),
    r"An outcome cannot be its own baseline\.": _("An outcome cannot be its own baseline."),
    r"A difference that would not matter must be above 0\.": _(
        "A difference that would not matter must be above 0."
    ),
    r"Baselines are given for what is no outcome: (?P<names>.*)\.": _(
        "Baselines are given for what is no outcome: %(names)s."
    ),
    r"Equivalence bounds are given for what is no outcome: (?P<names>.*)\.": _(
        "Equivalence bounds are given for what is no outcome: %(names)s."
    ),
    r"Outcomes where lower is better are given for what is no outcome: (?P<names>.*)\.": _(
        "“lower_is_better” names what is no outcome: %(names)s."
    ),
    r"A difference in differences takes its baseline from the rows before\.": _(
        "A difference in differences takes its baseline from the rows before."
    ),
    r"The rule westfall_young needs a cluster trial\.": _(
        "The rule westfall_young needs a cluster trial."
    ),
    r"The multiplicity rule must be one of (?P<names>.*)\.": _(
        "The multiplicity rule must be one of %(names)s."
    ),
    # of data that are not what the plan says
    r"Nobody is in the arm (?P<arm>.*)\.": _("Nobody is in the arm “%(arm)s”."),
    r"The arm must be 0 or 1, or the label of the treated must be named\.": _(
        "The arm must be 0 or 1, or the plan must name that of the mentored (treatment)."
    ),
    r"A comparison needs two arms; leave the rows of other arms out first\.": _(
        "A comparison needs two arms, and there are more: leave the others out of the assignment."
    ),
    r"Cluster (?P<name>.*) stands in both arms\.": _("“%(name)s” stands in both arms."),
    r"Staggered starts need one row for each unit and period\.": _(
        "Staggered starts need one row for each unit and period: give the plan “rows” with “each”."
    ),
    r"Each unit needs one start that is the same in all of its rows\.": _(
        "Each unit needs one start that is the same in all of its rows."
    ),
    r"Each unit needs one cluster that is the same in all of its rows\.": _(
        "Each unit needs one cluster that is the same in all of its rows."
    ),
    r"The column (?P<name>.*) must hold 0 or 1\.": _("The column “%(name)s” must hold 0 or 1."),
}


def sentence(english: str) -> str:
    """The sentence in the language being read; as it stands where nobody translated it."""
    for pattern, told in SENTENCES.items():
        if found := re.fullmatch(pattern, english, re.DOTALL):
            return str(told) % found.groupdict()
    return english
