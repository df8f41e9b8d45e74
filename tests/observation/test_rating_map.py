import pytest
from django.core.exceptions import ValidationError

from observation.serializers import rating_map
from tests.factories.rating_maps import WIDE


@pytest.mark.parametrize(
    ("given", "wrong", "sentence"),
    [
        ('"taller"', '"Mi Taller"', "“instrument”: write small letters, digits and hyphens."),
        ('"taller"', '""', "“instrument” is empty."),
        ('"taller"', f'"{"x" * 65}"', "“instrument” may have 64 letters at most."),
        ('"taller"', '["taller"]', "“instrument” must be a text."),
        ("header_rows = 2", "header_rows = 0", "“header_rows” must be 1 or more."),
        ("header_rows = 2", "header_rows = 21", "“header_rows” must be 20 or less."),
        ("header_rows = 2", "header_rows = true", "“header_rows” must be a whole number."),
        ("header_rows = 2", 'layout = "tall"', "“layout” must be one of: wide, long."),
        ("header_rows = 2", "sheet = 5", "“sheet” must be a text."),
        ("header_rows = 2", "name = 5", "“name” must be a table."),
        ("header_rows = 2", "name = { es = 5 }", "“name.es” must be a text."),
        ("header_rows = 2", "color = 5", "“color” is not known."),
        ("[columns]", "[columnas]", "“columns” is missing. “columnas” is not known."),
        ('rater = "Observadora"', "", "“columns.rater” is missing."),
        ('"Observadora"', "5", "“columns.rater” must be a text."),
        ('"Observadora"', r'"a\u0000"', "“columns.rater” holds a character that cannot be kept."),
        ('["Sala"]', "5", "“columns.object” must be a list."),
        ('["Sala"]', "[]", "“columns.object” is empty."),
        ('["N/A"]', "5", "“read.not_applicable” must be a list."),
        ('{ "A?" = "A" }', '["A?"]', "“read.replace” must be a table."),
        ("{ B = 1, M = 2, A = 3 }", '["B"]', "“scales.letras.values” must be a table."),
        ("B = 1", 'B = "1"', "“scales.letras.values.B” must be a whole number."),
        ("B = 1", f"B = {10**30}", "“scales.letras.values.B” must be 32767 or less."),
        (
            "maximum = 3",
            "maximum = 0",
            "“scales.pasos”: give “values”, or “minimum” below “maximum”.",
        ),
        ("maximum = 3", "maximum = 1000", "“scales.pasos”: 1000 steps are the most."),
        ("minimum = 0", "minimum = -32769", "“scales.pasos.minimum” must be -32768 or more."),
        (
            "[scales.letras]",
            f"[scales.{'x' * 65}]",
            f"“scales.{'x' * 65}” may have 64 letters at most.",
        ),
        ('"letras"', '"sol"', "“items.2.scale” is “sol”, which the map does not have."),
        ('"letras"', '["letras"]', "“items.2.scale” must be a text."),
        ('"CAL"', '["CAL"]', "“items.1.domain” must be a text."),
        ('"CAL"', f'"{"x" * 33}"', "“items.1.domain” may have 32 letters at most."),
        ('["V1"]', '"V1"', "“items.2.codes” must be a list."),
        ('["V1"]', f'["{"x" * 65}"]', "“items.2.codes.1” may have 64 letters at most."),
        ('["C:D"]', "[]", "“items.1.columns” is empty."),
        (
            "header_rows = 2",
            'layout = "long"',
            "A long table needs “columns.item” and “columns.value”.",
        ),
    ],
)
def test_map_with_a_fault_says_which(given, wrong, sentence):
    text = WIDE.decode()
    assert text.count(given) == 1

    with pytest.raises(ValidationError) as caught:
        rating_map.read(text.replace(given, wrong).encode())

    assert " ".join(caught.value.messages) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'instrument = "x"\ncolumns = 5', "“columns” must be a table."),
        (b'instrument = "x"\nscales = 5', "“scales” must be a table."),
        (b"items = 5", "“items” must be a list."),
        (b"items = [5]", "“items.1” must be a table."),
        (b"scales = {}", "“scales” is empty."),
    ],
)
def test_map_with_a_part_of_another_kind_says_which(text, sentence):
    with pytest.raises(ValidationError) as caught:
        rating_map.read(text)

    assert sentence in caught.value.messages


@pytest.mark.parametrize(
    "text", [b"instrument =", b"\xff", b"a = " + b"9" * 5000, b"a = " + b"[" * 5000]
)
def test_map_that_cannot_be_read_says_so(text):
    with pytest.raises(ValidationError, match="The map is not valid TOML"):
        rating_map.read(text)


def test_name_as_one_text_is_the_name_in_all_languages():
    text = WIDE.replace(b"header_rows = 2", b'name = "Taller"')

    assert rating_map.read(text).name == {"es": "Taller", "en": "Taller"}
