import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.actions import posts
from tests.factories import organisations as make


def test_person_is_locked_before_her_posts_are_read(country):
    person = make.user()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        posts.give(
            user=person,
            unit=country.here.centre,
            role="mentor",
            starts_on=datetime.date(2026, 1, 1),
            by=None,
        )

    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert ['FROM "organisations_user"' in sql for sql in asked][:2] == [True, False]
    assert asked[0].endswith("FOR UPDATE") == connection.features.has_select_for_update
