"""Making people nameless in everything that the store holds.

A statement stays, with its id, times, verb, object and result; a pseudonym stands where the person
stood. What people wrote freely (responses, extensions) is not read: nobody can know what it says.
"""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

import simplejson
from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from core import audit
from core.refusals import Refusal
from lrs import keys, mentions, signatures
from lrs.actions import attachments, references
from lrs.actions.statements import authority, stand_in_line
from lrs.models import (
    Attachment,
    Credential,
    Delivery,
    Document,
    Erasure,
    Mention,
    Origin,
    Statement,
)
from lrs.sameness import fingerprint

CHUNK = 100  # statements; whoever stores waits for as long as one takes
PREFIX = "erased-"
MAILTO = "mailto:"


def erase(*, agents: list[dict[str, Any]], reason: str, by=None) -> Erasure:
    """Make the one person whom ``agents`` (xAPI agents, one for each identifier) name nameless.

    Raises ``Refusal``. What comes of her later is stored as it comes.
    """
    return go_on(erasure=begin(agents=agents, reason=reason, by=by))


@transaction.atomic
def begin(*, agents: list[dict[str, Any]], reason: str, by=None) -> Erasure:
    """Decide on what ``go_on`` does, and put it on record."""
    sought = identifiers(agents)
    if not sought:
        raise Refusal(_("Say who it is: give at least one identifier."))
    if sought & clients():
        raise Refusal(
            _("This is a client and no person. Revoke it; what it stored says what it is.")
        )
    pseudonym = new_pseudonym()
    return commission(dict.fromkeys(sought, pseudonym), pseudonym, reason=reason, by=by)


def commission(
    names: dict[bytes, str], pseudonym: str, *, by=None, reason: str = "", days: int | None = None
) -> Erasure:
    """The record of an erasure that replaces keys by ``names``, within the caller's transaction."""
    erasure = Erasure.objects.create(
        pseudonym=pseudonym,
        reason=reason,
        days=days,
        people=len(set(names.values())),
        sought={key.hex(): name for key, name in names.items()},
        expected=mentioning(names).count(),
    )
    detail = {"people": erasure.people, "statements": erasure.expected}
    audit.record("erasures.begin", erasure, by=by, detail=detail)
    return erasure


def go_on(*, erasure: Erasure) -> Erasure:
    """Do what ``erasure`` has still to do, chunk by chunk; it may end between any two."""
    names = {bytes.fromhex(key): name for key, name in erasure.sought.items()}
    while rows := list(mentioning(names)[:CHUNK]):
        _forget_signatures(erasure, rows, names)
        _rewrite(erasure, rows, names)
    _finish(erasure, names)
    erasure.refresh_from_db()
    return erasure


@task()
def go_on_later(erasure_id: int) -> None:
    """``go_on`` as a background task."""
    go_on(erasure=Erasure.objects.get(pk=erasure_id))


def identifiers(agents: Iterable[dict[str, Any]]) -> set[bytes]:
    """The keys of ``agents``; an address is also known by its hash."""
    found = {keys.of_agent(one) for one in agents}
    for one in agents:
        if "mbox" in one:
            hashed = hashlib.sha1(one["mbox"].encode(), usedforsecurity=False).hexdigest()
            found.add(keys.of_agent({"mbox_sha1sum": hashed}))
    return found - {b""}


def mentioning(sought: Iterable[bytes]) -> QuerySet:
    """Positions of the statements that have one of the keys ``sought`` in themselves."""
    related = [keys.related(key) for key in sought]
    rows = Mention.objects.filter(key__in=related, source=F("statement_id"))
    return rows.values_list("statement_id", flat=True).distinct()


def clients() -> set[bytes]:
    """The keys of the authorities of this store."""
    known = [None, *Credential.objects.all()]
    return {keys.of_agent(authority(each)) for each in known}


def new_pseudonym() -> str:
    return f"{PREFIX}{secrets.token_hex(8)}"


def is_pseudonym(agent: dict[str, Any]) -> bool:
    account = agent.get("account", {})
    return account.get("homePage") == settings.XAPI_HOME_PAGE and account.get(
        "name", ""
    ).startswith(PREFIX)


@transaction.atomic
def _rewrite(erasure: Erasure, positions: list[int], names: dict[bytes, str]) -> None:
    # Whoever stores a reference copies mentions of what it leads to: none may copy old ones now.
    stand_in_line(alone=True)
    rows = list(Statement.objects.filter(position__in=positions).exclude(erasure=erasure))
    ids = [row.pk for row in rows]
    referred = set(Statement.objects.filter(refers_to__in=ids).values_list("refers_to", flat=True))
    added: list[Mention] = []
    for row in rows:
        statement = simplejson.loads(row.raw, use_decimal=True)
        before = mentions.of_statement(statement)
        _rename(statement, names)
        after = mentions.of_statement(statement)
        row.raw = simplejson.dumps(statement, ensure_ascii=False, separators=(",", ":"))
        row.fingerprint, row.erasure = fingerprint(statement), erasure
        found_by = references.leading_to(row) if row.pk in referred else [row]
        Mention.objects.filter(
            key__in=before - after, statement__in=found_by, source=row.position
        ).delete()
        added += [
            Mention(key=key, statement_id=one.position, source=row.position)
            for one in found_by
            for key in after - before
        ]
    Statement.objects.bulk_update(rows, ["raw", "fingerprint", "erasure"], batch_size=50)
    Mention.objects.bulk_create(added, ignore_conflicts=True)
    # Whatever else led here, leads here no more: else ``go_on`` would never end.
    Mention.objects.filter(
        key__in=[keys.related(key) for key in names],
        statement__position__in=positions,
        source=F("statement_id"),
    ).delete()
    # What another store said of a statement may quote it.
    Delivery.objects.filter(statement__in=rows).update(error="")
    Erasure.objects.filter(pk=erasure.pk).update(statements=F("statements") + len(rows))


def _rename(statement: dict[str, Any], names: dict[bytes, str]) -> None:
    """Put pseudonyms in the places of agents, and leave their names out."""
    for agent in mentions.agents(statement):
        if name := names.get(keys.of_agent(agent)):
            for part in agent.keys() - {"objectType", "member"}:
                del agent[part]
            agent["account"] = {"homePage": settings.XAPI_HOME_PAGE, "name": name}


def _forget_signatures(erasure: Erasure, positions: list[int], names: dict[bytes, str]) -> None:
    """Delete signatures with one of ``names`` inside: each is a copy of its statement.

    Before the statements are rewritten, which lead to them: after a crash they are found again.
    """
    storage = storages["xapi"]
    for row in Statement.objects.filter(position__in=positions).only("raw"):
        for one in attachments.described(simplejson.loads(row.raw)):
            path = attachments.path(one["sha2"].lower())
            if one["usageType"] != signatures.USAGE or not storage.exists(path):
                continue
            with storage.open(path) as file:
                signed = signatures.signed(file.read())
            if signed and not names.keys().isdisjoint(map(keys.of_agent, mentions.agents(signed))):
                Attachment.objects.filter(pk=one["sha2"].lower()).delete()
                storage.delete(path)
                Erasure.objects.filter(pk=erasure.pk).update(files=F("files") + 1)


@transaction.atomic
def _finish(erasure: Erasure, names: dict[bytes, str]) -> None:
    """Delete documents, forget who it was."""
    open_one = Erasure.objects.select_for_update().filter(pk=erasure.pk, finished_at=None).first()
    if open_one is None:
        return
    open_one.documents = Document.objects.filter(agent__in=names).delete()[0]
    for key in names:
        Origin.objects.filter(authority_keys__contains=key.hex()).update(
            authority="", authority_keys=""
        )
    open_one.sought, open_one.finished_at = {}, timezone.now()
    open_one.save(update_fields=["documents", "sought", "finished_at"])
    detail = {
        name: getattr(open_one, name) for name in ("people", "statements", "documents", "files")
    }
    audit.record("erasures.finish", open_one, by=None, detail=detail)
