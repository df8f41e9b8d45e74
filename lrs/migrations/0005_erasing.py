import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lrs', '0004_mentions'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('status', models.PositiveSmallIntegerField(verbose_name='status')),
                ('method', models.CharField(max_length=10, verbose_name='method')),
                ('resource', models.CharField(max_length=40, verbose_name='resource')),
                ('sentence', models.CharField(max_length=200, verbose_name='reason')),
                ('where', models.CharField(blank=True, max_length=100, verbose_name='property')),
            ],
            options={
                'verbose_name': 'refused request',
                'verbose_name_plural': 'refused requests',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveIntegerField(default=1825, validators=[django.core.validators.MinValueValidator(1)], verbose_name='days')),
                ('is_on', models.BooleanField(default=False, verbose_name='in force')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'retention rule',
                'verbose_name_plural': 'retention rules',
            },
        ),
        migrations.AlterModelOptions(
            name='erasure',
            options={'ordering': ['-begun_at', '-pk'], 'verbose_name': 'erasure', 'verbose_name_plural': 'erasures'},
        ),
        migrations.AddField(
            model_name='credential',
            name='last_used_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last used'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='days',
            field=models.PositiveIntegerField(null=True, verbose_name='days of the rule'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='expected',
            field=models.PositiveIntegerField(default=0, verbose_name='statements found at the beginning'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='files',
            field=models.PositiveIntegerField(default=0, verbose_name='signatures'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='people',
            field=models.PositiveIntegerField(default=1, verbose_name='people'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='sought',
            field=models.JSONField(default=dict, verbose_name='still sought'),
        ),
        migrations.AlterField(
            model_name='erasure',
            name='reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), ('sought', {}), _connector='OR'), name='lrs_erasure_forgets_when_finished'),
        ),
        migrations.AddField(
            model_name='refusedrequest',
            name='credential',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='refused_requests', to='lrs.credential', verbose_name='client'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='lrs_retention_one_rule'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='lrs_retention_days'),
        ),
        migrations.AddIndex(
            model_name='refusedrequest',
            index=models.Index(fields=['at'], name='lrs_refused_request_at'),
        ),
    ]
