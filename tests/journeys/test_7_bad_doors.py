"""Wrong addresses, rubbish, too much of it, and guessed passwords: each meets a plain sentence."""

import datetime

import pytest

from tests.journeys.site import Person

pytestmark = pytest.mark.journey

LANGUAGES = pytest.mark.parametrize("language", ["es", "en"])
MEGABYTE = 1024 * 1024


@LANGUAGES
def test_address_that_is_old_or_somebody_elses_leads_on(language, visit):
    national = visit(language)
    page = national.sign_in("national")
    national.go("/visitas/?centre=ooad-13-z1-c01")
    theirs = page.get_by_role("table").get_by_role("link").first.get_attribute("href")

    regional = visit(language)
    page = regional.sign_in("regional")
    gone = "/observacion/00000000-0000-4000-8000-000000000000/"
    for path in (theirs, gone, "/trenza/999999/", "/mentoria/0/", "/importar/nothing/"):
        regional.go(path, status=404)
        regional.check()
        assert page.locator("html").get_attribute("lang") == language
        regional.reads("There is no such page, or it is not yours to see")
    regional.follow("Go to the start page")

    regional.go("/observacion/nueva/", status=403)
    regional.check()


@LANGUAGES
def test_form_with_rubbish_comes_back_with_its_faults(language, visit):
    mentor = visit(language)
    page = mentor.sign_in("mentor")
    mentor.go("/observacion/nueva/")
    # As a program would send it: the browser's own checks are no defence.
    page.evaluate("""() => {
      const form = document.querySelector("main form");
      form.noValidate = true;
      for (const name of ["room", "purpose"]) {
        form.elements[name].options[1].value = "'; drop";
        form.elements[name].selectedIndex = 1;
      }
      form.elements.id.value = "rubbish";
    }""")
    mentor.press("Begin")

    alert = page.get_by_role("alert")
    mentor.reads("Please correct this and send it again:", within=alert)
    assert alert.get_by_role("listitem").count() == 3


@LANGUAGES
def test_programs_with_rubbish_get_json_and_nothing_is_kept(language, visit, site):
    program = visit(language)
    headers = site.client(f"doors-{language}") | {
        "Accept-Language": language,
        "Content-Type": "application/json",
    }
    door, ask = f"{site.url}/xapi/statements", program.page.request
    before = datetime.datetime.now(datetime.UTC).isoformat()

    for body, where in (("{rubbish", ""), ('{"actor": 1}', "verb"), ("[]]", "")):
        answer = ask.post(door, headers=headers, data=body)
        assert answer.status == 400, body
        assert set(answer.json()) == {"error", "property"}
        assert answer.json()["property"] == where
    answer = ask.post(door, headers=headers, data="[" + " " * 33 * MEGABYTE + "]")
    assert answer.status == 413
    assert answer.json()["error"] == program.say(
        "The body is too large. Send fewer statements at a time."
    )
    answer = ask.get(door, headers=headers, params={"since": before})
    assert answer.json() == {"statements": [], "more": ""}
    answer = ask.get(
        f"{site.url}/api/observation/sessions/", headers={"Accept": "application/json"}
    )
    assert answer.status in (401, 403)
    assert "detail" in answer.json()


@LANGUAGES
def test_upload_that_is_too_large_is_refused_and_explained(language, visit, tmp_path):
    coordinator = visit(language)
    page = coordinator.sign_in("regional")
    coordinator.go("/importar/visits/")
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" + b"1,2\n" * (11 * MEGABYTE // 4))
    coordinator.attach("File", large)

    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        coordinator.press("Look at the preview")

    assert sent.value.status == 413
    coordinator.reads("The file is larger than %(size)d MB. Split it into several files.", size=10)


@LANGUAGES
def test_link_opened_signed_out_comes_back_after_sign_in(language, visit, site):
    mentor = visit(language)
    path = "/observacion/?status=closed"
    page = mentor.go(path)
    mentor.check()
    mentor.reads("Sign in")

    mentor.give_password(site.people["mentor"])

    page.wait_for_url(f"**{path}")
    mentor.check()


@LANGUAGES
def test_guessing_passwords_ends_at_a_page_that_says_how_long(language, visit):
    guesser = visit(language)
    page = guesser.go("/cuenta/login/")
    nobody = Person(f"guess-{language}@trenza.example", "wrong")
    for _guess in range(6):
        with page.expect_navigation():
            guesser.give_password(nobody)

    guesser.check()
    guesser.reads("Wait before you try again")
    guesser.follow("Back to sign-in")
