import json
from decimal import Decimal

import pytest

from lrs.sameness import fingerprint
from tests.factories.learning import statement

ANA, EVA = ({"mbox": f"mailto:{name}@x.example"} for name in ("ana", "eva"))
UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
LESSON = {"id": "https://x.example/lesson"}


def group(*members) -> dict:
    return {"objectType": "Group", "member": list(members)}


def sub(**parts) -> dict:
    return statement(object=LESSON, **parts) | {"objectType": "SubStatement"}


def result(**parts) -> dict:
    return statement(result=parts)


def context(**parts) -> dict:
    return statement(context=parts)


def verb(display: dict) -> dict:
    return {"id": "https://x.example/v", "display": display}


SAME = {
    "what the store assigns": (
        statement(),
        statement(id=UUID, stored="2026-01-01T00:00:00Z", version="1.0.0", authority=ANA),
    ),
    "timestamp": (statement(timestamp="2026-01-01T00:00:00Z"), statement()),
    "label of the verb": (statement(verb=verb({"en": "did"})), statement(verb=verb({}))),
    "definition": (
        statement(object=LESSON),
        statement(object=LESSON | {"definition": {"name": {"en": "A"}}}),
    ),
    "definition in the context": (
        context(contextActivities={"other": [LESSON]}),
        context(contextActivities={"other": [LESSON | {"definition": {}}]}),
    ),
    "order of members": (statement(actor=group(ANA, EVA)), statement(actor=group(EVA, ANA))),
    "order in the team": (context(team=group(ANA, EVA)), context(team=group(EVA, ANA))),
    "case of a registration": (context(registration=UUID), context(registration=UUID.upper())),
    "case of a reference": (
        statement(object={"objectType": "StatementRef", "id": UUID}),
        statement(object={"objectType": "StatementRef", "id": UUID.upper()}),
    ),
    "list of one": (
        context(contextActivities={"other": LESSON}),
        context(contextActivities={"other": [LESSON]}),
    ),
    "below a hundredth": (result(duration="PT1.237S"), result(duration="PT1.23S")),
    "zeros of a duration": (result(duration="PT1.50S"), result(duration="PT1.5S")),
    "zone in a sub-statement": (
        statement(object=sub(timestamp="2026-01-01T00:00:00Z")),
        statement(object=sub(timestamp="2025-12-31T18:00:00-06:00")),
    ),
    "digits of a number": (
        result(score={"raw": Decimal("1.0")}),
        result(score={"raw": 1}),
    ),
    "power of ten": (result(score={"raw": Decimal("1E+2")}), result(score={"raw": 100})),
}
OTHER = {
    "actor": (statement(actor=ANA), statement(actor=EVA)),
    "name of the actor": (statement(actor=ANA), statement(actor=ANA | {"name": "Ana"})),
    "verb": (statement(), statement(verb={"id": "https://x.example/v"})),
    "hundredths": (result(duration="PT1.24S"), result(duration="PT1.23S")),
    "hours and minutes": (result(duration="PT60M"), result(duration="PT1H")),
    "order of answers": (
        result(extensions={"https://x.example/e": [1, 2]}),
        result(extensions={"https://x.example/e": [2, 1]}),
    ),
    "true and one": (
        result(extensions={"https://x.example/e": True}),
        result(extensions={"https://x.example/e": 1}),
    ),
    "digits far behind": (
        result(score={"raw": Decimal("1.00000000000000000001")}),
        result(score={"raw": 1}),
    ),
    "number and text": (
        result(extensions={"https://x.example/e": "1"}),
        result(extensions={"https://x.example/e": 1}),
    ),
    "sign": (result(score={"raw": Decimal("-1.5")}), result(score={"raw": Decimal("1.5")})),
    "verb of a sub-statement": (
        statement(object=sub()),
        statement(object=sub(verb={"id": "https://x.example/v"})),
    ),
}


@pytest.mark.parametrize(("one", "another"), SAME.values(), ids=SAME)
def test_statements_are_the_same_whatever_their(one, another):
    assert fingerprint(one) == fingerprint(another)


@pytest.mark.parametrize(("one", "another"), OTHER.values(), ids=OTHER)
def test_statements_are_others_by_their(one, another):
    assert fingerprint(one) != fingerprint(another)


def test_order_of_properties_is_nothing():
    one = statement(result={"success": True, "completion": False})
    another = json.loads(json.dumps(one, sort_keys=True))

    assert fingerprint(one) == fingerprint(dict(reversed(another.items())))
