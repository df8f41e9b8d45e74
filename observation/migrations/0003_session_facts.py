from django.db import migrations, models

from core import append_only


class Migration(migrations.Migration):
    dependencies = [("observation", "0002_dataset_map_hash")]

    operations = [
        migrations.RunPython(append_only.lift, migrations.RunPython.noop),
        migrations.AddField(
            model_name="observationsession",
            name="facts",
            field=models.JSONField(blank=True, default=dict, verbose_name="facts"),
        ),
    ]
