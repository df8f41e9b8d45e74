"""From upload to preview to confirmation in the browser, and the command."""

import datetime
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core import import_kinds
from core.models import AuditRecord
from core.spreadsheets import MEGABYTE, read
from organisations.models import ImportFile, Unit, User
from tests.factories import organisations as make

GOOD = b"kind,code,name,parent_code\nzone,n-z2,Zona Dos,norte\n"
OUTSIDE = b"kind,code,name,parent_code\nzone,n-z2,Zona,norte\nzone,n-z3,Zona,sur\n"


@pytest.fixture
def regional(country, client):
    client.cookies["django_language"] = "en"
    user = make.person("regional", country.here.region)
    client.force_login(user)
    return user


EXPIRED = "This list has expired: it is kept for a day. Send it again."


def sentences(response) -> list[str]:
    """What the page says above all else."""
    return [str(message) for message in response.context["messages"]]


def send(client, content: bytes, name="units.csv", kind="units"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("import_upload", args=[kind]), {"file": file})


def sent(client, content: bytes = GOOD) -> str:
    """The address of the preview."""
    response = send(client, content)
    assert response.status_code == 302
    return response.url


def test_kinds_are_shown_to_those_who_may_import(client, regional, country):
    mine = client.get(reverse("import_kinds"))
    client.force_login(make.person("director", country.here.centre))
    hers = client.get(reverse("import_kinds"))

    assert mine.status_code == 200
    assert [kind.name for kind in mine.context["kinds"]][:3] == ["units", "people", "posts"]
    assert hers.status_code == 403


@pytest.mark.parametrize(
    ("kind", "then"),
    [
        ("units", "/importar/people/"),
        ("people", "/importar/posts/"),
        ("posts", "/unidades/"),
        ("visits", "/importar/answers/"),
        ("answers", "/visitas/"),
    ],
)
def test_kind_says_what_to_do_next(kind, then):
    assert str(import_kinds.kind(kind).then[1]) == then


def test_list_imported_leads_to_the_next_list(client, regional):
    preview = sent(client)
    page = client.post(preview, follow=True).content.decode()

    assert 'href="/importar/people/">Import the people' in page


@pytest.mark.parametrize("kind", ["units", "people", "posts"])
def test_pages_of_a_kind_are_closed_to_others(client, country, kind):
    pages = [
        reverse("import_upload", args=[kind]),
        reverse("import_template", args=[kind, "csv"]),
        reverse("import_confirm", args=[kind, "00000000-0000-4000-8000-000000000000"]),
    ]

    anonymous = [client.get(page).status_code for page in pages]
    client.force_login(make.person("director", country.here.centre))
    director = [client.get(page).status_code for page in pages]

    assert (anonymous, director) == ([302] * 3, [403] * 3)


def test_unknown_kind_and_form_are_not_there(client, regional):
    assert client.get("/importar/castles/").status_code == 404
    assert client.get("/importar/units/plantilla.pdf").status_code == 404


@pytest.mark.parametrize("kind", ["units", "people", "posts"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_template_is_a_list_that_reads_back(client, regional, kind, form):
    response = client.get(reverse("import_template", args=[kind, form]))

    assert f'filename="{kind}.{form}"' in response["Content-Disposition"]
    assert len(read(response.content, f"{kind}.{form}").rows) == 1


def test_list_is_previewed_and_written_only_when_confirmed(client, regional):
    address = sent(client)
    preview = client.get(address)
    assert preview.context["seen"].counts["created"] == 1
    assert not Unit.objects.filter(code="n-z2").exists()

    done = client.post(address, follow=True)

    assert Unit.objects.get(code="n-z2").name == "Zona Dos"
    assert done.context["file"].counts["created"] == 1
    assert bytes(ImportFile.objects.get().content) == b""
    record = AuditRecord.objects.get(action="imports.confirm")
    assert record.detail["created"] == 1


def test_list_confirmed_twice_is_written_once(client, regional):
    address = sent(client)

    client.post(address)
    again = client.post(address, follow=True)

    assert again.status_code == 200
    assert AuditRecord.objects.filter(action="imports.confirm").count() == 1
    assert Unit.objects.filter(code="n-z2").count() == 1


def test_list_sent_twice_is_kept_once(client, regional):
    assert sent(client) == sent(client)
    assert ImportFile.objects.count() == 1


def test_list_with_errors_shows_them_and_cannot_be_forced(client, regional):
    address = sent(client, OUTSIDE)

    preview = client.get(address)
    forced = client.post(address)

    assert "There is no unit of this code at yours or below it." in preview.content.decode()
    assert "Import these rows" not in preview.content.decode()
    assert forced.status_code == 409
    assert not Unit.objects.filter(code="n-z2").exists()
    assert ImportFile.objects.get().applied_at is None


def test_list_is_judged_again_when_confirmed(client, regional, country):
    address = sent(client)
    client.get(address)
    # In between, another region takes the code.
    make.unit("zone", country.elsewhere.region, "n-z2")

    response = client.post(address)

    assert response.status_code == 409
    assert "belongs to a unit that is not below yours" in response.content.decode()
    assert Unit.objects.get(code="n-z2").get_parent().code == "sur"


def test_list_of_somebody_else_is_not_there(client, regional, country):
    address = sent(client)
    client.force_login(make.person("regional", country.here.region))

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_list_under_another_kind_is_not_there(client, regional):
    assert client.get(sent(client).replace("units", "people")).status_code == 404


def expire() -> None:
    """Let the day of all lists be over."""
    ImportFile.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))


def test_list_is_not_there_after_a_day_and_cleared_by_the_next(client, regional):
    address = sent(client)
    expire()

    gone = client.get(address)
    sent(client, GOOD.replace(b"Dos", b"Tres"))

    assert gone.status_code == 404
    assert ImportFile.objects.count() == 1


def test_lists_of_yesterday_are_cleared_by_the_command(client, regional, capsys):
    sent(client)
    expire()

    call_command("clear_imports")
    sent(client)
    call_command("clear_imports")

    assert capsys.readouterr().out.splitlines() == ["1 lists removed.", "0 lists removed."]
    assert ImportFile.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("cleared", [False, True])
def test_list_that_has_expired_leads_back_to_where_one_is_sent(client, regional, method, cleared):
    address = sent(client)
    expire()
    if cleared:
        call_command("clear_imports", stdout=io.StringIO())

    response = getattr(client, method)(address)

    assert response.status_code == 404
    assert sentences(response) == [EXPIRED]
    assert "organisations/import_upload.html" in [one.name for one in response.templates]
    assert not Unit.objects.filter(code="n-z2").exists()


def test_list_of_somebody_else_is_told_of_like_one_that_never_was(client, regional, country):
    address = sent(client)
    client.force_login(make.person("regional", country.here.region))

    other = client.get(address)
    never = client.get(reverse("import_confirm", args=["units", uuid.uuid4()]))

    assert sentences(other) == sentences(never) == [EXPIRED]


@pytest.mark.parametrize(
    ("content", "name", "status", "sentence"),
    [
        (b"%PDF-1.7 \xe2\xe3", "list.xlsx", 200, "This is not a spreadsheet"),
        (b"", "list.csv", 200, "The file is empty"),
        (b"kind,code,name,parent_code\n", "list.csv", 200, "headings but no rows"),
        (b"art,kode,name,eltern\na,b,c,d\n", "list.csv", 200, "is not known"),
        (b"a" * (30 * MEGABYTE), "list.csv", 413, "larger than 10 MB"),
        (GOOD + b"\n".join([b"zone,z,Z,norte"] * 10_001), "list.csv", 413, "more than 10000 rows"),
    ],
)
def test_rubbish_is_answered_beside_the_file(client, regional, content, name, status, sentence):
    response = send(client, content, name)

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert not ImportFile.objects.exists()


def test_form_without_a_file_says_so(client, regional):
    response = client.post(reverse("import_upload", args=["units"]), {})

    assert "This field is required." in response.content.decode()


def test_people_page_says_how_they_sign_in(client, regional):
    response = client.get(reverse("import_upload", args=["people"]))

    assert "Accounts without a password" in response.content.decode()


def test_value_like_markup_is_shown_as_text(client, regional):
    address = sent(client, GOOD.replace(b"Zona Dos", b"<script>alert(1)</script>"))

    assert "<script>alert(1)" not in client.get(address).content.decode()


def run(path, *options) -> str:
    out = io.StringIO()
    call_command("import_rows", str(path), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_command_imports_and_again_changes_nothing(tmp_path, country):
    file = tmp_path / "people.csv"
    file.write_text("email,first_name,last_name\nana@trenza.example,Ana,Inventada\n")

    first, again = run(file, "--kind", "people"), run(file, "--kind", "people")

    assert first == "created: 1, updated: 0, unchanged: 0, errors: 0\n"
    assert again == "created: 0, updated: 0, unchanged: 1, errors: 0\n"


def test_command_that_checks_writes_nothing(tmp_path, country):
    file = tmp_path / "people.csv"
    file.write_text("email,first_name,last_name\nana@trenza.example,Ana,Inventada\n")

    run(file, "--kind", "people", "--check")

    assert not User.objects.exists()


def test_command_in_the_name_of_a_person_has_her_reach(tmp_path, country):
    regional = make.person("regional", country.here.region)
    file = tmp_path / "units.csv"
    file.write_bytes(OUTSIDE)

    with pytest.raises(CommandError):
        run(file, "--kind", "units", "--by", regional.email)

    assert not Unit.objects.filter(code="n-z2").exists()


@pytest.mark.parametrize("name", ["missing.csv", "rubbish.xlsx"])
def test_command_with_a_file_it_cannot_read_says_so(tmp_path, country, name):
    (tmp_path / "rubbish.xlsx").write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError):
        run(tmp_path / name, "--kind", "units")


def test_command_for_answers_without_a_guide_says_to_load_it(tmp_path, country):
    file = tmp_path / "answers.csv"
    file.write_text("visit_code,parent\nv-1,1\n")

    with pytest.raises(CommandError, match="Load the guide first"):
        run(file, "--kind", "answers")
