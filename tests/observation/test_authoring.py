import io

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from core.spreadsheets import read
from observation.actions import drafts, instruments
from observation.enums import VersionStatus
from observation.models import InstrumentVersion, ObservationSession, Rating
from tests.factories import instruments as other
from tests.factories import observation as make
from tests.factories import organisations


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


@pytest.fixture
def author(country):
    return organisations.person("national", country.country)


@pytest.fixture
def as_author(author, sign_in):
    return sign_in(author)


@pytest.fixture
def draft(db):
    return other.draft(other.content(items=2))


def text(page) -> str:
    return page.content.decode()


def item(draft, **changes) -> dict:
    """What the form of the item A1 sends."""
    return {
        "known": drafts.known(draft),
        "code": "A1",
        "kind": "scored",
        "domain": "A",
        "scale": "S",
        "text_es": "Saluda a cada niña y niño",
        "weight": "1",
        **changes,
    }


# ---- one way through


def test_instrument_from_nothing_to_published(as_author):
    started = as_author.post(
        url("instrument_start"), {"code": "juego", "name_es": "Juego", "name_en": "Play"}
    )
    assert started.url == url("draft_edit", "juego", 1)
    draft = InstrumentVersion.objects.get()

    def send(name, *args, **data):
        page = as_author.post(url(name, "juego", 1, *args), {"known": drafts.known(draft)} | data)
        assert page.status_code == 302, text(page)
        return page

    send(
        "draft_rules",
        scoring="mean",
        minimum_answered="50",
        minimum_cycles="1",
        segments="P | Primera | First | 15 | 4, 9",
    )
    send("draft_add", "dominios", code="J", name_es="Juego", name_en="Play")
    send(
        "draft_add",
        "escalas",
        code="NIVEL",
        kind="ordinal",
        minimum="1",
        maximum="3",
        options="1 | bajo | low\n2 | medio | medium\n3 | alto | high",
    )
    added = send(
        "draft_add",
        "reactivos",
        code="J1",
        kind="scored",
        domain="J",
        scale="NIVEL",
        text_es="Juega con",
        weight="2",
        age_groups=["LA", "LB"],
        na_allowed="on",
        na_rule_es="Si nadie juega",
    )
    assert added.url == url("draft_edit", "juego", 1) + "#reactivos-J1"
    send("draft_anchors", "J1", anchor_1_es="Nunca", anchor_3_es="Siempre", anchor_3_en="Always")
    send("version_publish", reason_es="Para el patio")

    version = InstrumentVersion.objects.get()
    said = instruments.content_of(version)
    assert version.status == VersionStatus.PUBLISHED
    assert version.reason == {"es": "Para el patio"}
    assert said["rules"]["minimum_answered"] == "0.50"
    assert said["rules"]["segments"][0]["snapshots"] == [4, 9]
    assert said["scales"][0]["options"][2] == {"value": 3, "label": {"es": "alto", "en": "high"}}
    assert said["items"][0] == {
        "domain": "J",
        "scale": "NIVEL",
        "code": "J1",
        "kind": "scored",
        "text": {"es": "Juega con"},
        "na_rule": {"es": "Si nadie juega"},
        "note": {},
        "anchors": {"1": {"es": "Nunca"}, "3": {"es": "Siempre", "en": "Always"}},
        "age_groups": ["LA", "LB"],
        "moments": [],
        "age_min_months": None,
        "age_max_months": None,
        "na_allowed": True,
        "critical": False,
        "weight": "2.00",
    }


def test_form_of_an_item_of_the_programmes_checklist_changes_nothing_when_sent_as_it_came(
    as_author,
):
    source = make.checklist()
    draft = drafts.begin_version(instrument=source.instrument, source=source, by=None)
    for part, code in (
        ("reactivos", "CAL1"),
        ("reactivos", "SEN7"),
        ("dominios", "CAL"),
        ("escalas", "FREQ_0_3"),
        ("escalas", source.scales.get(kind="choice").code),
    ):
        page = as_author.get(url("draft_part", "checklist", 2, part, code))
        form = page.context["form"]
        shown = {field.html_name: field.value() for field in form}
        sent = {name: value for name, value in shown.items() if value is not None and value != ""}
        sent = {name: value for name, value in sent.items() if value is not False}
        if part == "reactivos":
            sent["moments"] = sorted(sent["moments"])  # as the boxes stand on a page
        kept = as_author.post(page.request["PATH_INFO"], sent | {"known": page.context["known"]})
        assert kept.status_code == 302

    assert drafts.known(draft) == source.content_hash


# ---- nothing lost, nothing wrong kept


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text_es": ""}, "This field is required"),
        ({"code": "1 malo"}, "begins with a letter"),
        ({"code": "A2"}, "taken"),
        ({"scale": "NONE"}, "Select a valid choice"),
        ({"domain": "NONE"}, "Select a valid choice"),
        ({"age_groups": ["XX"]}, "Select a valid choice"),
        ({"na_allowed": "on"}, "Say when it is not applicable"),
        ({"weight": "-1"}, "greater than or equal to 0"),
        ({"weight": "NaN"}, "Enter a number"),
        ({"text_es": "a\x00b"}, "Null characters"),
        ({"text_es": "x" * 1001}, "at most 1000"),
        ({"age_min_months": "9", "age_max_months": "3"}, "must not be less"),
        ({"known": "old"}, "Somebody changed this draft"),
        ({"known": ""}, "Somebody changed this draft"),
    ],
)
def test_item_that_does_not_fit_is_told_and_kept_in_the_form(as_author, draft, changes, says):
    before = drafts.known(draft)
    sent = item(draft, note_es="Escrito con cuidado", **changes)

    page = as_author.post(url("draft_part", "other", 1, "reactivos", "A1"), sent)

    assert page.status_code == 200
    assert says in text(page)
    assert "Escrito con cuidado" in text(page)
    assert drafts.known(draft) == before


def test_who_was_told_of_a_change_may_save_again(as_author, draft):
    page = as_author.post(
        url("draft_part", "other", 1, "reactivos", "A1"), item(draft, known="old")
    )
    again = item(draft, known=page.context["known"])

    assert (
        as_author.post(url("draft_part", "other", 1, "reactivos", "A1"), again).status_code == 302
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"maximum": ""}, "Write the highest value"),
        ({"minimum": "3"}, "must lie above"),
        ({"maximum": "90"}, "too many"),
        ({"maximum": "99999"}, "less than or equal"),
        ({"kind": "yes_no_unseen"}, "Select a valid choice"),
        ({"kind": "choice", "options": ""}, "what can be chosen"),
        ({"options": "| bajo"}, "Line 1"),
        ({"options": "1 | a | b | c"}, "Line 1"),
        ({"options": "1 | a\n\n1 | b"}, "stands once"),
    ],
)
def test_scale_that_does_not_fit_is_told(as_author, draft, changes, says):
    sent = {"known": drafts.known(draft), "code": "T", "kind": "ordinal", "maximum": "3"}

    page = as_author.post(url("draft_add", "other", 1, "escalas"), sent | changes)

    assert says in text(page)
    assert len(instruments.content_of(draft)["scales"]) == 1


@pytest.mark.parametrize(
    "segments",
    [
        "A",
        "A | x",
        "A | x | y | 0",
        "A | x | y | 15 | soon",
        "| x | y | 15",
        "A | x | y | 1 | 2 | 3",
    ],
)
def test_segments_that_cannot_be_read_are_told(as_author, draft, segments):
    sent = {
        "known": drafts.known(draft),
        "scoring": "mean",
        "minimum_answered": "60",
        "minimum_cycles": "1",
        "segments": segments,
    }

    page = as_author.post(url("draft_rules", "other", 1), sent)

    assert "Line 1" in text(page)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("draft_add", ("other", 1, "nada")),
        ("draft_part", ("other", 1, "reactivos", "NONE")),
        ("draft_anchors", ("other", 1, "NONE")),
        ("draft_remove", ("other", 1, "escalas", "NONE")),
        ("draft_edit", ("other", 9)),
        ("draft_edit", ("none", 1)),
        ("version_start", ("none",)),
        ("version_changes", ("other", 1, 1)),
        ("version_changes", ("other", 1, 7)),
    ],
)
def test_address_of_nothing_is_not_there(as_author, draft, name, args):
    assert as_author.get(url(name, *args)).status_code == 404


@pytest.mark.parametrize("source", ["x", "9", "-1", "²", "9" * 5000])
def test_version_from_rubbish_is_not_begun(as_author, source):
    other.published()

    page = as_author.post(url("version_start", "other"), {"source": source})

    assert page.status_code == 404
    assert InstrumentVersion.objects.count() == 1


def test_parents_guide_is_not_written_here(as_author, db):
    guide = instruments.store(
        content=other.content(), code="guide", kind="guide", name=other.words("Guía")
    )

    assert as_author.get(url("draft_edit", "guide", guide.number)).status_code == 404
    assert as_author.get(url("version_start", "guide")).status_code == 404
    instruments.publish(version=guide)
    assert as_author.post(url("version_retire", "guide", guide.number)).status_code == 404


def test_published_version_is_not_edited(as_author, draft):
    instruments.publish(version=draft)

    page = as_author.post(url("draft_part", "other", 1, "reactivos", "A1"), item(draft))

    assert page.status_code == 409
    assert "never changes" in text(page)


# ---- seen, published, retired


def test_preview_shows_the_form_and_keeps_nothing(as_author, draft):
    page = as_author.get(
        url("version_preview", "other", 1), {"age_group": "LA", "moments": ["ALI", "ZZZ"]}
    )

    assert "Lo que se ve 1 (en)" in text(page)
    assert 'name="A1"' in text(page)
    assert not ObservationSession.objects.exists()
    assert not Rating.objects.exists()


def test_text_that_is_missing_in_a_language_is_shown_in_the_other_and_told(as_author):
    said = other.content()
    said["items"][0]["text"] = {"es": "Saluda"}
    other.draft(said)

    page = text(as_author.get(url("instrument_detail", "other", 1)))

    assert '<span lang="es">Saluda</span> <span class="soft">(only in Spanish)' in page
    assert "A1" in text(as_author.get(url("version_publish", "other", 1)))


def test_publish_with_gaps_offers_no_button(as_author):
    other.draft(other.content({"kind": "integer", "minimum": 0}))

    page = as_author.get(url("version_publish", "other", 1))

    assert "no highest value" in text(page)
    assert 'name="reason_es"' not in text(page)
    refused = as_author.post(
        url("version_publish", "other", 1),
        {"known": "", "reason_es": "Sin más"},
    )
    assert refused.status_code == 200
    assert InstrumentVersion.objects.get().status == VersionStatus.DRAFT


def test_publish_needs_a_reason(as_author, draft):
    page = as_author.post(url("version_publish", "other", 1), {"known": drafts.known(draft)})

    assert "This field is required" in text(page)
    assert InstrumentVersion.objects.get().status == VersionStatus.DRAFT


def test_retire_says_what_happens_and_does_it(as_author, country):
    version = make.checklist()
    make.draft(country.here.rooms[0], version=version)
    make.closed(country.here.rooms[0], version=version)

    page = text(as_author.get(url("version_retire", "checklist", 1)))
    as_author.post(url("version_retire", "checklist", 1))

    assert "1 session is under way" in page
    assert "1 closed session keeps" in page
    assert "nobody can begin" in page
    version.refresh_from_db()
    assert version.status == VersionStatus.RETIRED
    assert as_author.post(url("version_retire", "checklist", 1)).status_code == 409


# ---- what changed


@pytest.fixture
def two(db):
    other.published(other.content(items=3))
    said = other.content(items=3)
    said["items"][0]["text"] = other.words("=Dicho de otro modo")
    del said["items"][2]
    return instruments.publish(
        version=other.draft(said, number=2), reason={"es": "Más corto", "en": "Shorter"}
    )


def test_changes_are_read_by_a_mentor_and_downloaded(country, two, sign_in):
    client = sign_in(organisations.person("mentor", country.here.centre))

    page = text(client.get(url("version_changes", "other", 2, 1)))
    files = {
        form: client.get(url("version_changes_file", "other", 1, 2, form))
        for form in ("pdf", "xlsx", "csv")
    }

    assert "from version 1 to version 2" in page
    assert "not comparable" in page
    assert "A3" in page
    assert "http://testserver/observacion/instrumentos/other/1/cambios/2/" in page
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    assert [cell.value for cell in book["Changes"][2]] == [
        *("Item", "A1", "'=Dicho de otro modo (en)", "reworded"),
        *("Lo que se ve 1 (en)", "'=Dicho de otro modo (en)"),
    ]
    rows = [row.values for row in read(files["csv"].content, "changes.csv").rows]
    assert [list(row.values())[1] for row in rows] == ["A1", "A3"]
    words = pypdf.PdfReader(io.BytesIO(files["pdf"].content)).pages[0].extract_text()
    assert "Shorter" in words
    assert client.get("/observacion/instrumentos/other/1/cambios/2/cambios.exe").status_code == 404


def test_changes_of_a_draft_are_for_authors(country, two, as_author, author, sign_in):
    drafts.begin_version(instrument=two.instrument, source=two, by=author)
    assert "Nothing differs" in text(as_author.get(url("version_changes", "other", 2, 3)))

    client = sign_in(organisations.person("mentor", country.here.centre))

    assert client.get(url("version_changes", "other", 2, 3)).status_code == 404
    assert client.get(url("instrument_detail", "other", 3)).status_code == 404
    assert "version 3" not in text(client.get(url("instrument_list")))


@pytest.mark.parametrize("versions", [1, 3])
def test_list_asks_as_many_queries_for_three_versions_as_for_one(
    as_author, versions, django_assert_num_queries
):
    for number in range(1, versions + 1):
        other.published(other.content(items=number), number=number)

    with django_assert_num_queries(8):
        page = as_author.get(url("instrument_list"))

    assert text(page).count("What changed since version") == versions - 1


def test_list_says_what_each_version_changed_and_what_to_do_next(as_author, two):
    page = text(as_author.get(url("instrument_list")))

    assert "Items removed: 1; reworded: 1; scores not comparable" in page
    assert "Shorter" in page
    assert url("version_start", "other") in page
    as_author.post(url("version_start", "other"), {"source": "2"})
    assert "Go on with version 3" in text(as_author.get(url("instrument_list")))
