"""State and profile resources: xAPI 1.0.3, Part Three, 2.3, 2.6 and 2.7."""

import uuid

from django.http import HttpResponse, JsonResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from lrs import keys
from lrs.actions import documents
from lrs.actions.documents import Conditions, Folder
from lrs.api.parameters import agent_key
from lrs.api.resources import ResourceView, body, empty, error, media_type, parameters
from lrs.enums import Resource, Scope
from lrs.validation import Malformed, parse
from lrs.validation import rules as rule


class DocumentsView(ResourceView):
    """Documents of one kind, each by its id."""

    resource: Resource
    id_name: str
    where: tuple[str, ...]  # parameters that name the folder
    perhaps: tuple[str, ...] = ()  # and those that may
    all_at_once = False  # whether a whole folder can be deleted
    http_method_names = ["get", "head", "put", "post", "delete", "options"]

    def get(self, request) -> HttpResponse:
        """One document, or the ids of those in the folder, changed since a moment."""
        asked = parameters(request, self.id_name, *self.perhaps, "since", needed=self.where)
        folder = self._folder(asked)
        if self.id_name in asked:
            if "since" in asked:
                raise Malformed("since", _("This does not go together with an id."))
            return _one(folder, asked[self.id_name])
        rows = folder.documents().order_by("pk")
        if "since" in asked:
            rows = rows.filter(updated_at__gt=rule.moment(asked["since"], "since"))
        changed = dict(rows.values_list("document_id", "updated_at"))
        response = JsonResponse(list(changed), safe=False)
        if changed:
            response["Last-Modified"] = http_date(max(changed.values()).timestamp())
        return response

    def put(self, request) -> HttpResponse:
        profile = self.resource != Resource.STATE
        # 1.0.3, 3.1: a PUT to a profile says which it means; 2.0, 4.1.4: over any document
        when = self._conditions(must=profile or self.second, always=profile and not self.second)
        self._write(request, documents.put, when)
        return empty()

    def post(self, request) -> HttpResponse:
        self._write(request, documents.post, self._conditions())
        return empty()

    def delete(self, request) -> HttpResponse:
        needed = self.where if self.all_at_once else (*self.where, self.id_name)
        asked = parameters(request, self.id_name, *self.perhaps, needed=needed)
        folder, when = self._folder(asked), self._conditions()
        if self.id_name in asked:
            documents.delete(folder=folder, document_id=asked[self.id_name], when=when)
        else:
            documents.delete_all(folder=folder)
        return empty()

    def _write(self, request, write, when: Conditions) -> None:
        asked = parameters(request, *self.perhaps, needed=(*self.where, self.id_name))
        folder, content = self._folder(asked), body(request)
        if media_type(request) == "application/json":
            parse(content)
        write(
            folder=folder,
            document_id=asked[self.id_name],
            content=content,
            content_type=(request.content_type or "application/octet-stream")[:255],
            when=when,
        )

    def _conditions(self, **needed: bool) -> Conditions:
        headers = self.request.headers
        return Conditions(headers.get("If-Match", ""), headers.get("If-None-Match", ""), **needed)

    def _folder(self, asked: dict[str, str]) -> Folder:
        for name in ("activityId",):
            if name in asked:
                rule.iri(asked[name], name)
        if "registration" in asked:
            rule.uuid_text(asked["registration"], "registration")
        return Folder(
            self.resource,
            activity=keys.of_activity(asked["activityId"]) if "activityId" in asked else b"",
            agent=agent_key(asked["agent"]) if "agent" in asked else b"",
            registration=uuid.UUID(asked["registration"]) if "registration" in asked else None,
        )


class StateView(DocumentsView):
    """``/xapi/activities/state``."""

    resource, id_name = Resource.STATE, "stateId"
    where, perhaps = ("activityId", "agent"), ("registration",)
    all_at_once = True
    read_scopes, write_scopes = (Scope.STATE, Scope.ALL_READ), (Scope.STATE,)


class ActivityProfileView(DocumentsView):
    """``/xapi/activities/profile``."""

    resource, id_name, where = Resource.ACTIVITY_PROFILE, "profileId", ("activityId",)
    read_scopes, write_scopes = (Scope.PROFILE, Scope.ALL_READ), (Scope.PROFILE,)


class AgentProfileView(DocumentsView):
    """``/xapi/agents/profile``."""

    resource, id_name, where = Resource.AGENT_PROFILE, "profileId", ("agent",)
    read_scopes, write_scopes = (Scope.PROFILE, Scope.ALL_READ), (Scope.PROFILE,)


def _one(folder: Folder, document_id: str) -> HttpResponse:
    row = folder.document(document_id).first()
    if row is None:
        return error(404, _("There is no document with this id."))
    response = HttpResponse(bytes(row.content), content_type=row.content_type)
    response["ETag"] = f'"{row.etag}"'
    response["Last-Modified"] = http_date(row.updated_at.timestamp())
    return response
