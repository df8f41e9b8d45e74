import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from cms.blocks import QuestionBlock
from cms.fields import ContentField
from cms.models import PracticeCardPage
from cms.models.media import validate_webvtt
from tests.factories import learning as make


@pytest.mark.parametrize("right", [[], [0, 1]])
def test_question_without_exactly_one_right_answer_is_refused(right):
    block = QuestionBlock()
    stored = make.question(choices=3)["value"]
    for n, choice in enumerate(stored["choices"]):
        choice["value"]["correct"] = n in right

    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(stored))

    assert list(refusal.value.block_errors) == ["choices"]


def test_question_with_one_right_answer_is_clean():
    block = QuestionBlock()

    value = block.clean(block.to_python(make.question(right=1)["value"]))

    assert value.right_answer == "Respuesta 1"


def test_content_field_keeps_blocks_out_of_migrations():
    field = PracticeCardPage._meta.get_field("body")

    _name, path, args, kwargs = field.deconstruct()

    assert (path, args) == ("cms.fields.ContentField", [[]])
    assert "block_lookup" not in kwargs
    assert ContentField([]).deconstruct()[2] == [[]]


@pytest.mark.parametrize("start", [b"WEBVTT\n\n00:01", b"\xef\xbb\xbfWEBVTT - title\n"])
def test_captions_that_are_webvtt_are_accepted(start):
    validate_webvtt(ContentFile(start))


@pytest.mark.parametrize("start", [b"", b"1\n00:00:01,000 --> 00:00:02,000\nHola", b"webvtt"])
def test_captions_that_are_no_webvtt_are_refused(start):
    with pytest.raises(ValidationError, match="WEBVTT"):
        validate_webvtt(ContentFile(start))


@pytest.mark.parametrize("items", ["len2", "LEN2 LEN3", "LEN2,", "L2"])
@pytest.mark.django_db
def test_item_codes_malformed_are_refused(items):
    card = PracticeCardPage(title="A", slug="a", domain="B", summary="C", items=items)

    with pytest.raises(ValidationError) as refusal:
        card.clean_fields(exclude=["path", "depth", "body", "content_type", "locale"])

    assert list(refusal.value.message_dict) == ["items"]


@pytest.mark.django_db
def test_item_codes_twice_are_refused():
    card = PracticeCardPage(title="A", slug="a", items="LEN2, LEN2")

    with pytest.raises(ValidationError) as refusal:
        PracticeCardPage.clean(card)

    assert "items" in refusal.value.message_dict
