import io

import pypdf
import pytest
from django.core.management import call_command
from django.utils import translation

from cms.models import PracticeCardPage
from observation.actions import sessions
from observation.models import ObservationSession, Rating
from observation.views import feedback, feedback_pdf
from tests.factories import observation as make


def pdf_of(session, language="es") -> pypdf.PdfReader:
    with translation.override(language):
        return pypdf.PdfReader(io.BytesIO(feedback_pdf.render(feedback.read(session), language)))


@pytest.fixture
def session(filled):
    entry = {
        "number": 1,
        "ratings": {
            "CAL2": {"state": "scored", "value": 3, "note": "Sonrió & <b>cantó</b>"},
            "SEN2": {"state": "scored", "value": 0},
            "SEN3": {"state": "na", "note": "Nadie lloró"},
        },
    }
    sessions.save_draft(session=filled, cycles=[entry], by=filled.observer)
    return sessions.close(session=filled, by=filled.observer)


def test_feedback_reads_scores_profile_and_focus(session):
    read = feedback.read(session)

    assert [result.domain.code for result in read.domains] == ["CAL", "SEN", "LEN", "CON"]
    warmth, sensitivity = read.domains[:2]
    assert (warmth.cycles, warmth.items) == (2, 6)
    # LB, feeding: six Warmth items apply, one with 3 and five with 2; free play: five with 2.
    assert warmth.per_cycle == [pytest.approx(13 / 6 * 100 / 3), pytest.approx(200 / 3)]
    assert warmth.score == pytest.approx(sum(warmth.per_cycle) / 2)
    assert sensitivity.score < warmth.score
    assert read.strengths[0].item.code == "CAL2"
    assert len(read.strengths) == 2
    assert read.focus.item.code == "SEN2"
    given = {result.item.code: result.given for result in read.items}
    assert given["SEN3"][0] == "N/A"
    assert given["SEN2"] == ["0", "2"]


def test_pdf_is_one_page_with_language_and_title(session):
    reader = pdf_of(session)

    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/Lang"] == "es"
    assert str(session.unit) in reader.metadata.title
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_pdf_holds_spanish_letters_in_an_embedded_font(session):
    reader = pdf_of(session)

    text = reader.pages[0].extract_text()
    assert "Conducción" in text
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    embedded = [font for font in fonts if "Vera" in font["/BaseFont"]]
    assert embedded
    assert all("/FontFile2" in font["/FontDescriptor"] for font in embedded)


def test_pdf_stays_on_one_page_with_long_texts_and_many_cycles(room):
    draft = make.draft(room)
    draft.caregiver.first_name, draft.caregiver.last_name = "Ñandú " * 20, "Güereña " * 15
    draft.caregiver.save()
    entries = [make.cycle(draft, number, moments=["ALI", "JUE"]) for number in range(1, 7)]
    for entry in entries:
        for rating in entry["ratings"].values():
            rating["note"] = "muy largo " * 40
    session = sessions.close(session=draft, cycles=entries, by=draft.observer)

    assert len(pdf_of(session).pages) == 1


def test_pdf_of_a_session_without_valid_scores_says_so(room):
    draft = make.draft(room)
    one = {"CAL2": {"state": "scored", "value": 1}}
    entries = [make.cycle(draft, number, ratings=one) for number in (1, 2)]
    session = sessions.close(session=draft, cycles=entries, by=draft.observer, leave_missing=True)

    text = pdf_of(session, "en").pages[0].extract_text()

    assert session.scores.exclude(score=None).count() == 0
    assert "not enough" in " ".join(text.split())


def test_cycle_without_a_score_is_a_dash_in_its_narrow_column(filled):
    left_out = {f"CON{number}": None for number in range(1, 5)}
    entry = {"number": 1, "ratings": left_out}
    sessions.save_draft(session=filled, cycles=[entry], by=filled.observer)
    session = sessions.close(session=filled, by=filled.observer, leave_missing=True)

    text = pdf_of(session).pages[0].extract_text()

    assert "insuficie" not in text
    assert "–" in text


def test_pdf_rounds_as_the_page_does(room):
    session = make.closed(room)  # two of three everywhere: 66.67

    words = pdf_of(session, "en").pages[0].extract_text().split()

    assert words.count("67") == 13  # four domains with two cycles each, and over all
    assert "66" not in words


def test_pdf_holds_no_alert(session, room):
    other = make.filled(room)
    entry = {"number": 1, "alerts": {"ALE1": "Hidden fact"}}
    sessions.save_draft(session=other, cycles=[entry], by=other.observer)
    closed = sessions.close(session=other, by=other.observer)

    text = pdf_of(closed).pages[0].extract_text()

    assert "Hidden" not in text
    assert "ALE1" not in text


def test_pdf_is_served_to_who_may_read(session, client):
    client.force_login(session.caregiver)

    response = client.get(f"/observacion/{session.pk}/hoja.pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert Rating.objects.count() == 48
    assert ObservationSession.objects.count() == 1


def test_focus_leads_to_a_practice_card_on_the_page_and_in_the_pdf(session, client):
    call_command("load_content")
    PracticeCardPage.objects.update(items="SEN2")
    client.force_login(session.caregiver)

    with translation.override("es"):
        read = feedback.read(session)
    page = client.get(f"/observacion/{session.pk}/", headers={"Accept-Language": "es"})
    text = " ".join(pdf_of(session).pages[0].extract_text().split())

    assert read.card.codes == ["SEN2"]
    assert f'href="{read.card.url}"' in page.content.decode()
    assert read.card.title in text
    assert read.card.url.rstrip("/").rsplit("/", 1)[1] in text.replace(" ", "")


def test_focus_without_a_card_leads_nowhere(session):
    assert feedback.read(session).card is None
