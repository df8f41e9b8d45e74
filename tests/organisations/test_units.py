import pytest
from django.urls import reverse

from organisations import queries
from organisations.actions import units
from organisations.models import Unit
from tests.factories import organisations as make


@pytest.fixture
def regional(country, client):
    client.cookies["django_language"] = "en"
    user = make.person("regional", country.here.region)
    client.force_login(user)
    return user


def names(response) -> list[str]:
    return [unit.code for unit in response.context["object_list"]]


def test_list_begins_with_ones_own_units(client, regional, country):
    make.post("zonal", country.elsewhere.zone, regional)

    assert names(client.get(reverse("unit_list"))) == ["norte", "sur-z1"]


def test_search_finds_by_name_or_code_within_ones_units(client, regional):
    found = client.get(reverse("unit_list"), {"q": "Z1-C1-L"})
    none = client.get(reverse("unit_list"), {"q": "sur"})

    assert names(found) == ["norte-z1-c1-lb"]
    assert names(none) == []
    assert "No unit of yours has this name or code." in none.content.decode()


def test_unit_shows_its_way_its_children_and_its_people(client, regional, country):
    director = make.person("director", country.here.centre)

    response = client.get(reverse("unit_detail", args=["norte-z1-c1"]))

    assert [text for text, _url in response.context["crumbs"]] == [
        "Units",
        country.here.region.name,
        country.here.zone.name,
        country.here.centre.name,
    ]
    assert names(response) == ["norte-z1-c1-lb", "norte-z1-c1-ma"]
    assert [post.user for post in response.context["posts"]] == [director]


def test_unit_of_another_region_is_not_there(client, regional):
    assert client.get(reverse("unit_detail", args=["sur-z1"])).status_code == 404
    assert client.get(reverse("unit_detail", args=["mx"])).status_code == 404


@pytest.mark.parametrize("role", ["caregiver", "witness"])
def test_units_are_closed_to_roles_without_them(client, country, role):
    client.force_login(make.person(role, country.here.rooms[0]))

    assert client.get(reverse("unit_list")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_unit_page_takes_the_same_queries_for_any_number_of_rows(
    client, regional, country, rows, django_assert_num_queries
):
    for _number in range(rows):
        make.unit("centre", country.here.zone)
        make.person("zonal", country.here.zone)

    with django_assert_num_queries(9):
        client.get(reverse("unit_detail", args=["norte-z1"]))


def test_change_without_a_difference_writes_nothing(country, django_assert_num_queries):
    centre = Unit.objects.get(code="norte-z1-c1")

    with django_assert_num_queries(2):  # the savepoint
        units.change(unit=centre, by=None, name=centre.name)


def test_change_of_a_place_is_refused(country):
    with pytest.raises(ValueError, match="do not change: kind"):
        units.change(unit=country.here.centre, by=None, kind="zone")


def test_place_of_a_room_names_its_centre_and_of_another_unit_itself(country):
    room, centre = country.here.rooms[0], country.here.centre

    assert (room.place, centre.place) == (f"{room} · {centre}", str(centre))


@pytest.mark.parametrize("rows", [1, 3])
def test_centres_of_many_rooms_take_one_query(country, rows, django_assert_num_queries):
    for _row in range(rows):
        make.unit("room", make.unit("centre", country.here.zone))
    rooms = list(Unit.objects.of_kind("room"))

    with django_assert_num_queries(1):
        queries.read_centres(rooms)
        places = [room.place for room in rooms]

    assert places == [f"{room.name} · {room.get_parent().name}" for room in rooms]
