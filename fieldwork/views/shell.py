"""The page under /campo/ and all it needs without a network: the same bytes for everyone."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from fieldwork import texts as words
from fieldwork.modules import modules

WORKER = "js/field/worker.js"
ICONS = {"192x192": "icons/field-192.png", "512x512": "icons/field-512.png"}
STYLES = ["css/tokens.css", "css/field.css"]


def _address(path: str) -> str:
    # Without a hash in the name, since modules import each other by their plain names; the worker
    # knows every file by the hash of its content.
    return settings.STATIC_URL + path


def _file(path: str) -> Path:
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(f"The field needs static/{path}, which is not there.")
    return Path(found)


def _files() -> list[str]:
    """Static files that the page needs without a network."""
    scripts = (f"js/field/{file.name}" for file in _file("js/field").glob("*.js"))
    own = {*STYLES, *ICONS.values(), "icons/trenza.svg", *scripts} - {WORKER}
    return sorted(own.union(*((module.script, *module.files) for module in modules())))


def _page() -> bytes:
    # Rendered without the request: whoever asks, the phone keeps it for all who use it.
    shown = modules()
    styles = STYLES + [file for one in shown for file in one.files if file.endswith(".css")]
    context = {
        "styles": [_address(path) for path in styles],
        "scripts": {one.name: _address(one.script) for one in shown},
        "texts": {code: reverse("field:texts", args=[code]) for code, _name in settings.LANGUAGES},
        "languages": dict(settings.LANGUAGES),
        "start": _address("js/field/shell.js"),
        "icon": _address("icons/trenza.svg"),
        "touch_icon": _address(ICONS["192x192"]),
        "sign_in": f"{reverse(settings.LOGIN_URL)}?next={reverse('field:page')}",
    }
    return render_to_string("fieldwork/app.html", context).encode()


def _texts(language: str) -> bytes:
    return json.dumps(words.catalogue(language), ensure_ascii=False, sort_keys=True).encode()


def _manifest() -> bytes:
    said = words.catalogue(settings.LANGUAGE_CODE)
    start = reverse("field:page")
    icons = [
        {"src": _address(path), "sizes": size, "type": "image/png", "purpose": purpose}
        for size, path in ICONS.items()
        for purpose in ("any", "maskable")
    ]
    return json.dumps(
        {
            "id": start,
            "name": f"Trenza: {said['home']}",
            "short_name": "Trenza",
            "description": said["lead"],
            "lang": settings.LANGUAGE_CODE,
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": "#fff3e2",
            "theme_color": "#fff3e2",
            "icons": icons,
        }
    ).encode()


def _kept() -> dict[str, str]:
    """What the worker keeps: each address with the SHA-256 of what it must hold."""
    contents = {_address(path): _file(path).read_bytes() for path in _files()}
    contents[reverse("field:page")] = _page()
    contents[reverse("field:manifest")] = _manifest()
    for code, _name in settings.LANGUAGES:
        contents[reverse("field:texts", args=[code])] = _texts(code)
    return {at: hashlib.sha256(content).hexdigest() for at, content in sorted(contents.items())}


def _asked_anew(content: bytes | str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "no-cache"})


@require_safe
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    return _asked_anew(_page(), "text/html; charset=utf-8")


@require_safe
@gzip_page
def texts(request: HttpRequest, language: str) -> HttpResponse:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return _asked_anew(_texts(language), "application/json")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return _asked_anew(_manifest(), "application/manifest+json")


@require_safe
@gzip_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps, then what it does. Other content is another worker."""
    files = _kept()
    name = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    kept = json.dumps({"name": name, "page": reverse("field:page"), "files": files}, indent=1)
    code = _file(WORKER).read_text(encoding="utf-8")
    return _asked_anew(f"const KEPT = {kept};\n{code}", "text/javascript; charset=utf-8")
