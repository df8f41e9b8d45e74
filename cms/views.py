import mimetypes
import posixpath
import re
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel
from wagtail.models import Locale

from cms.models import ToolkitIndexPage

# Originals may hold where a photograph was taken; other apps keep uploads that are not public.
PUBLIC_FOLDERS = ("images/", "films/")
TYPES = {".vtt": "text/vtt", ".webm": "video/webm", ".mp4": "video/mp4", ".webp": "image/webp"}
BLOCK = 64 * 1024


def editor_login(request: HttpRequest) -> HttpResponse:
    """Wagtail's sign-in page gives way to ours, with its second step; who is in may not edit."""
    if request.user.is_authenticated:
        raise PermissionDenied
    target = urlencode({"next": request.GET.get("next", reverse("wagtailadmin_home"))})
    return redirect(f"{reverse('account_login')}?{target}")


class EditorAccount(AccountView):
    """Wagtail's account page without the name: /mi-perfil/ changes it and leaves a record."""

    def get_panels(self):
        panels = super().get_panels()
        return [panel for panel in panels if not isinstance(panel, NameEmailSettingsPanel)]


@require_safe
def toolkit(request: HttpRequest) -> HttpResponse:
    """The toolkit in the reader's language, or the front page where there is none yet."""
    page = ToolkitIndexPage.objects.live().filter(locale=Locale.get_active()).first()
    return redirect(page.get_url(request) if page else reverse("wagtail_serve", args=[""]))


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A public picture or film from the local media folder, whole or the part asked for.

    Phones play a film only from a server that gives parts of it (RFC 9110, 14).
    """
    # "images/../original_images/a.png" begins with a public folder and lies in another.
    public = path.startswith(PUBLIC_FOLDERS) and path == posixpath.normpath(path)
    if not public or not default_storage.exists(path):
        raise Http404
    try:
        file = default_storage.open(path)
    except IsADirectoryError:
        raise Http404 from None
    size = file.size
    start, end = _range(request.headers.get("Range", ""), size)
    if start >= size:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    partial = (start, end) != (0, size - 1)
    ending = path[path.rfind(".") :].lower()
    response = StreamingHttpResponse(
        _parts(file, start, end - start + 1),
        status=206 if partial else 200,
        content_type=TYPES.get(ending) or mimetypes.guess_type(path)[0],
        headers={
            "Accept-Ranges": "bytes",
            "Content-Length": str(end - start + 1),
            "Cache-Control": "public, max-age=86400",
        },
    )
    if partial:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _range(header: str, size: int) -> tuple[int, int]:
    """First and last byte of a single range; all of it where there is none to understand."""
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip())
    if not found or found.groups() == ("", ""):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (start, end) if end >= start or start >= size else (0, size - 1)


def _parts(file: File, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (part := file.read(min(BLOCK, length))):
            length -= len(part)
            yield part
