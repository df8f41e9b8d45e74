"""The bytes of a picture, for those who may read its session."""

import uuid

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View

from fieldwork.actions import blobs
from observation import queries
from observation.views.sessions import ReadableSessionMixin
from organisations.adapters import SignedInRequest


class SessionPicture(ReadableSessionMixin, View):
    def get(self, request: SignedInRequest, pk: uuid.UUID, number: int) -> FileResponse:
        session = self.session(pk)
        picture = get_object_or_404(queries.pictures_of(session), number=number)
        if picture.media_type is None:
            raise Http404
        try:
            file = blobs.opened(picture.sha256)
        except FileNotFoundError as missing:
            raise Http404 from missing
        end = picture.media_type.removeprefix("image/")
        return FileResponse(
            file,
            filename=f"{session.unit.code}-{session.observed_on:%Y-%m-%d}-{number}.{end}",
            content_type=picture.media_type,
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
