"""Each action and each detail that the code leaves in the audit trail has its words."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from fieldwork import kinds
from organisations.forms import audit_details
from organisations.forms.audit_actions import ACTIONS
from tests.files import ROOT

VERBS = ("receive", "retry", "choose", "set_aside")
# Identifiers, which the page folds away, and how the demonstration was made.
WORDLESS = {"day", "hash", "scale", "seed", "session", "sha256", "supersedes"}


def records() -> Iterator[tuple[str, ast.Call, ast.AST]]:
    """Every call of ``audit.record``: its file, itself, and the function around it."""
    for config in apps.get_app_configs():
        folder = ROOT / config.label
        for file in folder.rglob("*.py") if folder.is_dir() else ():
            for around in ast.walk(ast.parse(file.read_text())):
                if isinstance(around, ast.FunctionDef):
                    for call in ast.walk(around):
                        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                            yield str(file.relative_to(ROOT)), call, around


def actions() -> set[str]:
    named = {
        call.args[0].value
        for _file, call, _around in records()
        if isinstance(call.args[0], ast.Constant)
    }
    return named | {f"{kind.audited_as}.{verb}" for kind in kinds.kinds() for verb in VERBS}


def keys(call: ast.Call, around: ast.AST) -> Iterator[str]:
    """Keys of the literal details of ``call``, also of those that have a name before."""
    for keyword in call.keywords:
        if keyword.arg != "detail":
            continue
        names = {node.id for node in ast.walk(keyword.value) if isinstance(node, ast.Name)}
        given = [
            step.value
            for step in ast.walk(around)
            if isinstance(step, ast.Assign | ast.AnnAssign | ast.AugAssign)
            and names & {ast.unparse(one) for one in getattr(step, "targets", [])}
            | names & {ast.unparse(getattr(step, "target", step))}
        ]
        for value in [keyword.value, *filter(None, given)]:
            for node in ast.walk(value):
                if isinstance(node, ast.Dict):
                    yield from (key.value for key in node.keys if isinstance(key, ast.Constant))


def test_walk_finds_what_is_there():
    assert {"sessions.close", "exports.request", "deliveries.retry"} <= actions()
    found = {key for _file, call, around in records() for key in keys(call, around)}
    assert {"cycles", "hash", "first", "second", "drawn", "supersedes"} <= found


def test_every_action_has_its_sentence():
    assert actions() - set(ACTIONS) == set()


def fields(file: str) -> set[str]:
    """Names of all fields of the app that ``file`` belongs to."""
    models = apps.get_app_config(file.split("/", maxsplit=1)[0]).get_models()
    return {field.name for model in models for field in model._meta.concrete_fields}


def test_every_detail_has_its_words():
    unsaid = {
        key
        for file, call, around in records()
        for key in keys(call, around)
        if key not in WORDLESS | set(audit_details.KEYS) | fields(file)
    }

    assert unsaid == set()


@pytest.mark.parametrize("model", ["observation.QualityRules", "observation.ShowingRule"])
def test_details_named_after_fields_are_told_as_the_form_names_them(model):
    named = apps.get_model(model)._meta.concrete_fields[1:]
    said = audit_details.read("1", {field.name: 3 for field in named}, model).words

    assert [part.split(":")[0].lower() for part in said.split(" · ")] == [
        str(field.verbose_name).split(":")[0].lower() for field in named
    ]


def test_choices_are_told_by_their_labels():
    said = audit_details.read("1", {"level": "wide", "sessions": 3}, "observation.Export").words

    assert said.startswith("What: ")
    assert "wide" not in said
