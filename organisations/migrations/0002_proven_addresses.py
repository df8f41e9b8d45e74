from django.db import migrations


def vouch(apps, schema_editor):
    """The addresses of accounts made before were vouched for as those made since are."""
    addresses = apps.get_model("account", "EmailAddress").objects
    addresses.filter(verified=False).delete()
    people = apps.get_model("organisations", "User").objects.filter(emailaddress=None)
    addresses.bulk_create(
        [
            addresses.model(user=person, email=person.email.lower(), primary=True, verified=True)
            for person in people
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
