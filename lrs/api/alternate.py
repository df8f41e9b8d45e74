"""1.3: a POST that stands for another request, its headers and content in a form.

For browsers that once could send nothing else; xAPI 2.0 has none of it.
"""

from urllib.parse import parse_qsl

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from lrs.validation import Malformed

HEADERS = {
    "authorization": "HTTP_AUTHORIZATION",
    "x-experience-api-version": "HTTP_X_EXPERIENCE_API_VERSION",
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
    "if-match": "HTTP_IF_MATCH",
    "if-none-match": "HTTP_IF_NONE_MATCH",
    "accept-language": "HTTP_ACCEPT_LANGUAGE",
}
METHODS = {"GET", "HEAD", "PUT", "POST", "DELETE"}
VERSION = "HTTP_X_EXPERIENCE_API_VERSION"


def unfold(request: HttpRequest) -> Malformed | None:
    """Make ``request`` the one it stands for; give what is wrong with it, for its client to see."""
    try:
        if "method" in request.GET:
            _unfold(request)
    except Malformed as wrong:
        return wrong
    return None


def _unfold(request: HttpRequest) -> None:
    if request.META.get(VERSION, "").startswith("2"):
        raise Malformed("method", _("xAPI 2.0 knows no alternate request syntax."))
    method = request.GET["method"]
    if request.method != "POST" or method not in METHODS:
        raise Malformed("method", _("This parameter is for POST, and names another method."))
    if set(request.GET) != {"method"}:
        raise Malformed("method", _("Send the other parameters in the form."))
    form = _form(request.body)
    request.META["CONTENT_TYPE"] = "application/json"  # of the content, unless the form says more
    for name in [name for name in form if name.lower() in HEADERS]:
        request.META[HEADERS[name.lower()]] = form.pop(name)[-1]
    content = form.pop("content", None)
    request.method = method
    request.GET = form  # type: ignore[assignment]  # the stubs want one that cannot change
    request._body = content[-1].encode() if content else b""
    request.META["CONTENT_LENGTH"] = str(len(request._body))
    request.__dict__.pop("headers", None)
    request._set_content_type_params(request.META)  # type: ignore[attr-defined]  # Django's own way
    if method in {"PUT", "POST"} and content is None:
        raise Malformed("content", _("This property is missing."))
    if request.META.get(VERSION, "").startswith("2"):
        raise Malformed("method", _("xAPI 2.0 knows no alternate request syntax."))


def _form(body: bytes) -> QueryDict:
    """The fields of a form. Django's own reader would put other letters where it is not UTF-8."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Malformed("", _("This is not UTF-8.")) from None
    form = QueryDict(mutable=True)
    for name, value in pairs:
        form.appendlist(name, value)
    return form
