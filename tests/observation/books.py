"""Workbooks: of our own making, and a form as others write it."""

import io

import openpyxl

LABELS = ("label::Español (es)", "label::English (en)")


def book(**sheets) -> bytes:
    """A workbook; each sheet is a list of rows, the first its headings."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def edited(content: bytes, **changes) -> bytes:
    """A workbook with other cells: survey_B5="…"."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in changes.items():
        sheet, cell = place.split("_")
        made[sheet][cell] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


SURVEY = [
    ["type", "name", *LABELS, "relevant", "constraint", "calculation", "required", "appearance"],
    ["start", "start"],
    ["date", "day", "Día", "Day"],
    ["select_one ages", "age", "Edad", "Age"],
    ["begin repeat", "cycle", "Ciclo", "Cycle"],
    ["select_multiple moments", "seen", "Momentos", "Moments"],
    ["begin group", "warmth", "Calidez", "Warmth"],
    ["select_one steps", "w1", "Saluda", "Greets", "selected(${seen}, 'FIL')", "", "", "yes"],
    ["select_one yesno", "w2", "Sonríe", "Smiles", "${age} = 'LA' or ${age} = 'LB'"],
    ["integer", "w3", "Adultas", "Adults", "", ". >= 1 and . <= 9"],
    ["select_one toys", "w4", "Juguete", "Toy", "${w2} = 'yes'", "", "", "", "minimal"],
    ["end group"],
    ["begin group", "rest", "Otros", "Others"],
    ["select_multiple toys", "r1", "Juguetes:", "Toys:"],
    ["note", "n1", "Mire con calma.", "Take your time."],
    ["text", "r2", "Notas", "Notes"],
    ["calculate", "sum", "", "", "", "", "${w3} + 1"],
    ["image", "photo", "Foto", "Photo"],
    ["end group"],
    ["end repeat"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", *LABELS, "region"],
    ["ages", "LA", "Lactantes A", "Lactantes A"],
    ["ages", "LB", "Lactantes B", "Lactantes B"],
    ["moments", "FIL", "Filtro", "Arrival"],
    ["moments", "ALI", "Alimentación", "Feeding"],
    ["steps", "1", "Nunca", "Never"],
    ["steps", "2", "A veces", "Sometimes"],
    ["steps", "3", "Siempre", "Always"],
    ["steps", "na", "No aplica", "Does not apply"],
    ["yesno", "yes", "Sí", "Yes"],
    ["yesno", "no", "No", "No"],
    ["toys", "ball", "pelota", "ball", "north"],
    ["toys", "doll", "muñeca", "doll"],
    ["unused", "x", "x", "x"],
]
SETTINGS = [["form_title", "form_id", "style"], ["Mi lista", "Mi Lista 1", "pages"]]


def theirs(**changes) -> bytes:
    return edited(book(survey=SURVEY, choices=CHOICES, settings=SETTINGS), **changes)
