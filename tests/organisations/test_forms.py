"""Lists of units, people and posts: what each row does, for whom, and what is refused where."""

import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from core import row_imports
from core.models import AuditRecord
from core.row_imports import RowError, RowsRefused
from core.spreadsheets import read
from organisations.forms.people import PersonImport
from organisations.forms.posts import PostImport
from organisations.forms.units import UnitImport
from organisations.models import Post, Unit, UnitLabel, User
from tests.factories import organisations as make


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def regional(country):
    return make.person("regional", country.here.region)


def sheet(*lines: str):
    return read("\n".join(lines).encode(), "a.csv")


def errors(job, *lines: str) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in row_imports.preview(job, sheet(*lines)).errors]


UNITS = "kind,code,name,parent_code,provision,age_group,state_code"


def test_units_open_in_any_order_and_again_nothing_changes(regional, country):
    lines = [
        UNITS,
        "room,n-c2-la,Sala LA,n-c2,,LA,",
        "centre,n-c2,Centro Dos,n-z2,contracted,,9",
        "zone,n-z2,Zona Dos,norte,,,",
    ]

    done = row_imports.apply(UnitImport(regional), sheet(*lines))
    again = row_imports.apply(UnitImport(regional), sheet(*lines))

    assert (done.counts["created"], again.counts["unchanged"]) == (3, 3)
    room = Unit.objects.get(code="n-c2-la")
    assert [unit.code for unit in room.get_ancestors()] == ["mx", "imss", "norte", "n-z2", "n-c2"]
    assert Unit.objects.get(code="n-c2").state_code == "09"
    assert Unit.find_problems() == ([], [], [], [], [])
    assert AuditRecord.objects.filter(action="units.open", actor_id=regional.pk).count() == 3


def test_units_change_only_the_columns_that_the_file_has(regional, country):
    lines = ["kind,code,name,parent_code", "centre,norte-z1-c1,Otro nombre,norte-z1"]

    done = row_imports.apply(UnitImport(regional), sheet(*lines))

    centre = Unit.objects.get(code="norte-z1-c1")
    assert done.counts["updated"] == 1
    assert (centre.name, centre.provision) == ("Otro nombre", "contracted")
    assert AuditRecord.objects.get(action="units.change").detail == {"fields": ["name"]}


def test_units_take_the_words_that_a_provider_uses(regional, country):
    UnitLabel.objects.create(
        unit=country.provider, kind="centre", language="es", singular="Guardería", plural="x"
    )

    seen = row_imports.preview(
        UnitImport(regional), sheet(UNITS, "guarderia,n-c2,Centro,norte-z1,Contracted provision,,")
    )

    assert seen.entries[0].data["kind"] == "centre"
    assert seen.entries[0].data["provision"] == "contracted"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("centre,new,Centro,sur-z1,,,", "parent_code"),  # another region's zone
        ("centre,new,Centro,nowhere,,,", "parent_code"),
        ("centre,new,Centro,,,,", "parent_code"),
        ("room,new,Sala,norte-z1,,MA,", "parent_code"),  # a room hangs from a centre
        ("centre,sur-z1-c1,Mía,norte-z1,,,", "code"),  # another region's centre
        ("region,norte,Mi región,imss,,,", "parent_code"),  # her own unit
        ("country,xx,País,,,,", "kind"),
        ("zone,norte-z1-c1,Zona,norte,,,", "kind"),  # it is a centre
        ("castle,new,Castillo,norte-z1,,,", "kind"),
        ("centre,new,Centro,norte-z1,,MA,", "age_group"),
        ("room,new,Sala,norte-z1-c1,direct,MA,", "provision"),
        ("room,new,Sala,norte-z1-c1,,ZZ,", "age_group"),
        ("room,new,Sala,norte-z1-c1,,MA,999", "state_code"),
        ("room,a b,Sala,norte-z1-c1,,MA,", "code"),
        ("room,new,,norte-z1-c1,,MA,", "name"),
    ],
)
def test_units_out_of_reach_or_order_are_refused_at_their_column(regional, line, column):
    assert errors(UnitImport(regional), UNITS, line) == [(2, column)]


def test_unit_moved_to_another_parent_is_refused(regional, country):
    make.unit("zone", country.here.region, "norte-z2")

    seen = row_imports.preview(
        UnitImport(regional), sheet(UNITS, "centre,norte-z1-c1,Centro,norte-z2,,,")
    )

    assert [(error.row, error.column) for error in seen.errors] == [(2, "parent_code")]
    assert "A list cannot move it" in seen.errors[0].message


def test_units_with_one_wrong_row_open_none(regional, country):
    before = Unit.objects.count()

    with pytest.raises(RowsRefused):
        row_imports.apply(
            UnitImport(regional),
            sheet(UNITS, "zone,n-z2,Zona,norte,,,", "zone,n-z3,Zona,sur,,,"),
        )

    assert Unit.objects.count() == before
    assert not AuditRecord.objects.exists()


def test_units_by_somebody_without_a_post_are_refused(country):
    job = UnitImport(make.user())

    assert errors(job, UNITS, "zone,n-z2,Zona,norte,,,") == [(2, "parent_code")]


def test_units_by_the_system_reach_everywhere(country):
    done = row_imports.apply(
        UnitImport(None), sheet(UNITS, "country,xx,País,,,,", "provider,dif,DIF,xx,,,")
    )

    assert done.counts["created"] == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_units_are_compared_with_few_queries(
    regional, country, rows, django_assert_max_num_queries
):
    lines = [f"centre,n-{n},Centro {n},norte-z1,,," for n in range(rows)]

    with django_assert_max_num_queries(4):
        row_imports.preview(UnitImport(regional), sheet(UNITS, *lines))


PEOPLE = "email,first_name,last_name"


def test_people_get_accounts_without_a_password(regional):
    lines = [PEOPLE, "Ana@Trenza.Example,Ana,Inventada"]

    row_imports.apply(PersonImport(regional), sheet(*lines))
    again = row_imports.apply(PersonImport(regional), sheet(*lines))

    ana = User.objects.get(email="ana@trenza.example")
    assert not ana.has_usable_password()
    assert again.counts["unchanged"] == 1
    record = AuditRecord.objects.get(action="people.register")
    assert (record.actor_id, record.object_id, record.detail) == (regional.pk, str(ana.pk), {})


def test_people_twice_in_a_file_whatever_the_case_are_refused(regional):
    lines = [PEOPLE, "a@b.example,A,B", "A@B.example,A,B"]

    assert errors(PersonImport(regional), *lines) == [(3, "email")]


def test_person_of_ones_units_is_renamed(regional, country):
    director = make.person("director", country.here.centre)

    row_imports.apply(PersonImport(regional), sheet(PEOPLE, f"{director.email},Otra,Persona"))

    director.refresh_from_db()
    assert str(director) == "Otra Persona"


def test_person_of_other_units_keeps_her_name(regional, country):
    director = make.person("director", country.elsewhere.centre)
    same = f"{director.email},{director.first_name},{director.last_name}"

    assert errors(PersonImport(regional), PEOPLE, same) == []
    assert errors(PersonImport(regional), PEOPLE, f"{director.email},Otra,X") == [(2, "email")]


TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "days",
    [
        {"starts_on": TODAY - 30 * DAY, "ends_on": TODAY - DAY},
        {"starts_on": TODAY + DAY},
    ],
    ids=["past", "to come"],
)
def test_person_with_a_post_elsewhere_at_any_time_keeps_her_name(regional, country, days):
    director = make.person("director", country.here.centre)
    make.post("mentor", country.elsewhere.centre, director, **days)

    assert errors(PersonImport(regional), PEOPLE, f"{director.email},Otra,X") == [(2, "email")]
    assert errors(PersonImport(None), PEOPLE, f"{director.email},Otra,X") == []


def test_person_at_ones_own_unit_keeps_her_name(regional, country):
    colleague = make.person("regional", country.here.region)

    assert errors(PersonImport(regional), PEOPLE, f"{colleague.email},Otra,X") == [(2, "email")]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, []),
        ({"last_login": timezone.now()}, [(2, "email")]),
        ({"is_superuser": True}, [(2, "email")]),
        ({"is_staff": True}, [(2, "email")]),
    ],
)
def test_person_without_a_post_is_renamed_until_she_signs_in(regional, fields, refused):
    person = make.user(**fields)

    assert errors(PersonImport(regional), PEOPLE, f"{person.email},Otra,X") == refused


def test_superuser_below_keeps_her_name(regional, country):
    person = make.post("director", country.here.centre, make.user(is_superuser=True)).user

    assert errors(PersonImport(regional), PEOPLE, f"{person.email},Otra,X") == [(2, "email")]


def test_person_with_rubbish_for_an_address_is_refused(regional):
    assert errors(PersonImport(regional), PEOPLE, "not an address,A,B") == [(2, "email")]


POSTS = "correo,codigo_unidad,funcion,desde,hasta"


def test_posts_are_given_and_ended_and_again_nothing_changes(regional, country):
    ana = make.user("ana@trenza.example")
    lines = [POSTS, "ANA@trenza.example,norte-z1-c1,Centre director,01/02/2026,"]
    ending = [POSTS, "ana@trenza.example,norte-z1-c1,director,2026-02-01,2026-06-30"]

    row_imports.apply(PostImport(regional), sheet(*lines))
    again = row_imports.apply(PostImport(regional), sheet(*lines))
    ended = row_imports.apply(PostImport(regional), sheet(*ending))

    post = Post.objects.get(user=ana)
    assert (again.counts["unchanged"], ended.counts["updated"]) == (1, 1)
    assert (post.role, post.unit) == ("director", country.here.centre)
    assert (post.starts_on, post.ends_on) == (
        datetime.date(2026, 2, 1),
        datetime.date(2026, 6, 30),
    )
    actions = AuditRecord.objects.order_by("id").values_list("action", "unit_path")
    assert list(actions) == [("posts.give", post.unit.path), ("posts.end", post.unit.path)]


def test_post_ended_is_not_reopened_by_an_old_list(regional, country):
    ana = make.user("ana@trenza.example")
    make.post("director", country.here.centre, ana, ends_on=datetime.date(2026, 1, 31))

    line = "ana@trenza.example,norte-z1-c1,director,2020-01-01,"

    assert errors(PostImport(regional), POSTS, line) == [(2, "hasta")]


def test_post_ended_and_given_again_in_one_file(regional, country):
    ana = make.user("ana@trenza.example")
    make.post("director", country.here.centre, ana)

    row_imports.apply(
        PostImport(regional),
        sheet(
            POSTS,
            "ana@trenza.example,norte-z1-c1,director,2020-01-01,2026-01-31",
            "ana@trenza.example,norte-z1-c1,director,2026-03-01,",
        ),
    )

    assert ana.posts.count() == 2


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("nobody@trenza.example,norte-z1-c1,director,2026-02-01,", "correo"),
        ("ana@trenza.example,sur-z1-c1,director,2026-02-01,", "codigo_unidad"),
        ("ana@trenza.example,nowhere,director,2026-02-01,", "codigo_unidad"),
        # Nobody gives posts at the unit of her own post, least of all her own role.
        ("ana@trenza.example,norte,regional,2026-02-01,", "codigo_unidad"),
        ("ana@trenza.example,norte-z1-c1,national,2026-02-01,", "funcion"),
        ("ana@trenza.example,norte-z1-c1,queen,2026-02-01,", "funcion"),
        ("ana@trenza.example,norte-z1-c1,director,soon,", "desde"),
        ("ana@trenza.example,norte-z1-c1,director,2026-02-01,2026-01-01", "hasta"),
        ("ana@trenza.example,norte-z1-c1,director,,", "desde"),
    ],
)
def test_posts_out_of_reach_or_order_are_refused_at_their_column(regional, line, column):
    make.user("ana@trenza.example")

    assert errors(PostImport(regional), POSTS, line) == [(2, column)]


def test_posts_that_overlap_in_the_file_are_refused(regional):
    make.user("ana@trenza.example")
    line = "ana@trenza.example,norte-z1-c1,director"

    found = errors(PostImport(regional), POSTS, f"{line},2026-02-01,", f"{line},2026-03-01,")
    twice = errors(PostImport(regional), POSTS, f"{line},2026-02-01,", f"{line},01/02/2026,")

    assert (found, twice) == ([(3, "desde")], [(3, "correo")])


def test_post_that_overlaps_one_held_is_refused(regional, country):
    ana = make.user("ana@trenza.example")
    make.post("director", country.here.centre, ana)

    line = "ana@trenza.example,norte-z1-c1,director,2026-02-01,"

    assert errors(PostImport(regional), POSTS, line) == [(2, "desde")]


def test_errors_are_in_the_readers_language(regional):
    with override("es"):
        seen = row_imports.preview(PersonImport(regional), sheet(PEOPLE, ",A,B"))

    assert seen.errors[0] == RowError(2, "email", seen.errors[0].message)
    assert seen.errors[0].message.startswith("Este campo")
