"""What the files say about themselves: reasons, licences, and nothing that leads outside."""

import re
import sys
from importlib import import_module, metadata

import pytest
from django.conf import settings

from tests.files import ROOT, lines, own, pyproject
from tests.test_architecture import HEIGHT

TEXT = (
    *(".py", ".toml", ".md", ".html", ".css", ".js", ".svg", ".txt", ".po", ".csv", ".json"),
    *(".yaml", ".yml", ".lock", ".cfg", ".sh", "Makefile", ".ci/run"),
)
# Licences under which others may use a BSD-licensed program together with the dependency.
COMPATIBLE = re.compile(
    r"BSD|MIT|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|CC0|Zlib|HPND|0BSD"
    r"|LGPL|Lesser General Public"
)
STRONG = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public)")


def test_each_exception_to_a_lint_or_type_rule_has_its_reason():
    # A reason follows “—” after noqa, or a second comment after type: ignore.
    fine = re.compile(r"# noqa: [A-Z0-9, ]+ — \w|# type: ignore\[[\w, -]+\]  # \w")
    found = re.compile(r"#\s*(noqa\b|type:\s*ignore)")
    bare = [
        where
        for where, line in lines(".py")
        if found.search(line) and not fine.search(line) and "tests/test_housekeeping" not in where
    ]

    assert bare == []


def section(start: str, end: str) -> list[str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text[text.index(start) :].split("\n", 1)[1].split(end, 1)[0].splitlines()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("\ndependencies = [", "\n]"),
        ("\ndev = [", "\n]"),
        ("\nignore = [", "\n]"),
        ("\n[tool.ruff.lint.per-file-ignores]", "\n[tool"),
        ("\nfilterwarnings = [", "\n]"),
    ],
)
def test_each_entry_of_pyproject_has_its_reason(start, end):
    # Of a list over several lines each entry is read; what opens or closes a list is not.
    entries = [line.strip() for line in section(start, end)]
    bare = [
        line
        for line in entries
        if line.startswith('"') and not line.endswith("[") and "# " not in line
    ]

    assert [line for line in bare if line != '"error",'] == []


INLINE = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_that_the_content_policy_forbids(what):
    # Read as a whole: a tag may run over several lines. Django's own tags may hold a “>”.
    bad = [
        str(file.relative_to(ROOT))
        for file in own(".html", ".svg")
        if INLINE[what].search(re.sub(r"{%.*?%}|{{.*?}}", "", file.read_text(encoding="utf-8")))
    ]

    assert bad == []


def test_templates_that_trust_a_text_say_why():
    trusting = re.compile(r"\|\s*safe\b|autoescape off")
    bare = [
        where
        for where, line in lines(".html")
        if trusting.search(line) and not re.search(r"{#.*\w.*#}", line)
    ]

    assert bare == []


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*?\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_locks_agree_with_each_other():
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")

    assert {name: dev.get(name) for name in runtime} == runtime


def test_locks_hold_what_pyproject_asks_for():
    def names(wanted):
        return {re.match(r"[A-Za-z0-9_.-]+", one)[0].lower() for one in wanted}

    project = pyproject()

    assert names(project["project"]["dependencies"]) <= set(locked("requirements.lock"))
    assert names(project["dependency-groups"]["dev"]) <= set(locked("requirements-dev.lock"))


def test_locks_hold_a_hash_for_each_package_and_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())

        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text


def licence(name: str) -> str:
    """What the distribution ``name`` says of its licence, the most exact statement first."""
    about = metadata.metadata(name)
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
    stated = about.get("License-Expression") or " ".join(
        [*classifiers, (about.get("License") or "").split("\n")[0]]
    )
    return stated.strip() or licence_file(name)


def licence_file(name: str) -> str:
    """“BSD”, where a distribution states nothing and its licence's own text is that one's."""
    files = [one for one in metadata.files(name) or [] if one.name == "LICENSE"]
    text = "".join(one.read_text() for one in files)
    bsd = "Redistribution and use in source and binary forms, with or without"
    return "BSD" if text.count(bsd) == 1 else ""


@pytest.mark.parametrize("name", sorted(locked("requirements.lock")))
def test_licence_of_dependency_goes_with_ours(name):
    stated = licence(name)

    assert COMPATIBLE.search(stated), f"{name}: “{stated}” is not in the list of licences"
    assert not STRONG.search(stated), f"{name}: “{stated}” asks more of others than BSD does"


@pytest.mark.parametrize("below", ["static/vendor", "tests/vendor"])
def test_vendored_folder_carries_its_licence(below):
    folder = ROOT / below
    if not folder.is_dir():
        pytest.skip(f"{below} holds nothing")
    groups = [path for path in folder.iterdir() if path.is_dir()] or [folder]
    bare = [
        str(group.relative_to(ROOT))
        for group in groups
        if not any(re.search(r"licen[cs]e|ofl", file.name, re.I) for file in group.rglob("*"))
    ]

    assert bare == []


def test_files_name_no_machine_and_no_registry():
    # Written in pieces, so that this file does not hold them.
    pieces = [
        ("/wo", "rk/(main|wt|shared|venv)"),
        ("fa", "rm-(bench|studio)"),
        ("py", r"pi\.org"),
        ("files.python", "hosted"),
        ("registry.npm", "js"),
        ('"resol', 'ved": *"http'),
        ("/ro", "ot/"),
    ]
    forbidden = re.compile("|".join(a + b for a, b in pieces))
    named = [
        f"{where}: {line.strip()[:80]}" for where, line in lines(*TEXT) if forbidden.search(line)
    ]

    assert named == []


def test_files_hold_no_row_of_the_data_that_has_no_licence():
    assert [file for file in own(vendor=True) if file.name == "_".join(("teach", "peru.csv"))] == []


def test_glossary_names_only_what_the_code_knows():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.count("|") == 5]
    ours = {module.split(".")[0] for module in HEIGHT}
    import_module(settings.ROOT_URLCONF)  # the pages bring with them what they use
    known = {
        name: thing
        for module in list(sys.modules.values())
        if module is not None and module.__name__.split(".")[0] in ours
        for name, thing in vars(module).items()
        if isinstance(thing, type)
    }
    unknown = [
        name
        for row in rows
        for name in re.findall(r"`([A-Z]\w+(?:\.[A-Z]\w*)?)`", row[4])
        if not has(known, *name.split("."))
    ]

    assert len(rows) > 80
    assert unknown == []


def has(known: dict[str, type], name: str, member: str = "") -> bool:
    return name in known and (not member or hasattr(known[name], member))
