import pytest
from django.urls import reverse

from observation.actions import drafts, instruments
from observation.enums import ScaleKind, VersionStatus
from observation.forms.scales import ScaleForm
from observation.models import InstrumentVersion
from tests.factories import instruments as other
from tests.factories import observation as make


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


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
        "items",
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
    assert added.url == url("draft_edit", "juego", 1) + "#items-J1"
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
        ("items", "CAL1"),
        ("items", "SEN7"),
        ("dominios", "CAL"),
        ("escalas", "FREQ_0_3"),
        ("escalas", source.scales.get(kind="choice").code),
    ):
        page = as_author.get(url("draft_part", "checklist", 2, part, code))
        form = page.context["form"]
        shown = {field.html_name: field.value() for field in form}
        sent = {name: value for name, value in shown.items() if value is not None and value != ""}
        sent = {name: value for name, value in sent.items() if value is not False}
        if part == "items":
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
def test_item_that_does_not_fit_is_told_and_kept_in_the_form(as_author, other_draft, changes, says):
    before = drafts.known(other_draft)
    sent = item(other_draft, note_es="Escrito con cuidado", **changes)

    page = as_author.post(url("draft_part", "other", 1, "items", "A1"), sent)

    assert page.status_code == 200
    assert says in text(page)
    assert "Escrito con cuidado" in text(page)
    assert drafts.known(other_draft) == before


def test_who_was_told_of_a_change_may_save_again(as_author, other_draft):
    page = as_author.post(
        url("draft_part", "other", 1, "items", "A1"), item(other_draft, known="old")
    )
    again = item(other_draft, known=page.context["known"])

    assert as_author.post(url("draft_part", "other", 1, "items", "A1"), again).status_code == 302


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"maximum": ""}, "Write the highest value"),
        ({"minimum": "3"}, "must lie above"),
        ({"maximum": "90"}, "too many"),
        ({"maximum": "99999"}, "less than or equal"),
        ({"kind": "seldom"}, "Select a valid choice"),
        ({"kind": "choice", "options": ""}, "what can be chosen"),
        ({"options": "| bajo"}, "Line 1"),
        ({"options": "1 | a | b | c"}, "Line 1"),
        ({"options": "1 | a\n\n1 | b"}, "stands once"),
    ],
)
def test_scale_that_does_not_fit_is_told(as_author, other_draft, changes, says):
    sent = {"known": drafts.known(other_draft), "code": "T", "kind": "ordinal", "maximum": "3"}

    page = as_author.post(url("draft_add", "other", 1, "escalas"), sent | changes)

    assert says in text(page)
    assert len(instruments.content_of(other_draft)["scales"]) == 1


@pytest.mark.parametrize("kind", ScaleKind.values)
def test_every_way_to_answer_can_be_written(kind):
    sent = {"code": "T", "kind": kind, "maximum": "3", "options": "1 | bajo | low"}

    form = ScaleForm(sent, content=None)

    assert form.is_valid(), form.errors


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
def test_segments_that_cannot_be_read_are_told(as_author, other_draft, segments):
    sent = {
        "known": drafts.known(other_draft),
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
        ("draft_part", ("other", 1, "items", "NONE")),
        ("draft_anchors", ("other", 1, "NONE")),
        ("draft_remove", ("other", 1, "escalas", "NONE")),
        ("draft_edit", ("other", 9)),
        ("draft_edit", ("none", 1)),
        ("version_start", ("none",)),
        ("version_changes", ("other", 1, 1)),
        ("version_changes", ("other", 1, 7)),
    ],
)
def test_address_of_nothing_is_not_there(as_author, other_draft, name, args):
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


def test_published_version_is_not_edited(as_author, other_draft):
    instruments.publish(version=other_draft)

    page = as_author.post(url("draft_part", "other", 1, "items", "A1"), item(other_draft))

    assert page.status_code == 409
    assert "never changes" in text(page)
