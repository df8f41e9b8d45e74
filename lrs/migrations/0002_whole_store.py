from django.db import migrations, models
import django.db.models.deletion

from core import append_only


def scopes_of_flags(apps, schema_editor) -> None:
    for one in apps.get_model("lrs", "Credential").objects.all():
        one.scopes = {
            (True, True): ["all"],
            (True, False): ["all/read"],
            (False, True): ["define", "statements/write"],
            (False, False): [],
        }[one.can_read, one.can_write]
        one.save(update_fields=["scopes"])


class Migration(migrations.Migration):
    dependencies = [("lrs", "0001_initial")]

    operations = [
        migrations.RunPython(append_only.lift, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('key', models.BinaryField(max_length=16, primary_key=True, serialize=False, verbose_name='key')),
                ('iri', models.TextField(verbose_name='IRI')),
                ('definition', models.TextField(verbose_name='definition')),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('sha2', models.CharField(max_length=128, primary_key=True, serialize=False, verbose_name='hash')),
                ('content_type', models.CharField(max_length=255, verbose_name='type')),
                ('length', models.PositiveBigIntegerField(verbose_name='bytes')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(choices=[('state', 'state'), ('agent_profile', 'profile of an agent'), ('activity_profile', 'profile of an activity')], max_length=20, verbose_name='kind')),
                ('activity', models.BinaryField(default=b'', max_length=16, verbose_name='activity')),
                ('agent', models.BinaryField(default=b'', max_length=16, verbose_name='agent')),
                ('registration', models.UUIDField(blank=True, null=True, verbose_name='registration')),
                ('document_id', models.TextField(verbose_name='id')),
                ('place', models.BinaryField(max_length=16, unique=True, verbose_name='place')),
                ('content', models.BinaryField(verbose_name='content')),
                ('content_type', models.CharField(max_length=255, verbose_name='type')),
                ('etag', models.CharField(max_length=64, verbose_name='ETag')),
                ('updated_at', models.DateTimeField(verbose_name='changed')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pseudonym', models.CharField(max_length=80, unique=True, verbose_name='stands as')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('statements', models.PositiveIntegerField(default=0, verbose_name='statements')),
                ('documents', models.PositiveIntegerField(default=0, verbose_name='documents')),
                ('begun_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'ordering': ['-begun_at'],
            },
        ),
        migrations.CreateModel(
            name='Void',
            fields=[
                ('target', models.UUIDField(primary_key=True, serialize=False, verbose_name='voided')),
            ],
            options={
                'verbose_name': 'voiding',
                'verbose_name_plural': 'voidings',
            },
        ),
        migrations.AlterModelOptions(
            name='credential',
            options={'ordering': ['name'], 'verbose_name': 'credential', 'verbose_name_plural': 'credentials'},
        ),
        migrations.AlterModelOptions(
            name='statement',
            options={'ordering': ['-position'], 'verbose_name': 'statement', 'verbose_name_plural': 'statements'},
        ),
        migrations.RemoveIndex(
            model_name='statement',
            name='lrs_stateme_stored_b45461_idx',
        ),
        migrations.RemoveIndex(
            model_name='statement',
            name='lrs_stateme_actor_8003d9_idx',
        ),
        migrations.RemoveIndex(
            model_name='statement',
            name='lrs_stateme_object_4e8de5_idx',
        ),
        migrations.RemoveIndex(
            model_name='statement',
            name='lrs_stateme_verb_890f4d_idx',
        ),
        migrations.RemoveIndex(
            model_name='statement',
            name='lrs_stateme_registr_a72282_idx',
        ),
        migrations.AddField(
            model_name='statement',
            name='refers_to',
            field=models.UUIDField(blank=True, null=True, verbose_name='refers to'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['agent', 'activity'], name='lrs_documen_agent_8322a6_idx'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['activity'], name='lrs_documen_activit_9cf263_idx'),
        ),
        migrations.AddField(
            model_name='statement',
            name='erasure',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lrs.erasure', verbose_name='last erasure'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('refers_to__isnull', False)), fields=['refers_to'], name='lrs_statement_refers_to'),
        ),
        migrations.AddField(
            model_name='void',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voids', to='lrs.statement', verbose_name='voided by'),
        ),
        migrations.AddField(
            model_name='credential',
            name='scopes',
            field=models.JSONField(default=list, verbose_name='may'),
        ),
        migrations.AddField(
            model_name="credential",
            name="speaks",
            field=models.CharField(blank=True, max_length=10, verbose_name="speaks"),
        ),
        migrations.RunPython(scopes_of_flags, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='credential',
            name='can_read',
        ),
        migrations.RemoveField(
            model_name='credential',
            name='can_write',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='actor',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='registration',
        ),
        migrations.AddField(
            model_name='statement',
            name='position',
            field=models.BigIntegerField(null=True, verbose_name='position'),
        ),
    ]
