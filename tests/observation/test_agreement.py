"""The agreement page: what it counts, and that its figures are measurement's."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from measurement.agreement import icc, quadratic_kappa, side_by_side
from observation import frames
from observation.actions import sessions
from observation.enums import Purpose, VersionStatus
from observation.models import CodingPair, Instrument, InstrumentVersion
from observation.views import agreement
from observation.views.agreement import in_words
from organisations.enums import UnitKind
from tests.factories import double as pairing
from tests.factories import organisations

# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
TABLE = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
WHERE = reverse("observation:agreement")


@pytest.fixture
def ten_points(db) -> InstrumentVersion:
    """One item from 0 to 10, one cycle."""
    instrument = Instrument.objects.create(code="ten", kind="checklist", name={"es": "Diez"})
    version = InstrumentVersion.objects.create(
        instrument=instrument,
        number=1,
        moments_asked=False,
        routine_and_play=False,
    )
    scale = version.scales.create(code="TEN", kind="ordinal", minimum=0, maximum=10)
    domain = version.domains.create(code="D", order=1, name={"es": "Uno"})
    version.items.create(
        domain=domain, scale=scale, code="X", order=1, kind="scored", text={"es": "Equis"}
    )
    InstrumentVersion.objects.filter(pk=version.pk).update(
        status=VersionStatus.PUBLISHED, published_at=timezone.now(), content_hash="0" * 64
    )
    version.refresh_from_db()
    return version


def give(room, observer, version, value):
    session = sessions.begin(
        room=room,
        caregiver=None,
        by=observer,
        observed_on=pairing.today(),
        version=version,
        purpose=Purpose.OFFICIAL,
    )
    entry = {
        "number": 1,
        "moments": ["ALI", "JUE"],
        "started_at": datetime.time(9),
        "ended_at": datetime.time(9, 18),
        "ratings": {"X": {"state": "scored", "value": value}},
    }
    return sessions.close(session=session, by=observer, cycles=[entry])


@pytest.fixture
def shrout_and_fleiss(country, ten_points) -> InstrumentVersion:
    """Six rooms, each coded by two pairs of the same four observers."""
    judges = [pairing.observer(country.here.rooms[0]) for _judge in range(4)]
    for number, values in enumerate(TABLE):
        room = organisations.unit(
            UnitKind.ROOM, country.here.centre, f"target-{number}", age_group="MA"
        )
        for first, second in ((0, 1), (2, 3)):
            pairing.pair(room, judges[first], judges[second])
        for judge, value in zip(judges, values, strict=True):
            give(room, judge, ten_points, value)
    return ten_points


def asked(version, **fields):
    today = pairing.today()
    period = {"starts_on": today - datetime.timedelta(days=30), "ends_on": today}
    return {"version": version.pk, "purpose": "official"} | period | fields


@pytest.mark.usefixtures("shrout_and_fleiss")
def test_table_of_shrout_and_fleiss_entered_as_sessions(country, ten_points, sign_in):
    client = sign_in(organisations.person("regional", country.here.region))

    figures = client.get(WHERE, asked(ten_points)).context["figures"]

    for row in figures["domains"]:
        assert round(row["icc"].value, 2) == 0.17
        assert round(row["absolute"].value, 2) == 0.29
        assert round(row["consistency"].value, 2) == 0.71
    (item,) = figures["items"]
    assert round(item["icc"].value, 4) == 0.1657


@pytest.mark.usefixtures("shrout_and_fleiss")
def test_figures_of_the_page_are_those_of_measurement(country, ten_points, sign_in):
    client = sign_in(organisations.person("regional", country.here.region))
    response = client.get(WHERE, asked(ten_points))
    (row,) = response.context["figures"]["items"]

    first = [values[place] for values in TABLE for place in (0, 2)]
    second = [values[place] for values in TABLE for place in (1, 3)]
    clusters = list(range(12))
    expected = side_by_side(first, second, clusters)
    assert {name: row[name] for name in expected} == expected
    assert expected["kappa"].value == quadratic_kappa(first, second).value
    text = response.content.decode()
    assert "The interval of kappa is not cut off" in text
    for one in expected.values():
        assert in_words(one) in text


def test_whole_checklist_is_compared_by_cycle_number(country, version, sign_in):
    pairs = [pairing.completed(room, changed={(1, "CAL2"): 0}) for room in country.here.rooms]
    client = sign_in(organisations.person("regional", country.here.region))

    figures = client.get(WHERE, asked(version)).context["figures"]

    ratings, scores = frames.double_codings(CodingPair.objects.all())
    assert list(ratings.columns) == frames.PAIR_COLUMNS
    assert len(ratings.dropna()) == sum(pair.compared for pair in pairs)
    found = {row["name"]: row for row in figures["items"]}
    assert found["CAL2"]["exact"].value == 0.5
    assert found["CAL3"]["exact"].value == 1
    table = scores[scores["domain"] == "ALL"].assign(side=[0, 0, 1, 1])
    sides = table.pivot(index="occasion", columns="side", values="score")
    (whole,) = (row for row in figures["domains"] if row["name"] == "ALL")
    assert whole["icc"].reason == icc(sides)["ICC(1,1)"].reason


def test_page_counts_place_period_purpose_and_version(country, version, sign_in):
    pairing.completed(country.here.rooms[0])
    client = sign_in(organisations.person("national", country.country))
    today = pairing.today()

    def pairs(**fields):
        return client.get(WHERE, asked(version, **fields)).context["pairs"]

    assert pairs() == 1
    assert pairs(unit=country.here.region.pk) == 1
    assert pairs(unit=country.elsewhere.region.pk) == 0
    assert pairs(purpose="formative") == 0
    assert pairs(ends_on=today - datetime.timedelta(days=1)) == 0
    page = client.get(WHERE)
    assert page.context["pairs"] == 1
    neighbour = sign_in(organisations.person("regional", country.elsewhere.region))
    assert neighbour.get(WHERE, asked(version)).context["pairs"] == 0


def test_page_computes_all_or_says_how_many_are_too_many(country, version, sign_in, monkeypatch):
    for place in country.here.rooms[:2]:
        pairing.completed(place)
    client = sign_in(organisations.person("regional", country.here.region))

    monkeypatch.setattr(agreement, "MOST_PAIRS", 2)
    assert client.get(WHERE).context["figures"]["domains"][-1]["pairs"] == 2
    monkeypatch.setattr(agreement, "MOST_PAIRS", 1)
    page = client.get(WHERE)
    assert "figures" not in page.context
    assert "There are 2 double codings; this page computes 1 at most" in page.content.decode()


@pytest.mark.usefixtures("shrout_and_fleiss")
def test_long_table_is_a_tap_away(country, ten_points, sign_in, monkeypatch):
    client = sign_in(organisations.person("regional", country.here.region))
    folded = "<summary>By observer, each with her partners (4)</summary>"

    assert folded not in client.get(WHERE, asked(ten_points)).content.decode()
    monkeypatch.setattr(agreement, "AT_ONCE", 3)
    assert folded in client.get(WHERE, asked(ten_points)).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "x\x00"},
        {"version": "99999999999999999999"},
        {"unit": "1e9"},
        {"starts_on": "yesterday"},
        {"starts_on": "2000-01-01"},
        {"ends_on": "1999-01-01"},
        {"purpose": "both"},
    ],
)
def test_rubbish_is_told_beside_its_field(country, version, sign_in, fields):
    client = sign_in(organisations.person("regional", country.here.region))

    response = client.get(WHERE, asked(version) | fields)
    assert response.status_code == 400
    assert "\x00" in fields.get("version", "") or response.context["form"].errors


def test_page_without_double_codings_says_what_to_do(country, version, sign_in):
    client = sign_in(organisations.person("regional", country.here.region))

    assert "Once both observers" in client.get(WHERE).content.decode()


def test_page_before_any_instrument(country, sign_in):
    client = sign_in(organisations.person("regional", country.here.region))

    assert client.get(WHERE).status_code == 200
