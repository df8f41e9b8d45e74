"""Public pages and documents. The editor below /editor/ has a rule of its own in the test."""

from tests.routes import PUBLIC, Route

ROUTES = {
    "toolkit": Route(PUBLIC),
    "media": Route(PUBLIC, arguments=lambda region: {"path": "none.png"}),
    "wagtail_serve": Route(PUBLIC, arguments=lambda region: {"args": [""]}),
    "wagtailcore_login": Route(PUBLIC),
    "wagtailcore_authenticate_with_password": Route(
        PUBLIC,
        ("get", "post"),
        lambda region: {"page_view_restriction_id": 999_999, "page_id": 999_999},
    ),
    "wagtaildocs_serve": Route(PUBLIC, arguments=lambda region: {"args": [999_999, "none.pdf"]}),
    "wagtaildocs_authenticate_with_password": Route(
        PUBLIC, ("get", "post"), lambda region: {"restriction_id": 999_999}
    ),
}
