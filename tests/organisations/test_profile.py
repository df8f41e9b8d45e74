import json

import pytest
from django.urls import reverse

from core.models import AuditRecord
from organisations.models import User
from tests.factories import organisations as make


@pytest.fixture
def caregiver(country, client):
    user = make.person("caregiver", country.here.rooms[0])
    client.force_login(user)
    return user


def test_profile_changes_ones_own_name(client, caregiver):
    response = client.post(reverse("profile"), {"first_name": "Otra", "last_name": "Persona"})

    caregiver.refresh_from_db()
    assert response.status_code == 302
    assert str(caregiver) == "Otra Persona"
    assert AuditRecord.objects.filter(action="people.rename", actor_id=caregiver.pk).count() == 1


def test_profile_without_a_name_is_refused(client, caregiver):
    before = str(caregiver)

    response = client.post(reverse("profile"), {"first_name": "", "last_name": "x" * 200})

    assert sorted(response.context["form"].errors) == ["first_name", "last_name"]
    assert str(User.objects.get(pk=caregiver.pk)) == before


def test_profile_shows_ones_posts_past_ones_too(client, caregiver):
    response = client.get(reverse("profile"))

    assert [post.role for post in response.context["posts"]] == ["caregiver"]


def test_own_data_are_ones_own_and_nobody_elses(client, caregiver, country):
    make.person("caregiver", country.here.rooms[0])

    response = client.get(reverse("own_data"))

    data = json.loads(response.content)
    assert data["account"]["email"] == caregiver.email
    assert [post["unit"] for post in data["posts"]] == [country.here.rooms[0].code]
    assert [action["action"] for action in data["actions"]] == ["sign_ins.succeed"]
    assert "password" not in response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="trenza.json"'


@pytest.mark.parametrize("name", ["profile", "own_data"])
def test_profile_needs_signing_in(client, db, name):
    assert client.get(reverse(name)).status_code == 302
