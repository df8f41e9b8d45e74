"""Times the statistics of ``measurement`` on the synthetic country, one after the other."""

import numpy as np

from measurement.agreement import icc
from measurement.cfa import Model, cfa_ordinal
from measurement.dimensionality import polychoric
from measurement.evaluation.robust import fit as robust_fit
from measurement.irt import fit_grm, rasch_cml
from measurement.multilevel import MixedFit, binomial_mixed, linear_mixed, ordinal_mixed
from measurement.partials import alpha_bootstrap, icc_bootstrap, item_sums, score_sums
from measurement.reliability import cronbach_alpha
from measurement.sampling.estimation import SurveyDesign, survey_mean
from tests.benchmarks.measurement.data import RESAMPLES, SEED, Country
from tests.benchmarks.measurement.timing import Values, tell


def alpha(made: Country) -> Values:
    found = cronbach_alpha(made.items)
    return {
        "alpha": found.estimate.value,
        "standardised": found.standardised.value,
        "lambda6": found.lambda6.value,
        "ase": found.ase,
    }


def alpha_centres(made: Country) -> Values:
    sums = item_sums(made.items, made.sessions["centre"])
    found = alpha_bootstrap(sums, np.random.default_rng(SEED), RESAMPLES)
    return {"alpha": found.value, "low": found.low, "high": found.high}


def icc_forms(made: Country) -> Values:
    found = icc(made.by_room)
    return {form: found[form].value for form in ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(3,k)")}


def icc_centres(made: Country) -> Values:
    sums = score_sums(made.sessions["score"], made.sessions["room"], made.sessions["centre"])
    found = icc_bootstrap(sums, np.random.default_rng(SEED), RESAMPLES)
    return {"ICC(1,1)": found.value, "low": found.low, "high": found.high}


def mixed(made: Country) -> Values:
    groups = {name: made.sessions[name] for name in ("centre", "room")}
    return _variances(linear_mixed(made.sessions["score"], None, groups))


def mixed_crossed(made: Country) -> Values:
    groups = {name: made.sessions[name] for name in ("centre", "room", "mentor")}
    return _variances(linear_mixed(made.sessions["score"], None, groups))


def binomial(made: Country) -> Values:
    told = made.answers
    groups = {name: told[name] for name in ("centre", "room")}
    found = binomial_mixed(told["yes"], told[["taught"]], groups)
    sd = found.components.set_index("group")["sd"]
    return {
        "taught": found.fixed.loc["taught", "est"],
        "se": found.fixed.loc["taught", "se"],
        "room": sd["room"],
        "centre": sd["centre"],
    }


def ordinal(made: Country) -> Values:
    found = ordinal_mixed(made.items["i01"], None, {"centre": made.sessions["centre"]})
    return {
        "first": found.thresholds["est"].iloc[0],
        "centre": found.components.set_index("group").loc["centre", "sd"],
        "loglik": found.loglik,
    }


def graded(made: Country) -> Values:
    found = fit_grm(made.items)
    hardest = found.steps[found.steps["item"] == "i24"]["difficulty"].iloc[-1]
    return {
        "loglik": found.loglik,
        "slope": found.items.loc["i01", "slope"],
        "hardest": hardest,
    }


def rasch(made: Country) -> Values:
    found = rasch_cml((made.items >= 2).astype(float))
    return {"loglik": found.loglik, "difficulty": found.items.loc["i01", "location"]}


def polychorics(made: Country) -> Values:
    matrix = polychoric(made.items).matrix
    return {"first": matrix.loc["i01", "i02"], "last": matrix.loc["i23", "i24"]}


def factors(made: Country) -> Values:
    found = cfa_ordinal(made.items, Model(made.domains))
    names = ("chisq", "chisq_scaled", "cfi_scaled", "rmsea_scaled", "srmr")
    return {name: found.fit[name] for name in names}


def survey(made: Country) -> Values:
    told = made.sessions
    design = SurveyDesign(told["weight"], told["region"], told["centre"], told["centres"])
    found = survey_mean(told["score"], design)
    return {"mean": found.estimate.value, "se": found.se, "deff": found.deff}


def robust(made: Country) -> Values:
    found = robust_fit(
        made.sessions["score"],
        made.sessions[["treated"]],
        made.sessions["centre"],
    )
    row = found.coefficients.set_index("name").loc["treated"]
    return {"slope": row["estimate"], "se": row["se"], "df": row["df"]}


def _variances(found: MixedFit) -> Values:
    sd = found.components.set_index("group")["sdcor"]
    mean = found.fixed["est"].iloc[0]
    return {"mean": mean, "criterion": found.criterion} | sd.to_dict()


if __name__ == "__main__":
    tell(
        {
            "alpha": alpha,
            "alpha_centres": alpha_centres,
            "icc": icc_forms,
            "icc_centres": icc_centres,
            "mixed": mixed,
            "mixed_crossed": mixed_crossed,
            "binomial": binomial,
            "ordinal": ordinal,
            "graded": graded,
            "rasch": rasch,
            "polychoric": polychorics,
            "factors": factors,
            "survey": survey,
            "robust": robust,
        }
    )
