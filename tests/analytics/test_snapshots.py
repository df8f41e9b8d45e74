"""What is frozen, what its hash vouches for, and what is never read half-written."""

import json
import os
import shutil
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from analytics.actions import runs
from analytics.checks import engine_is_known, snapshots_are_private
from analytics.models import Run
from analytics.snapshots import BrokenSnapshotError, Snapshot, by_session, open_snapshot, storage
from analytics.snapshots.columns import COLUMNS, content_hash, settled
from analytics.snapshots.writing import TEMPORARY, write
from core.refusals import Refusal
from observation.enums import RatingState
from observation.models import InstrumentVersion, ObservationSession, Rating
from tests.factories import observation as observe
from tests.factories import organisations as make
from tests.factories.mentoring import days_ago


def run_of(version: InstrumentVersion, unit, **options) -> Run:
    period = {"starts_on": days_ago(5), "ends_on": days_ago(0)}
    options = {"version": version.pk, "observers": "all"} | options
    return runs.request(kind="validity", unit=unit, options=options, background=False, **period)


@pytest.fixture
def snapshot(observed, country) -> Snapshot:
    return storage.take(run_of(observed, country.country))


def test_snapshot_has_a_row_per_rating_with_what_is_known_of_its_session(snapshot, country):
    frame = snapshot.read()
    official = frame[frame["purpose"] == "official"]
    room = country.here.rooms[0]

    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == Rating.objects.count()
    assert official[["room", "centre", "region"]].drop_duplicates().to_numpy().tolist() == [
        [room.code, country.here.centre.code, country.here.region.code]
    ]
    assert official["age_group"].unique().tolist() == [room.age_group]
    assert set(official["value"].dropna()) == {3.0}
    assert official["day"].unique().tolist() == [days_ago(0).toordinal()]
    assert (official["comparable"].all(), frame["duplicate"].any()) == (True, False)
    assert frame["line"].isna().all()
    assert frame["facts"].unique().tolist() == ["{}"]


def test_manifest_says_what_was_read_and_how_much(snapshot, observed, country):
    facts = json.loads((snapshot.folder / "manifest.json").read_text())

    assert facts["about"] == {
        "instrument": "checklist",
        "version": 1,
        "content_hash": observed.content_hash,
        "unit": "mx",
        "observers": "all",
        "starts_on": days_ago(5).isoformat(),
        "ends_on": days_ago(0).isoformat(),
    }
    assert facts["sources"] == {
        "sessions": 3,
        "official": 1,
        "duplicates": 0,
        "centres": 2,
        "ratings": Rating.objects.count(),
        "scored": Rating.objects.filter(state=RatingState.SCORED).count(),
    }
    assert sum(file["rows"] for file in facts["files"]) == Rating.objects.count()
    value = next(column for column in facts["columns"] if column["name"] == "value")
    assert (value["kind"], value["unit"]) == ("number", "points of the item's scale")
    assert (facts["seed"], facts["hash"]) == (runs.SEED, snapshot.hash)


def test_official_sessions_alone_are_read_unless_all_are_asked_for(observed, country):
    frame = storage.take(run_of(observed, country.country, observers="official")).read()
    default = runs.request(
        kind="validity",
        unit=country.country,
        options={"version": observed.pk},
        starts_on=days_ago(5),
        ends_on=days_ago(0),
        background=False,
    )

    assert frame["purpose"].unique().tolist() == ["official"]
    assert storage.take(default).read().equals(frame)


def test_centre_lies_in_one_partition_and_partitions_come_in_order(snapshot):
    parts = [set(file.read(["centre"])["centre"]) for file in snapshot.files]
    keys = [file.key for file in snapshot.files]

    assert keys == sorted(keys)
    assert sum(len(part) for part in parts) == len(set.union(*parts)) == 2


def test_same_rows_give_the_same_folder_and_another_rating_another(snapshot, observed, country):
    again = storage.take(run_of(observed, country.country))
    observe.closed(country.here.rooms[1])
    more = storage.take(run_of(observed, country.country))

    assert again.folder == snapshot.folder
    assert more.hash != snapshot.hash
    # Files of centres that nothing was added to are vouched for by the same hash.
    before, after = ({file.sha256 for file in one.manifest.files} for one in (snapshot, more))
    assert len(before & after) == len(before) - 1


def test_hash_does_not_depend_on_the_seed_or_the_code_that_wrote(observed, tmp_path, monkeypatch):
    sessions = ObservationSession.objects.all()
    first = write(sessions, tmp_path / "a", {}, seed=1)
    monkeypatch.setenv("TRENZA_REVISION", "abc")
    second = write(sessions, tmp_path / "b", {}, seed=2)

    assert second.hash == first.hash
    assert second.manifest.code_version != first.manifest.code_version


def test_where_picks_a_value_several_values_or_a_range(snapshot):
    def rows(**where) -> int:
        return len(snapshot.read(["item"], where))

    everything = Rating.objects.count()
    assert rows(purpose="formative") + rows(purpose="official") == everything
    assert rows(purpose=["formative", "official"]) == everything
    assert rows(value=(2, 3)) == rows(value=2) + rows(value=3)
    assert rows(comparable=True) == rows(purpose="official")
    assert rows(item="a'; DROP TABLE x; --") == 0


def test_column_that_is_not_there_is_refused(snapshot):
    with pytest.raises(ValueError, match="no column child"):
        snapshot.read(["child"])
    with pytest.raises(ValueError, match="no column name"):
        snapshot.read(["item"], {"name": "x"})


def test_snapshot_that_was_changed_is_found_out(snapshot):
    snapshot.verify()
    files = snapshot.files
    shutil.copyfile(files[0].path, files[1].path)

    with pytest.raises(BrokenSnapshotError, match="does not hold"):
        snapshot.verify()


def test_manifest_that_was_changed_is_not_trusted(snapshot):
    manifest = snapshot.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"sessions": 3', '"sessions": 4'))

    with pytest.raises(BrokenSnapshotError, match="changed after it was written"):
        open_snapshot(snapshot.folder)


@pytest.mark.parametrize("gone", ["manifest.json", "a file", "all"])
def test_snapshot_that_is_not_whole_is_not_read(snapshot, gone):
    if gone == "all":
        shutil.rmtree(snapshot.folder)
    else:
        name = Path(snapshot.files[0].path).name if gone == "a file" else gone
        (snapshot.folder / name).unlink()

    with pytest.raises(BrokenSnapshotError):
        storage.kept(snapshot.folder.name)


def test_writing_that_breaks_off_leaves_nothing(observed, tmp_path):
    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(ObservationSession.objects.all(), tmp_path / "s", {}, progress=stop)

    assert list((tmp_path / "s").iterdir()) == []


def test_progress_runs_to_one(observed, tmp_path):
    told = []
    write(ObservationSession.objects.all(), tmp_path / "s", {}, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1


def test_no_sessions_are_refused_with_a_sentence(db, tmp_path):
    with pytest.raises(Refusal, match="no closed sessions"):
        write(ObservationSession.objects.none(), tmp_path, {})


def test_full_disk_is_refused_before_anything_is_written(observed, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(10**12, 10**12, 10**6))

    with pytest.raises(Refusal, match="too little room"):
        write(ObservationSession.objects.all(), tmp_path / "s", {})
    assert list((tmp_path / "s").iterdir()) == []


def test_folder_is_for_the_program_alone(snapshot):
    assert storage.folder().stat().st_mode & 0o077 == 0


def test_old_snapshots_are_forgotten_and_used_ones_kept(snapshot, observed, country, capsys):
    other = storage.take(run_of(observed, country.here.region))
    left_behind = storage.folder() / f"{TEMPORARY}x"
    left_behind.mkdir()
    long_ago = time.time() - 40 * 86_400
    for one in (snapshot.folder / "manifest.json", other.folder / "manifest.json", left_behind):
        os.utime(one, (long_ago, long_ago))
    storage.kept(other.folder.name)

    call_command("forget_snapshots", "--older-than-days", "30")

    assert "Removed 2 snapshot(s)" in capsys.readouterr().out
    assert list(storage.folder().iterdir()) == [other.folder]


def test_forgetting_what_may_be_in_use_is_refused(db):
    with pytest.raises(CommandError, match="from 1"):
        call_command("forget_snapshots", "--older-than-days", "0")


def test_imported_rows_keep_subject_rater_cluster_and_line(db, tmp_path):
    make.unit("country", code="mx")
    rows = ["sala,quien,escuela,a,grupo", *("S1,A,E1,1,si", "S1,B,E1,2,"), *["S2,A,E2,0,no"] * 2]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    (tmp_path / "m.toml").write_text(
        'instrument = "taller"\n[columns]\nobject = ["sala"]\nrater = "quien"\n'
        'cluster = "escuela"\nfacts = { arm = "grupo" }\n[scales.s]\nminimum = 0\nmaximum = 3\n'
        '[[items]]\ncolumns = ["a"]\nscale = "s"\ndomain = "CAL"\n'
    )
    call_command("import_ratings", str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))

    frame = write(ObservationSession.objects.all(), tmp_path / "s", {}).read()

    found = frame.sort_values("line")[["subject", "rater", "room", "centre", "value", "duplicate"]]
    assert found.to_numpy().tolist() == [
        ["S1", "A", "S1", "E1", 1.0, False],
        ["S1", "B", "S1", "E1", 2.0, False],
        ["S2", "A", "S2", "E2", 0.0, False],
        ["S2", "A", "S2", "E2", 0.0, True],
    ]
    assert (set(frame["region"]), frame["day"].isna().all()) == ({""}, True)
    told = [json.loads(one).get("arm", "") for one in frame.sort_values("line")["facts"]]
    assert told == ["si", "", "no", "no"]
    assert frame["comparable"].all()


def test_by_session_averages_the_cycles_of_an_item():
    ratings = pd.DataFrame(
        [("s2", "a", 3), ("s2", "a", 0), ("s2", "b", np.nan), ("s1", "a", 1), ("s1", "z", 2)],
        columns=["session", "item", "value"],
    )

    found = by_session(ratings, ["a", "b"])

    assert found.index.tolist() == ["s2", "s1"]
    assert found["a"].tolist() == [1.5, 1.0]
    assert found["b"].isna().all()


def test_content_hash_is_that_of_what_is_said():
    frame = pd.DataFrame({"item": ["b", "a"], "value": [1, None], "duplicate": [True, False]})
    categories = frame.assign(item=pd.Categorical(frame["item"], ["x", "b", "a"]))
    typed = frame.assign(value=frame["value"].astype("Int64"))
    expected = content_hash(settled(frame))

    assert content_hash(settled(categories)) == content_hash(settled(typed)) == expected
    for other in (frame[::-1], frame.assign(value=0), frame.assign(item=["ba", ""])):
        assert content_hash(settled(other)) != expected


def test_text_that_is_missing_is_refused():
    with pytest.raises(ValueError, match="never missing"):
        settled(pd.DataFrame({"item": ["a", None]}))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SNAPSHOTS_ROOT", "{media}/snapshots", "analytics.E001"),
        ("SNAPSHOTS_ROOT", "/srv/a[1]", "analytics.E002"),
        ("ANALYTICS_ENGINE", "spark", "analytics.E003"),
        ("ANALYTICS_ENGINE", "dask", "analytics.E004"),
    ],
)
def test_settings_that_cannot_be_are_found_by_check(settings, name, value, code):
    setattr(settings, name, value.format(media=settings.MEDIA_ROOT))

    found = [*snapshots_are_private(None), *engine_is_known(None)]

    assert [(error.id, bool(error.hint)) for error in found] == [(code, True)]


def test_settings_as_shipped_pass_the_checks():
    assert [error for error in checks.run_checks() if error.id.startswith("analytics.")] == []
