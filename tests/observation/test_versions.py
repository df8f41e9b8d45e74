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


def text(page) -> str:
    return page.content.decode()


# ---- seen, published, retired


def test_preview_shows_the_form_and_keeps_nothing(as_author, other_draft):
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


def test_publish_needs_a_reason(as_author, other_draft):
    page = as_author.post(url("version_publish", "other", 1), {"known": drafts.known(other_draft)})

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
