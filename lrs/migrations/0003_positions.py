import json
from contextlib import contextmanager

from django.db import migrations

from core import append_only
from lrs import keys, positions

CHUNK = 1000


def place(apps, schema_editor) -> None:
    """Give each statement kept so far its place in the order of storing."""
    statements = apps.get_model("lrs", "Statement").objects
    last = 0
    rows = statements.order_by("stored", "id").only("stored", "raw")
    with _unguarded(schema_editor.connection):
        for row in rows.iterator(CHUNK):
            last = max(last + (1 << positions.BITS), positions.first(row.stored))
            thing = json.loads(row.raw)["object"]
            statements.filter(pk=row.pk).update(
                position=last,
                object=keys.readable_object(thing),
                refers_to=thing["id"] if thing.get("objectType") == "StatementRef" else None,
            )


@contextmanager
def _unguarded(connection):
    """PostgreSQL's triggers are lifted here, since ``append_only.lift`` is for SQLite."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE lrs_statement DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE lrs_statement ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("lrs", "0002_whole_store")]

    operations = [
        migrations.RunPython(append_only.lift, migrations.RunPython.noop),
        migrations.RunPython(place, migrations.RunPython.noop),
    ]
