import pytest
from django.db import IntegrityError, transaction

from lrs.actions import rows, statements
from lrs.models import Statement
from tests.factories.learning import statement


def test_row_that_is_there_is_an_error_of_django_on_every_database(db):
    statements.store([statement()])
    row = Statement.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(Statement, [rows.values(row)])
