import json

import django.db.models.deletion
from django.db import migrations, models

from core import append_only
from lrs import keys, mentions

CHUNK = 1000
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def index(apps, schema_editor) -> None:
    """Let each statement kept so far be found, know what it voids, and what its activities are."""
    statements = apps.get_model("lrs", "Statement").objects.order_by("position")
    mention = apps.get_model("lrs", "Mention")
    definitions: dict[str, dict] = {}
    new = []
    for row in statements.iterator(CHUNK):
        for one in mentions.activities(json.loads(row.raw)):
            definitions.setdefault(one["id"], {}).update(one.get("definition", {}))
        for end in _chain(statements, row):
            found = mentions.of_statement(json.loads(end.raw))
            new += [mention(key=key, statement_id=row.position, source=end.position) for key in found]
        if len(new) > 10 * CHUNK:
            mention.objects.bulk_create(new, batch_size=CHUNK)
            new = []
    mention.objects.bulk_create(new, batch_size=CHUNK)
    apps.get_model("lrs", "Activity").objects.bulk_create(
        apps.get_model("lrs", "Activity")(
            key=keys.of_activity(iri), iri=iri, definition=json.dumps(known, ensure_ascii=False)
        )
        for iri, known in definitions.items()
        if known
    )
    void = apps.get_model("lrs", "Void")
    void.objects.bulk_create(
        [
            void(target=row.refers_to, by_id=row.pk)
            for row in statements.filter(verb=VOIDED, refers_to__isnull=False)
        ],
        ignore_conflicts=True,
    )


def _chain(statements, row):
    seen = set()
    while row is not None and row.pk not in seen:
        yield row
        seen.add(row.pk)
        row = statements.filter(pk=row.refers_to).first() if row.refers_to else None


class Migration(migrations.Migration):
    dependencies = [("lrs", "0003_positions")]

    operations = [
        migrations.RunPython(append_only.lift, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="statement",
            name="position",
            field=models.BigIntegerField(unique=True, verbose_name="position"),
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "statement_id",
                        "source",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.BinaryField(max_length=16, verbose_name="key")),
                ("source", models.BigIntegerField(verbose_name="source")),
                (
                    "statement",
                    models.ForeignKey(
                        db_column="position",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="lrs.statement",
                        to_field="position",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={"verbose_name": "mention", "verbose_name_plural": "mentions"},
        ),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
