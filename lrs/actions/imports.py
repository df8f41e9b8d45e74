"""Taking the statements of another store, page by page, each together with how far it brought us.

They keep their ids and their timestamps. ``stored`` and ``authority`` are this store's own, as the
specification has it (2.4.8, 2.4.9); what they were is kept beside, in ``Origin``.
"""

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

import simplejson
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from lrs import keys, multipart
from lrs.actions import attachments, credentials, statements
from lrs.enums import Scope
from lrs.models import Import, LeftOut, Origin, Statement
from lrs.multipart import Part
from lrs.remote import Answer, RecordStore, Unreachable
from lrs.validation import Malformed, parse
from lrs.validation.rules import moment

PAGE = 250
# “Since” leaves out its own moment, at which the other store may have stored several.
BACK = datetime.timedelta(seconds=1)
KEY_REFUSED = {401, 403}
ASSIGNED = {"stored", "authority"}
CONSISTENT = "X-Experience-API-Consistent-Through"


@transaction.atomic
def begin(*, endpoint: str, key: str, since: datetime.datetime | None = None, by=None) -> Import:
    """The import of this source that is not finished, or a new one.

    A new one takes what was stored there ``since``, by default since the last one saw everything.
    """
    endpoint = endpoint.rstrip("/") + "/"
    before = Import.objects.filter(endpoint=endpoint, key=key)
    unfinished = before.filter(finished_at=None)
    if going := (unfinished.filter(since=since) if since else unfinished).first():
        return going
    last = before.first()
    if since is None and last is not None:
        since = last.through
    source = Import.objects.create(
        endpoint=endpoint,
        key=key,
        since=since,
        credential=last.credential if last else _client(endpoint, key),
    )
    audit.record("imports.begin", source, by=by)
    return source


def _client(endpoint: str, key: str):
    """As whom the statements stand here; nobody comes in as it."""
    name = f"{endpoint[:60]} {key[:39]}"
    credential, _secret = credentials.issue(name=name, scopes=(Scope.DEFINE,))
    return credentials.revoke(credential=credential)


def take(*, source: Import, store: RecordStore) -> None:
    """Take the next page. Raises ``Unreachable`` and, if another takes it as well, ``Refusal``."""
    address = source.more or _address(source)
    answer = store.page(address)
    if source.more and 400 <= answer.status < 500 and answer.status not in {*KEY_REFUSED, 429}:
        # “More” does not last for ever (2.5): on from the last statement that came.
        source.more = ""
        address = _address(source)
        answer = store.page(address)
    if answer.status != 200:
        raise Unreachable(answer.said)
    given, files, more = _read(answer)
    if more == address:
        raise Unreachable(_("It gives the same page again and again."))
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=source.pk)
        if locked.pages != source.pages:
            raise Refusal(_("Another process goes on with this import."))
        _take(source, given, files)
        source.pages += 1
        source.more = more
        last = _moment(given[-1], "stored") if given else None
        source.last_stored_at = last or source.last_stored_at
        source.through = source.through or _moment(answer.headers, CONSISTENT)
        if not more:
            source.finished_at = timezone.now()
            audit.record("imports.finish", source, by=None, detail={"stored": source.stored})
        source.save()


def _address(source: Import) -> str:
    """Where it begins, or begins again after the last statement that came."""
    asked = {"ascending": "true", "attachments": "true", "limit": str(PAGE)}
    since = source.last_stored_at - BACK if source.last_stored_at else source.since
    if since:
        asked["since"] = since.isoformat().replace("+00:00", "Z")
    return f"statements?{urlencode(asked)}"


def _read(answer: Answer) -> tuple[list[Any], dict[str, Part], str]:
    """The statements of a page, the bytes that came with them, and where it goes on."""
    kind = answer.headers.get("Content-Type", "")
    body, files = answer.content, {}
    try:
        if kind.lower().startswith("multipart/mixed"):
            first, *others = multipart.parts(body, kind)
            body, files = first.content, {part.hash: part for part in others if part.hash}
        page = simplejson.loads(body, use_decimal=True)
        given, more = page["statements"], page.get("more", "")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as wrong:
        raise Unreachable(
            _("Its answer is no page of statements: %(why)s") % {"why": wrong}
        ) from None
    if not isinstance(given, list) or _plain(more or "") != (more or ""):
        raise Unreachable(_("Its answer is no page of statements: %(why)s") % {"why": kind})
    return given, files, more or ""


def _take(source: Import, given: list[Any], files: dict[str, Part]) -> None:
    """Store what can be stored, list what cannot, count both."""
    usable: dict[str, list[dict[str, Any]]] = {}
    for one in given:
        try:
            statement, version = _checked(one)
        except Malformed as wrong:
            _leave_out(source, one, wrong)
        else:
            usable.setdefault(version, []).append(statement)
    for version, some in usable.items():
        there, left = _known(some), set()
        try:
            _store(source, some, files, version)
        except (Malformed, statements.Conflict, IntegrityError):
            left = _store_each(source, some, files, version)
        new = _known(some) - there
        _note_origins(source, [one for one in some if uuid.UUID(one["id"]) in new])
        source.stored += len(new)
        source.held += len(there - left)


def _checked(one: Any) -> tuple[dict[str, Any], str]:
    """A statement that has an id and is sound JSON, and the version it was made under."""
    if not isinstance(one, dict) or "id" not in one:
        raise Malformed("id", _("This property is missing."))
    try:
        uuid.UUID(one["id"])
    except (ValueError, TypeError, AttributeError):
        raise Malformed("id", _("This is no id.")) from None
    try:
        text = simplejson.dumps(one, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("", _("It holds characters that are none.")) from None
    statement = parse(text, exact=True)
    return statement, "2.0.0" if str(one.get("version", "")).startswith("2") else "1.0.3"


def _known(some: list[dict[str, Any]]) -> set[uuid.UUID]:
    ids = [uuid.UUID(one["id"]) for one in some]
    return set(Statement.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _store(
    source: Import, some: list[dict[str, Any]], files: dict[str, Part], version: str
) -> None:
    own = [{name: one[name] for name in one if name not in ASSIGNED} for one in some]
    mine = {sha2: files[sha2] for one in own for sha2 in _hashes(one) if sha2 in files}
    statements.store(own, credential=source.credential, version=version, files=mine)


def _store_each(
    source: Import, some: list[dict[str, Any]], files: dict[str, Part], version: str
) -> set[uuid.UUID]:
    """Store them one by one; the ids of those that had to be left out.

    One that was made nameless here is held: its person is not to come back.
    """
    left = set()
    for one in some:
        try:
            _store(source, [one], files, version)
        except (Malformed, statements.Conflict) as wrong:
            if not Statement.objects.filter(pk=one["id"], erasure__isnull=False).exists():
                _leave_out(source, one, wrong)
                left.add(uuid.UUID(one["id"]))
    return left


def _hashes(statement: dict[str, Any]) -> list[str]:
    """Of its attachments; of what is malformed none: storing it says what is wrong."""
    try:
        return [one["sha2"].lower() for one in attachments.described(statement)]
    except (KeyError, TypeError, AttributeError):
        return []


def _leave_out(source: Import, one: Any, wrong: Exception) -> None:
    where = getattr(wrong, "where", "")
    LeftOut.objects.create(
        source=source,
        statement_id=_plain(one.get("id", "") if isinstance(one, dict) else "")[:100],
        conflict=isinstance(wrong, statements.Conflict),
        reason=_plain(f"{where}: {wrong}" if where else str(wrong))[:500],
    )


def _plain(text: Any) -> str:
    """As text that any database keeps."""
    return str(text).replace("\x00", "").encode(errors="replace").decode()


def _note_origins(source: Import, some: list[dict[str, Any]]) -> None:
    Origin.objects.bulk_create([_origin(source, one) for one in some])


def _origin(source: Import, one: dict[str, Any]) -> Origin:
    authority = one.get("authority")
    try:
        agents = [authority, *authority.get("member", ())] if authority else []
        found = [keys.of_agent(agent).hex() for agent in agents]
    except (KeyError, TypeError, AttributeError):
        found = []
    if not any(found):  # whom an erasure could not find is not kept
        authority = None
    return Origin(
        statement_id=uuid.UUID(one["id"]),
        source=source,
        stored=_moment(one, "stored"),
        authority=simplejson.dumps(authority, ensure_ascii=False) if authority else "",
        authority_keys=" ".join(found).strip(),
    )


def _moment(names: Any, name: str) -> datetime.datetime | None:
    """The moment called ``name``, if there is one that can be read."""
    try:
        return moment(names[name], name)
    except (Malformed, KeyError, TypeError):
        return None
