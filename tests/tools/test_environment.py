import subprocess
import sys

import pytest

from tests.files import ROOT
from tools import environment, say
from tools.say import Trouble


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The programs at work in an empty folder."""
    for module in (environment, say):
        monkeypatch.setattr(module, "ROOT", tmp_path, raising=False)
    monkeypatch.setattr(environment, "VAR", tmp_path / "var")
    monkeypatch.setattr(environment, "LOGS", tmp_path / "var" / "logs")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(environment, "UNFINISHED", tmp_path / ".venv" / "unfinished")
    return tmp_path


def test_place_with_too_little_room_is_refused(elsewhere):
    with pytest.raises(Trouble, match=r"GB free; 1000000 GB are needed"):
        environment.check_place(needed=1_000_000)


def test_place_that_cannot_be_written_to_is_refused(elsewhere):
    (elsewhere / "var").write_text("a file where a folder should be")

    with pytest.raises(Trouble, match="Nothing can be written below"):
        environment.check_place()


def test_environment_is_made_once_and_made_again_after_a_broken_install(elsewhere):
    environment.check_place()
    (elsewhere / "empty.lock").write_text("")

    environment.prepare("empty.lock")
    assert environment._usable()
    made = environment.PYTHON.lstat().st_mtime_ns
    environment.prepare("empty.lock")
    assert environment.PYTHON.lstat().st_mtime_ns == made
    environment.UNFINISHED.touch()
    environment.prepare("empty.lock")
    assert environment.PYTHON.lstat().st_mtime_ns != made
    assert not environment.UNFINISHED.exists()


def test_package_that_cannot_be_installed_ends_in_a_sentence(elsewhere):
    environment.check_place()
    (elsewhere / "wrong.lock").write_text("this is == no lock file")

    with pytest.raises(Trouble, match=r"could not be installed.*\n"):
        environment.prepare("wrong.lock")


def test_programs_need_python_alone():
    look = "import sys; sys.path.insert(0, sys.argv[1]); import tools.check, tools.demo"

    found = subprocess.run(
        [sys.executable, "-I", "-S", "-c", look, ROOT], capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stderr) == (0, "")
