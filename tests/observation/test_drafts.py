import pytest

from core.models import AuditRecord
from core.refusals import Refusal
from observation.actions import drafts, instruments
from observation.enums import VersionStatus
from observation.models import Instrument, InstrumentVersion
from tests.factories import instruments as other
from tests.factories import observation as make


@pytest.fixture
def draft(db):
    said = other.content(items=3)
    said["domains"].append({"code": "B", "name": other.words("Otro")})
    return other.draft(said)


def codes(draft) -> list[str]:
    return [item["code"] for item in instruments.content_of(draft)["items"]]


def test_begin_makes_an_instrument_with_an_empty_draft(author):
    version = drafts.begin(code="mine", name=other.words("Mía"), by=author)

    assert (version.number, version.status) == (1, VersionStatus.DRAFT)
    assert version.instrument.kind == "checklist"
    with pytest.raises(Refusal, match="another one"):
        drafts.begin(code="mine", name=other.words("Otra"), by=author)


def test_begin_version_copies_to_the_last_letter(author):
    source = make.checklist()

    draft = drafts.begin_version(instrument=source.instrument, source=source, by=author)

    assert draft.number == 2
    assert drafts.known(draft) == source.content_hash
    with pytest.raises(Refusal, match="Version 2"):
        drafts.begin_version(instrument=source.instrument, source=None, by=author)


def test_put_adds_changes_and_renames(draft, author):
    def put(part, entry, was=""):
        known = drafts.known(draft)
        drafts.put(draft=draft, known=known, part=part, entry=entry, was=was, by=author)

    new = instruments.content_of(draft)["items"][0] | {"code": "NEW"}
    put("items", new)
    put("items", {"code": "A1", "text": other.words("Otro texto")}, "A1")
    put("domains", {"code": "C", "name": other.words("Con otro código")}, "A")
    put("scales", {"code": "T", **other.FIVE}, "S")

    said = instruments.content_of(draft)
    assert [domain["code"] for domain in said["domains"]] == ["C", "B"]
    assert {(item["domain"], item["scale"]) for item in said["items"]} == {("C", "T")}
    assert codes(draft) == ["A1", "A2", "A3", "NEW"]
    assert said["items"][0]["text"]["es"] == "Otro texto"
    with pytest.raises(Refusal, match="taken"):
        put("items", {"code": "A2"}, "A1")


@pytest.mark.parametrize(
    ("code", "up", "order"),
    [
        ("A2", True, ["A2", "A1", "A3"]),
        ("A2", False, ["A1", "A3", "A2"]),
        ("A1", True, ["A1", "A2", "A3"]),
        ("A3", False, ["A1", "A2", "A3"]),
    ],
)
def test_move_changes_places_within_the_domain(draft, author, code, up, order):
    drafts.move(draft=draft, known=drafts.known(draft), part="items", code=code, up=up, by=author)

    assert codes(draft) == order


def test_move_of_a_domain_takes_its_items_along(draft, author):
    drafts.put(
        draft=draft,
        known=drafts.known(draft),
        part="items",
        entry={"code": "A1", "domain": "B"},
        was="A1",
        by=author,
    )
    assert codes(draft) == ["A2", "A3", "A1"]

    drafts.move(
        draft=draft, known=drafts.known(draft), part="domains", code="B", up=True, by=author
    )

    assert codes(draft) == ["A1", "A2", "A3"]


def test_remove_refuses_what_items_need(draft, author):
    def remove(part, code):
        drafts.remove(draft=draft, known=drafts.known(draft), part=part, code=code, by=author)

    remove("items", "A2")
    remove("domains", "B")

    assert codes(draft) == ["A1", "A3"]
    for part, code in (("domains", "A"), ("scales", "S")):
        with pytest.raises(Refusal, match="used by items"):
            remove(part, code)
    with pytest.raises(Refusal, match="not in this draft"):
        remove("items", "A2")


def test_two_who_edit_at_once_are_told(draft, author):
    known = drafts.known(draft)
    entry = {"code": "A1", "weight": 2}
    drafts.put(draft=draft, known=known, part="items", entry=entry, was="A1", by=author)

    with pytest.raises(Refusal, match="Somebody changed this draft"):
        drafts.remove(draft=draft, known=known, part="items", code="A2", by=author)
    with pytest.raises(Refusal, match="after you opened it"):
        instruments.publish(version=draft, known=known, by=author)
    assert codes(draft) == ["A1", "A2", "A3"]


def test_published_version_takes_no_edit(draft, author):
    instruments.publish(version=draft, reason={"es": "Hace falta"}, by=author)

    with pytest.raises(Refusal, match="never changes"):
        drafts.set_rules(
            draft=draft, known=drafts.known(draft), rules={"minimum_cycles": 3}, by=author
        )
    with pytest.raises(Refusal, match="never changes"):
        instruments.discard(version=draft, by=author)
    assert InstrumentVersion.objects.get().reason == {"es": "Hace falta"}


def test_reason_is_no_part_of_the_content(draft):
    before = drafts.known(draft)

    published = instruments.publish(version=draft, reason={"es": "Hace falta"})

    assert published.content_hash == before


def test_discard_takes_the_instrument_with_its_only_version(draft, author):
    instruments.discard(version=draft, by=author)

    assert not Instrument.objects.exists()
    assert AuditRecord.objects.filter(action="instruments.discard").count() == 1
