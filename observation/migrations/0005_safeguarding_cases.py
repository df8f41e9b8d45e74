import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core import append_only


def open_cases(apps, schema_editor):
    """Each session with alerts gets its case, as if it had been opened with the first of them."""
    model = apps.get_model("observation", "SafeguardingAlert")
    cases = apps.get_model("observation", "SafeguardingCase")
    for alert in model.objects.select_related("session").order_by("raised_at"):
        case, _new = cases.objects.get_or_create(
            session_uid=alert.session_id,
            defaults={
                "unit_id": alert.session.unit_id,
                "opened_at": alert.raised_at,
                "look_by": alert.raised_at + datetime.timedelta(hours=4),
                "hand_over_by": alert.raised_at + datetime.timedelta(hours=48),
            },
        )
        model.objects.filter(pk=alert.pk).update(case=case, observer_id=alert.session.observer_id)
    if schema_editor.connection.vendor == "postgresql":
        # It alters no table while the checks of new foreign keys are still to come.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


PERSON = dict(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)
STATUS = [
    ("open", "waiting for an officer"),
    ("in_hand", "taken by an officer"),
    ("handed_over", "handed over"),
    ("closed", "closed"),
]
KINDS = [
    ("opened", "opened"),
    ("raised", "alert raised"),
    ("described", "alert described"),
    ("read", "read"),
    ("taken", "taken"),
    ("noted", "note"),
    ("handed_over", "handed over"),
    ("closed", "closed"),
    ("reopened", "opened again"),
    ("reminded", "reminder sent"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("observation", "0004_recorded_in_the_field"),
        ("organisations", "0002_proven_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(append_only.lift, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SafeguardingLimits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hours_to_look", models.PositiveSmallIntegerField(default=4, verbose_name="hours until somebody takes it")),
                ("hours_to_hand_over", models.PositiveSmallIntegerField(default=48, verbose_name="hours until it is handed over or closed")),
            ],
            options={
                "verbose_name": "limits of safeguarding",
                "verbose_name_plural": "limits of safeguarding",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="safeguardinglimits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("hours_to_hand_over__gte", models.F("hours_to_look")), ("hours_to_hand_over__lte", 720), ("hours_to_look__gte", 1)),
                        name="safeguardinglimits_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeguardingCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_uid", models.UUIDField(editable=False, unique=True, verbose_name="session")),
                ("status", models.CharField(choices=STATUS, default="open", max_length=12, verbose_name="status")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("look_by", models.DateTimeField(verbose_name="to be taken by")),
                ("hand_over_by", models.DateTimeField(verbose_name="to be handed over or closed by")),
                ("officer", models.ForeignKey(blank=True, null=True, related_name="safeguarding_cases", verbose_name="officer", **PERSON)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="safeguarding_cases", to="organisations.unit", verbose_name="room")),
            ],
            options={
                "verbose_name": "safeguarding case",
                "verbose_name_plural": "safeguarding cases",
                "ordering": ["-opened_at"],
                "indexes": [models.Index(fields=["status", "look_by"], name="observation_status_dcbd8c_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status", "open"), ("officer__isnull", False), _connector="OR"),
                        name="case_has_officer_once_taken",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=12, verbose_name="what")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("to_whom", models.CharField(blank=True, max_length=200, verbose_name="to whom")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="their reference")),
                ("by", models.ForeignKey(null=True, related_name="+", verbose_name="person", **PERSON)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="observation.safeguardingcase")),
            ],
            options={
                "verbose_name": "entry of a case",
                "verbose_name_plural": "entries of cases",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handed_over"), _negated=True),
                            models.Q(models.Q(("to_whom", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="caseentry_hand_over_says_to_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["closed", "reopened"]), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="caseentry_close_says_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="safeguardingalert",
            name="case",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="observation.safeguardingcase"),
        ),
        migrations.AddField(
            model_name="safeguardingalert",
            name="observer",
            field=models.ForeignKey(null=True, related_name="alerts_raised", **PERSON),
        ),
        migrations.AddField(
            model_name="safeguardingalert",
            name="happened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen"),
        ),
        migrations.RunPython(open_cases, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="safeguardingalert",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="observation.safeguardingcase"),
        ),
        migrations.AlterField(
            model_name="safeguardingalert",
            name="observer",
            field=models.ForeignKey(related_name="alerts_raised", **PERSON),
        ),
        migrations.RemoveConstraint("safeguardingalert", "alert_once_per_cycle_and_item"),
        migrations.AddConstraint(
            "safeguardingalert",
            models.UniqueConstraint(fields=("case", "cycle_number", "item"), name="alert_once_per_case_cycle_and_item"),
        ),
        migrations.RemoveField("safeguardingalert", "session"),
    ]
