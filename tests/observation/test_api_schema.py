"""What the description of the API promises, held against what it answers."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from jsonschema import Draft202012Validator

from tests.factories import observation as make
from tests.factories import organisations
from tests.observation.looking import judge

SESSIONS, RATINGS, SCORES, INSTRUMENTS = (
    reverse(f"observation_api:{name}_list") for name in ("session", "rating", "score", "instrument")
)
LISTS = (SESSIONS, RATINGS, SCORES)


@pytest.fixture
def director(country, client):
    person = organisations.person("director", country.here.centre)
    client.force_login(person)
    return person


def test_schema_comes_without_a_warning(tmp_path, capsys):
    file = tmp_path / "schema.json"

    call_command(
        "spectacular", format="openapi-json", file=str(file), validate=True, fail_on_warn=True
    )

    schema = json.loads(file.read_text())
    assert schema["openapi"] == "3.1.0"
    (needed,) = [
        rule["accessToken"]
        for rule in schema["paths"][RATINGS]["get"]["security"]
        if "accessToken" in rule
    ]
    assert needed == ["observation.read"]


def test_answers_are_what_the_schema_promises(room, director, client):
    session = make.closed(room, caregiver=None, purpose="official", observer=judge(room))
    schema = client.get(reverse("api_schema")).json()
    one = reverse("observation_api:session_detail", args=[session.pk])
    version = session.version
    content = reverse(
        "observation_api:instrument_detail", args=[version.instrument.code, version.number]
    )
    asked = {
        **{address: f"{address}?limit=1" for address in (*LISTS, INSTRUMENTS)},
        "/api/observation/sessions/{id}/": one,
        "/api/observation/instruments/{code}/{number}/": content,
    }

    assert set(asked) == set(schema["paths"])
    for path, address in asked.items():
        told = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        promised = told["schema"] | {"components": schema["components"]}
        given = client.get(address).json()
        Draft202012Validator(_closed(promised)).validate(given)


def _closed(told):
    """A schema that allows no field beyond those it names."""
    if isinstance(told, list):
        return [_closed(one) for one in told]
    if not isinstance(told, dict):
        return told
    closed = {name: _closed(one) for name, one in told.items()}
    return closed | {"additionalProperties": False} if "required" in told else closed


@pytest.mark.parametrize("address", [*LISTS, INSTRUMENTS])
def test_schema_says_how_each_address_refuses(client, db, address):
    schema = client.get(reverse("api_schema")).json()

    said = schema["paths"][address]["get"]["responses"]

    assert {"200", "400", "401", "403", "429"} <= set(said)
