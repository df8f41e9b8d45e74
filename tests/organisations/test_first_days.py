import pytest
from django.conf import settings
from django.urls import reverse

from organisations import first_days
from tests.factories import organisations as make

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", first_days.READERS)
def test_first_day_is_told_in_each_language(reader, language, client, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = client.get(reverse("first_day", args=[reader]))

    told = (first_days.FOLDER / language / f"{reader}.md").read_text(encoding="utf-8")
    assert f"<h1>{told.splitlines()[0].removeprefix('# ')}</h1>" in page.content.decode()
    assert page.context["page"].body.count("<li>") == sum(
        line.lstrip("0123456789").startswith((". ", "- ")) for line in told.splitlines()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_folder_of_first_days_holds_no_other_page(language):
    told = {file.stem for file in (first_days.FOLDER / language).iterdir()}

    assert told == set(first_days.READERS)


def test_first_day_of_nobody_is_not_found(client, db):
    assert client.get(reverse("first_day", args=["stranger"])).status_code == 404


def test_home_leads_to_the_first_day_of_each_post(client, country):
    client.force_login(make.person("mentor", country.here.centre))

    page = client.get(reverse("home"))

    assert f'href="{reverse("first_day", args=["mentor"])}"' in page.content.decode()
