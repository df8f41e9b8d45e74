"""Making people nameless: everywhere, resumably, without a way back."""

import hashlib
import json
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection, transaction

from core import append_only
from core.models import AuditRecord
from core.refusals import Refusal
from lrs import frames, keys, queries
from lrs.actions import documents, erasures, statements
from lrs.actions.documents import Conditions, Folder
from lrs.enums import Resource
from lrs.models import Attachment, Document, Erasure, Mention, Statement
from lrs.signatures import USAGE
from tests.factories import learning as make
from tests.factories.learning import statement

ANA = {"mbox": "mailto:ana@example.org", "name": "Ana Invented"}
ANA_TOO = {"account": {"homePage": "https://else.example", "name": "ana-7"}}
BEA = {"mbox": "mailto:bea@example.org", "name": "Bea"}
HASHED = hashlib.sha1(b"mailto:ana@example.org", usedforsecurity=False).hexdigest()
LESSON = {"id": "https://trenza.example/lesson"}
SUB = {
    "objectType": "SubStatement",
    "actor": ANA,
    "verb": {"id": "https://example.org/verbs/planned"},
    "object": ANA_TOO | {"objectType": "Agent"},
}
# Everywhere that an agent may stand.
PLACES = {
    "actor": statement(actor=ANA),
    "member": statement(actor={"objectType": "Group", "member": [BEA, ANA]}),
    "object": statement(actor=BEA, object=ANA | {"objectType": "Agent"}),
    "instructor": statement(actor=BEA, context={"instructor": ANA_TOO}),
    "team": statement(
        actor=BEA, context={"team": {"objectType": "Group", "name": "T", "member": [ANA]}}
    ),
    "sub": statement(actor=BEA, object=SUB),
    "hash": statement(actor={"mbox_sha1sum": HASHED.upper()}),
}
IN_CONTEXT = statement(
    actor=BEA,
    context={
        "contextAgents": [{"objectType": "contextAgent", "agent": ANA | {"objectType": "Agent"}}],
        "contextGroups": [
            {
                "objectType": "contextGroup",
                "group": {"objectType": "Group", "member": [ANA_TOO]},
            }
        ],
    },
)


@pytest.fixture
def guarded(db):
    """The database refuses what only an erasure may do."""
    append_only.install(connection)


def everything() -> str:
    """All that the tables of the store say, as text."""
    rows = [*Statement.objects.values_list("raw", "object"), *Erasure.objects.values_list("sought")]
    rows += AuditRecord.objects.filter(model__startswith="lrs.").values_list("detail")
    return json.dumps([[str(value) for value in row] for row in rows])


def found(agent, related: bool = True) -> list:
    key = keys.of_agent(agent)
    search = queries.Search(keys=[(keys.related(key) if related else key).hex()])
    return queries.page(search)[0]


@pytest.mark.parametrize("place", PLACES)
def test_person_is_nameless_wherever_she_stands(place, guarded):
    statements.store([PLACES[place], statement(actor=BEA)])

    done = erasures.erase(agents=[ANA, ANA_TOO], reason="She asked.")

    for trace in ("ana@example", "Ana Invented", "ana-7", HASHED):
        assert trace.lower() not in everything().lower()
    assert found(ANA) == found(ANA_TOO) == found({"mbox_sha1sum": HASHED}) == []
    assert len(found({"account": account(done.pseudonym)})) == 1
    assert (done.statements, done.expected, done.sought) == (1, 1, {})


def account(name: str) -> dict:
    return {"homePage": "https://trenza.example", "name": name}


def test_person_in_the_context_of_version_two_is_nameless(guarded):
    statements.store([IN_CONTEXT], version="2.0.0")

    erasures.erase(agents=[ANA, ANA_TOO], reason="She asked.")

    assert "ana" not in everything().lower().replace("erased", "")


def test_rest_of_a_statement_stays_to_the_digit(guarded):
    before = statement(actor=ANA, id=str(uuid.uuid4()), result={"score": {"raw": 1.0}})
    statements.store([before, statement(actor=BEA)])
    old = Statement.objects.get(pk=before["id"])

    done = erasures.erase(agents=[ANA], reason="She asked.")

    new = Statement.objects.get(pk=before["id"])
    same = ("position", "verb", "object", "timestamp", "stored", "credential")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    named = {"account": account(done.pseudonym)}
    assert json.loads(new.raw) == json.loads(old.raw) | {"actor": named}
    assert '"raw":1.0' in new.raw
    assert Statement.objects.exclude(pk=new.pk).get().erasure is None


def test_statement_sent_again_is_refused_and_brings_nothing_back(store, guarded):
    body = statement(actor=ANA, id=str(uuid.uuid4()))
    store.post(body)
    erasures.erase(agents=[ANA], reason="She asked.")

    assert store.post(body).status_code == 409
    statements.store_many([body])

    assert "ana@example" not in everything()


def test_what_refers_to_it_is_found_under_the_pseudonym_alone(guarded):
    first, second = (str(uuid.uuid4()) for _ in range(2))
    statements.store([statement(actor=ANA, id=first)])
    statements.store([about(first, second)])
    statements.store([about(second, str(uuid.uuid4()))])
    assert len(found(ANA)) == 3

    done = erasures.erase(agents=[ANA], reason="She asked.")

    assert found(ANA) == found(ANA, related=False) == []
    assert len(found({"account": account(done.pseudonym)})) == 3
    assert done.statements == 1


def about(target: str, identity: str) -> dict:
    return statement(actor=BEA, id=identity, object={"objectType": "StatementRef", "id": target})


def test_reference_stored_meanwhile_waits_and_copies_no_old_name(meanwhile):
    first = str(uuid.uuid4())
    statements.store([statement(actor=ANA, id=first)])
    begun = erasures.begin(agents=[ANA], reason="She asked.")

    with transaction.atomic():
        erasures.go_on(erasure=begun)
        waiting = meanwhile(lambda: statements.store([about(first, str(uuid.uuid4()))]))
        assert not waiting.done()
    waiting.result()

    assert found(ANA) == []
    assert len(found({"account": account(begun.pseudonym)})) == 2


def test_second_erasure_of_the_same_statement_keeps_the_first(guarded):
    statements.store([statement(actor=ANA, context={"instructor": BEA})])
    first = erasures.erase(agents=[ANA], reason="She asked.")

    second = erasures.erase(agents=[BEA], reason="She asked, too.")

    raw = json.loads(Statement.objects.get().raw)
    assert raw["actor"]["account"]["name"] == first.pseudonym
    assert raw["context"]["instructor"]["account"]["name"] == second.pseudonym


def test_documents_about_the_person_go(db):
    for agent in (ANA, BEA):
        folder = Folder(Resource.STATE, keys.of_activity("https://a.example"), keys.of_agent(agent))
        documents.put(
            folder=folder, document_id="d", content=b"x", content_type="t/p", when=Conditions()
        )

    done = erasures.erase(agents=[ANA], reason="She asked.")

    assert done.documents == 1
    assert bytes(Document.objects.get().agent) == keys.of_agent(BEA)


def sign(body: dict) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.api_jws.encode(json.dumps(body).encode(), key, algorithm="RS256").encode()


def test_signature_goes_since_it_holds_the_name(guarded):
    body = statement(actor=ANA)
    signed, files = make.with_file(body, sign(body), USAGE)
    statements.store([signed], files=files)
    plain, others = make.with_file(
        statement(actor=ANA), b"a drawing", "https://example.org/drawing"
    )
    statements.store([plain], files=others)

    done = erasures.erase(agents=[ANA], reason="She asked.")

    assert done.files == 1
    assert [row.pk for row in Attachment.objects.all()] == list(others)
    (gone,) = files
    assert not storages["xapi"].exists(f"{gone[:2]}/{gone}")


def test_erasure_goes_on_where_it_was_killed(guarded, monkeypatch):
    statements.store([statement(actor=ANA) for _ in range(5)])
    monkeypatch.setattr(erasures, "CHUNK", 2)
    begun = erasures.begin(agents=[ANA], reason="She asked.")
    rewrite, calls = erasures._rewrite, []

    def killed(*args):
        if calls:
            raise KeyboardInterrupt
        calls.append(rewrite(*args))

    with monkeypatch.context() as broken:
        broken.setattr(erasures, "_rewrite", killed)
        with pytest.raises(KeyboardInterrupt):
            erasures.go_on(erasure=begun)
    begun.refresh_from_db()
    assert (begun.statements, begun.expected, begun.finished_at) == (2, 5, None)

    call_command("lrs_erase", "--go-on")

    begun.refresh_from_db()
    assert (begun.statements, begun.sought) == (5, {})
    assert begun.finished_at is not None
    assert "ana@example" not in everything()


def test_erasure_that_is_finished_changes_nothing_again(guarded):
    statements.store([statement(actor=ANA)])
    begun = erasures.begin(agents=[ANA], reason="She asked.")
    other = Erasure.objects.get(pk=begun.pk)
    erasures.go_on(erasure=begun)

    erasures.go_on(erasure=other)

    assert other.statements == 1
    assert AuditRecord.objects.filter(action="erasures.finish").count() == 1


@pytest.mark.parametrize("agents", [[], [{"objectType": "Group", "member": [BEA]}]])
def test_erasure_of_nobody_is_refused(agents, db):
    with pytest.raises(Refusal, match="at least one identifier"):
        erasures.erase(agents=agents, reason="?")


def test_client_is_no_person(db):
    credential, _secret = make.credential()

    with pytest.raises(Refusal, match="no person"):
        erasures.erase(agents=[statements.authority(credential)], reason="?")


def test_audit_trail_holds_counts_and_no_person(guarded):
    statements.store([statement(actor=ANA)])

    erasures.erase(agents=[ANA], reason="She asked.")

    told = dict(AuditRecord.objects.values_list("action", "detail"))
    assert told["erasures.begin"] == {"people": 1, "statements": 1}
    assert told["erasures.finish"] == {"people": 1, "statements": 1, "documents": 0, "files": 0}


def test_counts_stay_equal(guarded):
    statements.store([*PLACES.values()])
    before = frames.counts(Statement.objects.all())

    erasures.erase(agents=[ANA, ANA_TOO], reason="She asked.")

    assert frames.counts(Statement.objects.all()).equals(before)
    assert not Mention.objects.filter(key=keys.related(keys.of_agent(ANA))).exists()


def test_command_erases_whom_it_names(guarded, capsys):
    statements.store([statement(actor=ANA)])

    call_command("lrs_erase", "--agent", json.dumps(ANA), "--reason", "She asked.")

    assert "1 statement" in capsys.readouterr().out
    assert found(ANA) == []
