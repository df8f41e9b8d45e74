"""Taking another store's statements: all, once, through power cuts, and past what is malformed."""

import hashlib
import json
import time
import uuid

import pytest
from django.core.management import CommandError, call_command

from core.refusals import Refusal
from lrs import keys, multipart, remote
from lrs.actions import attachments, erasures, imports, statements
from lrs.models import Import, LeftOut, Origin, Statement
from tests.factories.forwarding import with_picture
from tests.factories.learning import statement
from tests.lrs.others import OtherStore, database, killed, misbehaving, waited_for
from tests.lrs.serve import KEY, SECRET

pytestmark = pytest.mark.usefixtures("no_worker")


@pytest.fixture(autouse=True)
def _secret_given(monkeypatch):
    monkeypatch.setenv("TRENZA_IMPORT_SECRET", SECRET)


@pytest.fixture
def other(tmp_path, db):
    """A real record store elsewhere."""
    with database(tmp_path) as where:
        store = OtherStore(tmp_path, where)
        try:
            store.start()
            yield store
        finally:
            store.stop()


def take(endpoint: str, *more: str) -> Import:
    call_command("lrs_import", endpoint, "--key", KEY, "--tries", "1", *more)
    return Import.objects.first()


def bodies(number: int, **parts) -> list[dict]:
    return [statement(id=str(uuid.uuid4()), **parts) for _ in range(number)]


def page(given: list, more: str = "") -> tuple[int, dict[str, str], bytes]:
    content = json.dumps({"statements": given, "more": more})
    return 200, {"Content-Type": "application/json"}, content.encode()


def full(body: dict, second: int = 0) -> dict:
    """As a store gives it."""
    moment = f"2026-01-31T09:30:{second:02}Z"
    authority = {"mbox": "mailto:source@lrs.example"}
    return (
        {"timestamp": moment, "version": "1.0.0"}
        | body
        | {
            "stored": moment,
            "authority": authority,
        }
    )


def serves(pages: list[list]):
    """A store of these pages."""

    def answer(asked):
        if asked.path.endswith("/about"):
            return 200, {}, b'{"version": ["1.0.3"]}'
        number = int(asked.path.rpartition("page=")[2]) if "page=" in asked.path else 0
        more = f"/xapi/statements?page={number + 1}" if number + 1 < len(pages) else ""
        return page(pages[number], more)

    return answer


def test_everything_comes_with_ids_timestamps_and_attachments(other, capsys):
    sent = bodies(600, result={"score": {"raw": 7}})
    content = b"\r\nbytes\x00"
    sha2 = hashlib.sha256(content).hexdigest()
    pictured, _files = with_picture(content)
    for part in (sent[:300], sent[300:]):
        other.put(part)
    answer = other.ask(
        "POST",
        content=multipart.joined(json.dumps(pictured), [(sha2, "image/png", content)], "mark"),
        headers={"Content-Type": "multipart/mixed; boundary=mark"},
    )
    assert answer.status_code == 200, answer.text

    source = take(other.endpoint)

    assert (source.stored, source.held, source.pages) == (601, 0, 3)
    assert source.finished_at is not None
    there = {one["id"]: one for one in other.all()}
    for row in Statement.objects.all():
        here, before = json.loads(row.raw), there[str(row.pk)]
        assert here["timestamp"] == before["timestamp"]
        assert here["authority"]["account"]["name"] == source.credential.key
        assert json.loads(row.origin.authority) == before["authority"]
        assert {n: here[n] for n in here if n not in ("stored", "authority")} == {
            n: before[n] for n in before if n not in ("stored", "authority")
        }
    assert Origin.objects.count() == 601
    row = Statement.objects.get(pk=pictured["id"])
    assert list(attachments.of_statements([row])) == [(sha2, "image/png", content)]
    assert "page 3: 601 stored, 0 held already, 0 left out" in capsys.readouterr().out


@pytest.mark.parametrize("authority", ["me", {"account": 7}, {"member": 7}, {"mbox": None}, [1]])
def test_authority_that_is_none_is_not_kept(db, authority):
    body = full(statement(id=str(uuid.uuid4()))) | {"authority": authority}
    with misbehaving(serves([[body]])) as (_server, endpoint):
        source = take(endpoint)

    assert (source.stored, Origin.objects.get().authority) == (1, "")


def test_person_in_an_authority_can_be_found(db):
    person = {"mbox": "mailto:ana@x.example"}
    program = {"account": {"homePage": "https://x.example", "name": "program"}}
    group = {"objectType": "Group", "member": [program, person]}
    body = full(statement(id=str(uuid.uuid4()))) | {"authority": group}
    with misbehaving(serves([[body]])) as (_server, endpoint):
        take(endpoint)

    found = Origin.objects.get(authority_keys__contains=keys.of_agent(person).hex())
    assert json.loads(found.authority) == group


def test_person_erased_here_is_in_no_authority_and_does_not_come_back(db):
    person = {"mbox": "mailto:source@lrs.example"}
    one = full(statement(id=str(uuid.uuid4()), actor=person))
    with misbehaving(serves([[one]])) as (_server, endpoint):
        take(endpoint)
        erasures.erase(agents=[person], reason="asked")
        again = take(endpoint, "--since", one["stored"])

    assert "source@" not in Statement.objects.get().raw
    assert (Origin.objects.get().authority, Origin.objects.get().authority_keys) == ("", "")
    assert (again.held, LeftOut.objects.count()) == (1, 0)


def test_again_takes_only_what_has_come_since(other):
    other.put(bodies(5))
    take(other.endpoint)
    later = bodies(2)
    other.put(later)

    source = take(other.endpoint)

    assert source.since is not None
    assert (source.stored, Statement.objects.count(), Import.objects.count()) == (2, 7, 2)
    assert Import.objects.values("credential").distinct().count() == 1


def test_import_killed_goes_on_where_it_was(tmp_path, db):
    pages = [[full(one, n) for one in bodies(20)] for n in range(12)]
    answers = serves(pages)

    def slow(asked):
        time.sleep(0.15)
        return answers(asked)

    with database(tmp_path) as where, misbehaving(slow) as (server, endpoint):
        store = OtherStore(tmp_path, where)
        store.start()
        try:
            for cut in (4, 8):
                process = store.command("lrs_import", endpoint, "--key", KEY)
                waited_for(lambda at=cut: any(f"page={at}" in one.path for one in server.asked))
                killed(process)
                held = len(store.all())
                assert held % 20 == 0
                assert 20 * (cut - 1) <= held <= 20 * (cut + 1)
            said = store.run("lrs_import", endpoint, "--key", KEY)
            came = store.all()
        finally:
            store.stop()

    assert said.startswith("Going on after page ")
    assert said.splitlines()[-1] == "Done: 240 stored, 0 held already, 0 left out."
    assert sorted(one["id"] for one in came) == sorted(one["id"] for some in pages for one in some)


def test_malformed_and_conflicting_ones_are_listed_and_left_out(db, capsys):
    good = [full(one) for one in bodies(4)]
    clash, same = bodies(2)
    statements.store([clash, same])
    bad = [
        full(statement(id=str(uuid.uuid4()), verb={"id": "no iri"})),
        full(statement(id=str(uuid.uuid4()), result={"response": "a\x00b"})),
        full(statement(id="1")),
        full(statement()),
        "statement",
        None,
        7,
        full(statement(id=str(uuid.uuid4()), attachments=[{"sha2": 7}])),
        full(clash | {"object": {"id": "https://trenza.example/other"}}),
    ]
    held = json.loads(Statement.objects.get(pk=same["id"]).raw)
    with misbehaving(serves([[*good[:2], *bad, held], good[2:]])) as (_server, endpoint):
        source = take(endpoint)

    assert (source.stored, source.held, source.left_out.count()) == (4, 1, len(bad))
    assert [str(one.statement_id) for one in source.left_out.filter(conflict=True)] == [clash["id"]]
    assert all(one.reason for one in LeftOut.objects.all())
    assert "Done: 4 stored, 1 held already, 9 left out." in capsys.readouterr().out
    assert Statement.objects.count() == 6


def test_statement_of_second_version_comes_as_such(db):
    body = full(statement(id=str(uuid.uuid4()), context={"contextAgents": []})) | {
        "version": "2.0.0",
        "context": {
            "contextAgents": [
                {"objectType": "contextAgent", "agent": {"mbox": "mailto:a@x.example"}}
            ]
        },
    }
    with misbehaving(serves([[body, full(statement(id=str(uuid.uuid4())))]])) as (_s, endpoint):
        source = take(endpoint)

    assert (source.stored, source.left_out.count()) == (2, 0)


def test_more_that_has_lapsed_is_begun_again_after_the_last_statement(db):
    first, second = ([full(one, n) for one in bodies(3)] for n in (1, 2))

    def answer(asked):
        if "cursor" in asked.path:
            return 400, {}, b"over"
        if "since=2026-01-31T09%3A30%3A00Z" in asked.path:
            return page([*first, *second])
        if "statements" in asked.path:
            return page(first, "/xapi/statements?cursor=1")
        return 404, {}, b""

    with misbehaving(answer) as (_server, endpoint):
        source = take(endpoint)

    assert (source.stored, source.held) == (6, 3)


@pytest.mark.parametrize(
    "answer",
    [
        (401, {}, b"who are you"),
        (500, {}, b""),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        (200, {}, b""),
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b'{"statements": {}}'),
        (200, {}, b'{"statements": [], "more": 7}'),
        (200, {}, b'{"statements": [], "more": "http://127.0.0.1:9/xapi/statements"}'),
        (200, {}, b'{"statements": [], "more": "http://[::1/xapi"}'),
        (200, {}, b'{"statements": [], "more": "\\u0000\\ud800"}'),
        (200, {"Content-Type": "multipart/mixed; boundary=x"}, b"--x"),
        (200, {"Content-Type": "multipart/mixed"}, b"--x"),
        (200, {}, b"[" * 100_000),
        None,
    ],
)
def test_source_that_answers_nonsense_ends_the_command_with_a_sentence(db, answer):
    with (
        misbehaving(lambda asked: answer) as (_server, endpoint),
        pytest.raises(CommandError, match="Run the same command again to go on"),
    ):
        take(endpoint)

    assert Statement.objects.count() == 0


def test_source_that_gives_the_same_page_for_ever_is_left(db):
    def answer(asked):
        return page([], "/xapi/statements?cursor=1")

    with misbehaving(answer) as (_server, endpoint), pytest.raises(CommandError, match="same page"):
        take(endpoint)


def test_two_at_once_do_not_count_a_page_twice(db):
    with misbehaving(serves([[full(one) for one in bodies(2)]])) as (_server, endpoint):
        first = imports.begin(endpoint=endpoint, key=KEY)
        second = imports.begin(endpoint=endpoint, key=KEY)
        with remote.RecordStore(endpoint, KEY, SECRET, "1.0.3") as store:
            imports.take(source=first, store=store)
            with pytest.raises(Refusal, match="Another process"):
                imports.take(source=second, store=store)

    assert first.pk == second.pk
    assert Import.objects.get().stored == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://lrs.example/xapi",
        "ftp://lrs.example",
        "lrs.example",
        "https://",
        "https://a@b.example",
    ],
)
def test_address_to_which_no_secret_may_go_is_refused(db, url):
    with pytest.raises(CommandError):
        take(url)

    assert Import.objects.count() == 0
