"""The recorder's rules in the browser say what the server's policies say, word for word."""

import random

import pytest
from django.utils import translation

from observation import policies
from observation.actions import cycles
from observation.recorder import MODULE
from tests.factories import recorded
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

CASES = 400
RUN = """async ({cases, moments}) => {
  const rules = await import("/static/js/observation/session.js");
  const plain = (answers) => Object.fromEntries(
    Object.entries(answers).map(([code, one]) => [code, [one.state, one.value, one.note]]));
  return cases.map(({instrument, session}) => ({
    obstacles: rules.obstacles(instrument, moments, session),
    unanswered: Object.fromEntries(rules.unanswered(instrument.content, session)),
    final: Object.fromEntries(rules.filled(session).map((cycle) =>
      [cycle.number, plain(rules.final(instrument.content, session, cycle))])),
    bounds: [rules.MOST_CYCLES, rules.NOTE_LENGTH],
  }));
}"""


def sentence(key: str, values: dict) -> str:
    if key in MODULE.plurals:
        return str(MODULE.plurals[key] % ({"n": values["least"]} | values))
    return str(MODULE.texts[key] % values)


def on_the_server(instrument: dict, session: dict) -> dict:
    version, items = recorded.version_of(instrument), recorded.items_of(instrument)
    sheets, age_group = recorded.sheets_of(session), session["age_group"]
    missing = policies.unanswered(sheets, items, age_group)
    return {
        "obstacles": list(policies.obstacles(version, sheets, items, age_group)),
        "unanswered": {str(number): codes for number, codes in missing.items() if codes},
        "final": {
            str(sheet.cycle.number): {
                code: list(answer) for code, answer in cycles.final(sheet, items, age_group).items()
            }
            for sheet in sheets
        },
        "bounds": [cycles.MOST_CYCLES, cycles.NOTE_LENGTH],
    }


@pytest.mark.parametrize("language", ["es", "en"])
def test_rules_in_the_browser_are_those_of_the_server(visit, language):
    rng = random.Random(9)  # noqa: S311 — draws cases, keeps no secret
    cases = [
        {"instrument": drawn, "session": recorded.session(rng, drawn["content"])}
        for drawn in (recorded.instrument(rng) for _case in range(CASES))
    ]
    visitor: Visitor = visit(language)
    page = visitor.go("/sin-conexion/")

    found = page.evaluate(RUN, {"cases": cases, "moments": recorded.MOMENTS})

    with translation.override(language):
        for case, one in zip(cases, found, strict=True):
            one["obstacles"] = [sentence(key, values) for key, values, *_place in one["obstacles"]]
            assert one == on_the_server(**case)
    assert sum(bool(one["obstacles"]) for one in found) > CASES / 2
