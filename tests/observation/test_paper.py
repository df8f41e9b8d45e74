import io
import uuid

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from observation.enums import RatingState
from observation.models import ObservationSession, Rating, SafeguardingAlert
from observation.serializers import paper_codes
from observation.views import paper_pdf
from tests.factories import instruments as others
from tests.factories import organisations

LINE = " ".join(["2"] * 24)


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


@pytest.fixture
def typed(room):
    """What an observer types: two full cycles of the checklist."""
    return {
        "room": room.pk,
        "caregiver": organisations.person("caregiver", room).pk,
        "observed_on": timezone.localdate().isoformat(),
        "purpose": "formative",
        "id": str(uuid.uuid4()),
        "c1-moments": ["ALI"],
        "c1-started_at": "09:00",
        "c1-ended_at": "09:18",
        "c1-answers": LINE,
        "c1-alerts": "0 0 0 0",
        "c1-context": "B 5/3 2 1 0",
        "c2-moments": ["JUE"],
        "c2-started_at": "10:00",
        "c2-ended_at": "10:16",
        "c2-answers": LINE,
    }


@pytest.fixture
def mentor(country, sign_in):
    return sign_in(organisations.person("mentor", country.here.centre))


ENTRY = ("paper_entry", "checklist", 1)


def test_paper_form_is_shown_before_it_is_kept_and_then_closes(version, mentor, typed):
    page = mentor.post(url(*ENTRY), typed)
    assert not ObservationSession.objects.exists()
    assert "Saluda" not in page.content.decode()
    assert "Greets most children by name; at times from afar or standing." in page.content.decode()

    kept = mentor.post(url(*ENTRY), typed | {"seen": page.context["seen"]})

    session = ObservationSession.objects.get()
    assert kept.url == url("session_review", session.pk)
    assert Rating.objects.filter(state=RatingState.SCORED, value=2).count() == 48
    assert session.cycles.get(number=1).context == {
        "CTX1": "ALI", "CTX2": [5, 3], "CTX3": 2, "CTX4": True, "CTX5": 0,
    }  # fmt: skip
    closed = mentor.post(kept.url, {})
    assert closed.url == url("session_detail", session.pk)


def test_who_observes_can_print_the_form(version, mentor):
    page = mentor.get(url("paper_forms")).content.decode()
    address = url("paper_print", "checklist", 1, "papel-a4.pdf")
    printed = mentor.get(address)

    assert f'href="{address}"' in page
    assert len(pypdf.PdfReader(io.BytesIO(printed.content)).pages) > 1
    assert printed.headers["Content-Disposition"].endswith('"checklist-1-papel-a4.pdf"')
    assert mentor.get(url("paper_print", "checklist", 1, "papel.pdf")).status_code == 404


def test_code_changed_after_it_was_shown_is_shown_again(version, mentor, typed):
    page = mentor.post(url(*ENTRY), typed)

    again = mentor.post(
        url(*ENTRY),
        typed | {"seen": page.context["seen"], "c1-answers": LINE.replace("2", "3", 1)},
    )

    assert again.status_code == 200
    assert not ObservationSession.objects.exists()


def test_sent_twice_is_one_session(version, mentor, typed):
    seen = mentor.post(url(*ENTRY), typed).context["seen"]

    for _again in range(2):
        mentor.post(url(*ENTRY), typed | {"seen": seen})

    assert ObservationSession.objects.count() == 1
    assert Rating.objects.count() == 48


def test_alert_is_raised_at_once_and_asks_what_happened(version, mentor, typed):
    typed |= {"c1-alerts": "0 1 0 0"}
    seen = mentor.post(url(*ENTRY), typed).context["seen"]

    kept = mentor.post(url(*ENTRY), typed | {"seen": seen})

    assert SafeguardingAlert.objects.get().item.code == "ALE2"
    refused = mentor.post(kept.url, {})
    assert "Describe what happened for each alert that you marked: ALE2." in (
        refused.content.decode()
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"c1-answers": LINE + " 2"}, "c1-answers"),
        ({"c1-answers": LINE.replace("2", "9", 1)}, "c1-answers"),
        ({"c1-answers": LINE.replace("2", "N", 1)}, "c1-why"),
        ({"c1-answers": "x" * 5000}, "c1-answers"),
        ({"c1-answers": "\x00"}, "c1-answers"),
        ({"c1-alerts": "0 2 0 0"}, "c1-alerts"),
        ({"c1-context": "B 5 2 1 0"}, "c1-context"),
        ({"c1-moments": ["XXX"]}, "c1-moments"),
        ({"c1-ended_at": "08:00"}, "c1-ended_at"),
        ({"c1-started_at": "25:00"}, "c1-started_at"),
        ({"room": "999999"}, "room"),
        ({"id": "x"}, "id"),
        ({"observed_on": "31/31/2026"}, "observed_on"),
    ],
)
def test_rubbish_is_told_beside_its_field_and_nothing_is_kept(
    version, mentor, typed, change, field
):
    response = mentor.post(url(*ENTRY), typed | change)

    assert field in response.context["form"].errors
    assert not ObservationSession.objects.exists()


def test_form_without_any_codes_is_refused(version, mentor, typed):
    blank = {name: value for name, value in typed.items() if not name.startswith("c1-")}
    blank = {name: value for name, value in blank.items() if not name.startswith("c2-")}

    response = mentor.post(url(*ENTRY), blank)

    assert response.context["form"].non_field_errors() == [
        "Type in the codes of at least one cycle."
    ]


def test_refusal_of_the_session_leaves_nothing_half_written(version, mentor, typed):
    typed |= {"observed_on": "2999-01-01"}
    seen = mentor.post(url(*ENTRY), typed).context["seen"]

    response = mentor.post(url(*ENTRY), typed | {"seen": seen})

    assert response.context["form"].non_field_errors()
    assert not ObservationSession.objects.exists()


@pytest.mark.parametrize(
    ("scale", "line", "values", "rules"),
    [
        (others.DICHOTOMOUS, "1 0", [1, 0], {}),
        (others.FIVE, "5 1", [5, 1], {"scoring": "range"}),
        (others.SEVEN, "77", [7, 7], {"scoring": "range"}),
        (others.LEVELS, "1 3", [1, 3], {"scoring": "range"}),
        (others.TEN, "10 0", [10, 0], {}),
        (others.COUNT, "132 0", [132, 0], {"scoring": "mean"}),
        (others.LOOKS, "101 000", [2, 0], {"segments": others.SEGMENTS}),
    ],
)
def test_any_scale_is_typed_in_and_kept(room, mentor, typed, scale, line, values, rules):
    others.published(others.content(scale, **rules))
    entry = {name: value for name, value in typed.items() if name[:3] not in ("c1-", "c2-")}
    entry |= {"c1-answers": line, "c1-started_at": "09:00", "c1-ended_at": "09:20"}
    where = url("paper_entry", "other", 1)

    seen = mentor.post(where, entry).context["seen"]
    mentor.post(where, entry | {"seen": seen})

    kept = Rating.objects.order_by("item__order").values_list("value", flat=True)
    assert list(kept) == values


def test_room_of_another_region_cannot_be_chosen(country, version, mentor, typed):
    response = mentor.post(url(*ENTRY), typed | {"room": country.elsewhere.rooms[0].pk})

    assert "room" in response.context["form"].errors


def test_list_of_forms_shows_the_code_that_is_printed(version, mentor):
    page = mentor.get(url("paper_forms")).content.decode()

    assert paper_codes.form_code(version, version.content_hash) in page


def test_list_of_forms_asks_as_much_for_three_as_for_one(
    version, mentor, django_assert_max_num_queries
):
    from django.db import connection  # noqa: PLC0415 — only to count
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 — likewise

    with CaptureQueriesContext(connection) as one:
        mentor.get(url("paper_forms"))
    others.published(code="a")
    others.published(code="b")

    with django_assert_max_num_queries(len(one)):
        mentor.get(url("paper_forms"))


# ---- the printed form


def printed(version, size="papel-carta.pdf") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(paper_pdf.render(version, paper_pdf.SIZES[size], "es")))


def words(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_printed_form_has_every_item_with_its_anchors_and_the_code_on_each_page(version):
    reader = printed(version)

    text = words(reader)
    for item in version.items.all():
        if item.scale.kind != "time_range":  # from and to stand beside each cycle
            assert f"{item.code}. " in text
    assert "2 = Greets most children by name; at times from afar or standing." in text
    code = paper_codes.form_code(version, version.content_hash)
    assert all(code in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(
    ("size", "points"), [("papel-carta.pdf", (612, 792)), ("papel-a4.pdf", (595, 842))]
)
def test_printed_form_has_the_size_asked_for(version, size, points):
    page = printed(version, size).pages[0]

    assert (round(page.mediabox.width), round(page.mediabox.height)) == points


@pytest.mark.parametrize(
    "scale",
    [others.DICHOTOMOUS, others.FIVE, others.SEVEN, others.LEVELS, others.COUNT, others.LOOKS],
)
def test_any_scale_is_printed(db, scale):
    assert "A2. " in words(printed(others.draft(others.content(scale))))


def test_draft_says_on_paper_that_it_is_one(db):
    assert "DRAFT: not for observing yet." in words(printed(others.draft()))


def test_same_version_prints_the_same_bytes(version):
    size = paper_pdf.SIZES["papel-carta.pdf"]

    assert paper_pdf.render(version, size, "es") == paper_pdf.render(version, size, "es")


def test_instrument_with_very_long_texts_is_printed_whole(db):
    said = others.content(items=3)
    said["items"][1]["text"] = others.words("palabra " * 700)

    assert "A3. " in words(printed(others.draft(said)))


def test_alerts_and_context_are_headed_as_they_are_typed_in(db):
    said = others.content()
    said["scales"].append({"code": "P", **others.SEEN})
    said["items"].append(said["items"][0] | {"code": "ALE1", "kind": "alert", "scale": "P"})
    said["items"][-1]["anchors"] = {}

    text = words(printed(others.published(said)))

    assert (text.count("Calidez"), text.count("Treatment alerts")) == (1, 1)
