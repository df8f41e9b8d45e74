"""The house stays one house: layers over models, scopes, and the same shape in every app."""

import re
from importlib import import_module
from weakref import ReferenceType

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_save

from organisations.jurisdiction import Scoped
from tests.files import ROOT, own, pyproject

CONTRACT = pyproject()["tool"]["importlinter"]["contracts"][0]
LAYERS = [
    [name.strip(" ()") for name in layer.split("|")] for layer in reversed(CONTRACT["layers"])
]
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
OURS = [app for app in apps.get_app_configs() if app.name in HEIGHT]

# docs: design §3. A file becomes a folder of the same name when it grows.
SHAPE = {
    *("urls", "views", "api", "receivers", "wagtail_hooks", "management", "forms", "serializers"),
    *("actions", "queries", "policies", "frames", "models", "signals", "enums"),
    # What Django itself looks for, and background work, which like a command calls one action.
    *("__init__", "apps", "migrations", "templatetags", "tasks", "checks"),
}
# Registries, doors and words that one app needs beside it; each says in its docstring what it is.
MORE = {
    "core": {
        *(
            "append_only",
            "audit",
            "bodies",
            "charts",
            "converters",
            "fields",
            "gallery",
            "import_kinds",
        ),
        *("import_templates", "navigation", "numerals", "pagination", "pdf", "refusals"),
        *("row_imports", "spreadsheets", "states", "tables", "version"),
    },
    "organisations": {
        *("adapters", "context_processors", "first_days", "home", "jurisdiction", "labels"),
        *("own_data", "passwords", "roles", "scopes", "second_steps"),
    },
    "lrs": {
        *("formats", "health", "keys", "mentions", "multipart", "positions", "readable"),
        *("remote", "sameness", "sealing", "signatures", "validation"),
    },
    "cms": {"adapters", "blocks", "fields"},
    "fieldwork": {"agenda", "kinds", "modules", "texts"},
    "observation": {"agenda", "bands", "comparison", "follow_ups", "menu", "recorder"},
    "mentoring": {"agenda"},
    "analytics": {"bands", "engines", "next_steps", "reports", "snapshots"},
    "lms": {"lessons", "next_steps", "statements", "vocabulary"},
}
# Of a model that Wagtail makes for itself and nobody reads.
WORDLESS = {"cms.Rendition"}


def allowed(source: str, target: str) -> bool:
    """Whether the app ``source`` may point at the app ``target``."""
    return source == target or HEIGHT[target] < HEIGHT[source]


def relations():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = field.related_model if field.is_relation and not field.auto_created else None
            if isinstance(target, type):
                yield model, field, target


def test_layers_know_every_app_of_ours():
    folders = {file.parent.name for file in own("apps.py")}

    assert folders <= set(HEIGHT)


def test_relations_between_models_point_down():
    wrong = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in relations()
        if model._meta.app_label in HEIGHT
        and target._meta.app_label in HEIGHT
        and not allowed(model._meta.app_label, target._meta.app_label)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("visits", "observation", True),
        ("visits", "mentoring", False),
        ("core", "organisations", False),
        ("lrs", "organisations", True),
        ("lrs", "lrs", True),
    ],
)
def test_layers_of_the_design_hold(source, target, expected):
    assert allowed(source, target) == expected


def test_relations_include_those_written_as_strings():
    names = {f"{model._meta.label}.{field.name}" for model, field, _target in relations()}

    assert {"organisations.Post.user", "organisations.Post.unit"} <= names


def own_models():
    return [model for app in OURS for model in app.get_models() if not model._meta.proxy]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_model_is_scoped_or_says_why_not(model):
    if issubclass(model, Scoped):
        assert model.unit_lookup().endswith("path")
        assert not hasattr(model, "not_scoped_because")
    else:
        reason = getattr(model, "not_scoped_because", "")
        assert len(reason.split()) >= 3, (
            f"{model._meta.label} lies in no unit. Inherit Scoped and name jurisdiction_path, "
            "or say in a sentence why not: not_scoped_because = “…”"
        )


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_scoped_model_can_be_filtered_by_jurisdiction(model, db):
    if issubclass(model, Scoped):
        assert list(model._default_manager.filter(**{f"{model.unit_lookup()}": "none"})) == []


def test_models_say_what_a_row_is():
    silent = {model._meta.label for model in own_models() if model.__str__ is Model.__str__}

    assert silent - WORDLESS == set()


def test_rules_hang_on_no_post_save():
    receivers = [entry[1] for entry in post_save.receivers]
    alive = [one() if isinstance(one, ReferenceType) else one for one in receivers]
    modules = {getattr(receiver, "__module__", "").split(".")[0] for receiver in alive}
    named = [
        str(file.relative_to(ROOT))
        for app in OURS
        for file in own(".py", below=app.name)
        if re.search(r"\bpost_save\b", file.read_text(encoding="utf-8"))
    ]

    assert (modules & set(HEIGHT), named) == (set(), [])


@pytest.mark.parametrize(
    "app", [app for app in OURS if app.name != "config"], ids=lambda app: app.name
)
def test_app_has_the_one_shape(app):
    found = {
        path.stem
        for path in (ROOT / app.name).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    }

    assert found - SHAPE - set(MORE.get(app.name, {})) == set()


@pytest.mark.parametrize("name", [f"{app}.{name}" for app in MORE for name in sorted(MORE[app])])
def test_file_beyond_the_shape_says_what_it_is(name):
    assert import_module(name).__doc__ or not hasattr(import_module(name), "__file__")


def test_files_have_names_that_mean_something():
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}

    assert [file for file in own() if vague & {file.stem, *file.relative_to(ROOT).parts}] == []


def test_files_are_no_longer_than_a_reader_can_hold():
    long = {
        str(file.relative_to(ROOT)): count
        for file in own(".py", ".js", ".css", ".html")
        if "migrations" not in file.parts
        and (count := len(file.read_text(encoding="utf-8").splitlines())) > 350
    }

    assert long == {}


def test_business_is_absent_from_templates_folders_of_apps():
    stray = [
        str(file.relative_to(ROOT))
        for app in OURS
        for file in own(".html", ".css", ".js", below=app.name)
    ]

    assert stray == []
