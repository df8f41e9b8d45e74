"""Keys for programs: made once, narrower than the person, over on their day, taken back."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from organisations import own_data
from organisations.actions import tokens
from organisations.models import AccessToken
from tests.factories import organisations as make

PAGE = reverse("token_list")
READ = reverse("observation_api:session_list")
INSTRUMENTS = reverse("observation_api:instrument_list")


@pytest.fixture
def director(country):
    return make.person("director", country.here.centre)


def day(days: int = 30) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def key(by, scopes=("observation.read",), **fields) -> tuple[AccessToken, str]:
    wanted = {"name": "Hoja de cálculo", "expires_on": day()} | fields
    return tokens.make(scopes=list(scopes), by=by, **wanted)


def asks(client, secret: str, address: str = READ) -> int:
    return client.get(address, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_secret_opens_what_its_scope_says_and_no_more(client, director):
    _token, secret = key(director)

    assert (asks(client, secret), asks(client, secret, INSTRUMENTS)) == (200, 403)


def test_scope_gives_nothing_that_the_person_may_not(client, country):
    caregiver = make.person("caregiver", country.here.rooms[0])
    _token, secret = key(caregiver, ["observation.read", "instruments.read"])

    assert (asks(client, secret), asks(client, secret, INSTRUMENTS)) == (200, 403)


def test_key_of_who_lost_her_post_opens_nothing(client, director):
    _token, secret = key(director)
    director.posts.update(ends_on=day(-1))

    assert asks(client, secret) == 403


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_on": datetime.date(2020, 1, 1)},
    ],
)
def test_key_that_is_over_or_taken_back_is_401(client, director, change):
    token, secret = key(director)
    AccessToken.objects.filter(pk=token.pk).update(**change)

    assert asks(client, secret) == 401


def test_key_of_a_closed_account_is_401(client, director):
    _token, secret = key(director)
    director.is_active = False
    director.save()

    assert asks(client, secret) == 401


@pytest.mark.parametrize(
    "secret", ["", "x", "trenza_", "trenza_\x00", "trenza_" + "x" * 10_000, "ñ"]
)
def test_rubbish_is_401_and_says_how_to_ask(client, director, secret):
    answer = client.get(READ, headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_secret_is_kept_nowhere(director):
    token, secret = key(director)

    assert secret not in str(AccessToken.objects.values().get(pk=token.pk))
    assert secret not in str(list(AuditRecord.objects.values()))
    assert token.secret_hash == tokens.hashed(secret)


def test_first_use_of_a_day_is_put_on_record_once(client, director):
    _token, secret = key(director)
    asks(client, secret)
    asks(client, secret)

    assert AccessToken.objects.get().last_used_on == timezone.localdate()
    actions = AuditRecord.objects.filter(model="organisations.AccessToken")
    assert sorted(actions.values_list("action", flat=True)) == ["tokens.make", "tokens.use"]


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_on": day(-1)},
        {"expires_on": day(366)},
        {"scopes": []},
        {"scopes": ["observation.write"]},
    ],
)
def test_a_key_beyond_the_rules_is_refused(director, fields):
    with pytest.raises(Refusal):
        key(director, **fields)
    assert AccessToken.objects.count() == 0


def test_twenty_are_enough(director):
    for _nth in range(tokens.MOST):
        key(director)

    with pytest.raises(Refusal, match="20 keys already"):
        key(director)


def test_taking_back_twice_leaves_one_record(director):
    token, _secret = key(director)
    tokens.revoke(token=token, by=director)
    tokens.revoke(token=token, by=director)

    assert AuditRecord.objects.filter(action="tokens.revoke").count() == 1


def test_own_data_tell_of_keys_without_their_secrets(director):
    key(director)

    (told,) = own_data.of(director)["tokens"]
    assert told["name"] == "Hoja de cálculo"
    assert "secret_hash" not in told


# The page


def test_page_shows_the_secret_once(client, director):
    client.force_login(director)

    made = client.post(
        PAGE, {"name": "R", "scopes": ["observation.read"], "expires_on": str(day())}
    )
    again = client.get(PAGE)

    secret = made.context["secret"]
    assert secret.encode() in made.content
    assert secret.encode() not in again.content
    assert "no-store" in made.headers["Cache-Control"]
    client.logout()
    assert asks(client, secret) == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"name": "R"},
        {"name": "\0", "scopes": ["observation.read"], "expires_on": str(day())},
        {"name": "R", "scopes": ["all"], "expires_on": str(day())},
        {"name": "R", "scopes": ["observation.read"], "expires_on": "soon"},
        {"name": "R", "scopes": ["observation.read"], "expires_on": str(day(400))},
        {"name": "R" * 81, "scopes": ["observation.read"], "expires_on": str(day())},
    ],
)
def test_page_says_what_is_wrong(client, director, sent):
    client.force_login(director)

    assert client.post(PAGE, sent).status_code == 400
    assert AccessToken.objects.count() == 0


def test_keys_of_others_are_not_there(client, country, director):
    token, secret = key(director)
    client.force_login(make.person("director", country.here.centre))

    assert token.name.encode() not in client.get(PAGE).content
    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 404
    assert tokens.recognise(secret) == token


def test_page_takes_a_key_back(client, director):
    token, secret = key(director)
    client.force_login(director)

    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 302
    assert tokens.recognise(secret) is None


def test_key_without_the_scope_is_told_which_one_it_lacks(client, director):
    _token, secret = key(director, ["instruments.read"])

    answer = client.get(
        READ, headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    )

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("This key lacks “observation.read”.")


# What the API offers


@pytest.mark.parametrize("language", ["es", "en"])
def test_page_of_the_api_lists_every_operation(client, db, language):
    page = client.get(reverse("api_index"), headers={"Accept-Language": language})
    schema = client.get(reverse("api_schema"), {"lang": language}).json()

    assert page.status_code == 200
    assert schema["openapi"] == "3.1.0"
    for path in schema["paths"]:
        assert path.encode() in page.content
    assert len(schema["paths"]) == 6


def test_page_of_the_api_says_what_comes_back_in_words(client, db):
    page = client.get(reverse("api_index"), headers={"Accept-Language": "en"})

    text = page.content.decode()
    (detail,) = [one for one in page.context["operations"] if one["path"].endswith("{id}/")]
    kinds = {one.name: one.kind for one in detail["fields"]}
    assert kinds["observed_on"] == "day, as 2026-11-24, or null"
    assert kinds["cycles.ratings.value"] == "whole number, or null"
    assert kinds["cycles.ratings.marks"] == "list: whole number, or null"
    assert all(one.says for one in detail["parameters"])
    for status in ("400", "401", "403", "404", "429"):
        assert f"<dt>{status}</dt>" in text
