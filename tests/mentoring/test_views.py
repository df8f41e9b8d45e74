import re

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.enums import CycleStatus
from mentoring.models import LoadLimit, MentoringCycle, PracticeGoal, StepDefault
from tests.factories import mentoring as mentor
from tests.factories import organisations as make
from tests.factories.mentoring import another


def text_of(response):
    return response.content.decode()


def test_today_sorts_overdue_before_later_with_one_action_each(english, pair):
    late = mentor.cycle(pair, opened=3)
    fresh = mentor.cycle(another(pair), CycleStatus.OBSERVE, opened=0)

    response = english(pair.mentor).get(reverse("mentoring:today"))

    context = response.context
    assert [cycle.pk for cycle, _action in context["overdue"]] == [late.pk]
    assert [cycle.pk for cycle, _action in context["later"]] == [fresh.pk]
    assert "Mark as prepared" in text_of(response)
    begin = f"{reverse('observation:session_begin')}?room={pair.room.pk}&amp;caregiver="
    assert begin in text_of(response)
    assert f"appointment=cycle-{fresh.pk}-observe" in text_of(response)


def test_card_says_how_late_a_cycle_is_and_at_which_step(english, pair):
    mentor.cycle(pair, opened=3)
    mentor.cycle(another(pair), CycleStatus.OBSERVE, opened=0)

    page = text_of(english(pair.mentor).get(reverse("mentoring:today")))

    badges = re.findall(r'class="status-badge status-(\w+)">.*?</svg>\s*(.*?)</span>', page)
    assert badges == [("problem", "Overdue")]
    assert re.findall(r"<p>State: (.*?)</p>", page) == ["to prepare", "to observe"]


def test_today_warns_of_more_mentees_than_the_limit(english, pair):
    LoadLimit.objects.update(mentees=1)
    mentor.cycle(pair)
    assert english(pair.mentor).get(reverse("mentoring:today")).context["overloaded"] is False

    mentor.cycle(another(pair))

    response = english(pair.mentor).get(reverse("mentoring:today"))
    assert response.context["overloaded"] is True
    assert "your programme warns above 1" in text_of(response)


def test_today_shows_only_ones_own_mentees(english, pair, country):
    mentor.cycle(pair)
    colleague = make.person("mentor", country.here.centre)

    assert english(colleague).get(reverse("mentoring:today")).context["mentees"] == 0


@pytest.mark.parametrize("name", ["today", "cycle_list"])
def test_lists_take_as_many_queries_for_three_cycles_as_for_one(
    client, pair, name, django_assert_num_queries
):
    client.force_login(pair.mentor)
    url = reverse(f"mentoring:{name}")
    mentor.cycle(pair, CycleStatus.PRACTISE)
    queries = {"today": 7, "cycle_list": 6}[name]
    with django_assert_num_queries(queries):
        client.get(url)
    for _more in range(2):
        mentor.cycle(another(pair), CycleStatus.PRACTISE)

    with django_assert_num_queries(queries):
        client.get(url)


def test_list_filters_cycles_with_an_overdue_step(english, pair):
    late = mentor.cycle(pair, opened=3)
    mentor.cycle(another(pair), CycleStatus.OBSERVE, opened=0)

    page = english(pair.mentor).get(reverse("mentoring:cycle_list"), {"status": "overdue"})

    assert list(page.context["object_list"]) == [late]


def test_list_names_rooms_with_their_centre(english, pair, country):
    mentor.cycle(pair)

    page = text_of(english(pair.mentor).get(reverse("mentoring:cycle_list")))

    assert f"{pair.room} · {country.here.centre}" in page


def test_list_filters_by_state_and_ignores_a_state_that_is_none(english, pair):
    mentor.cycle(pair)
    client = english(pair.mentor)

    for state, count in (("prepare", 1), ("completed", 0), ("x' OR 1=1", 1)):
        response = client.get(reverse("mentoring:cycle_list"), {"status": state})
        assert len(response.context["object_list"]) == count


def test_neighbour_sees_no_cycle_anywhere(client, pair, country):
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    neighbour = make.person("mentor", country.elsewhere.centre)
    client.force_login(neighbour)

    response = client.get(reverse("mentoring:cycle_list"))
    assert list(response.context["object_list"]) == []
    for name in ("cycle_detail", "step_complete", "goal_agree", "cycle_cancel"):
        assert client.get(reverse(f"mentoring:{name}", args=[cycle.pk])).status_code == 404
    posted = client.post(reverse("mentoring:cycle_cancel", args=[cycle.pk]), {"reason": "no"})
    assert posted.status_code == 404
    cycle.refresh_from_db()
    assert cycle.status == CycleStatus.AGREE


def test_caregiver_sees_only_her_own_cycle(client, pair):
    mine = mentor.cycle(pair)
    hers = mentor.cycle(another(pair))
    client.force_login(pair.caregiver)

    response = client.get(reverse("mentoring:cycle_list"))

    assert [cycle.pk for cycle in response.context["object_list"]] == [mine.pk]
    assert client.get(reverse("mentoring:cycle_detail", args=[hers.pk])).status_code == 404
    assert client.get(reverse("mentoring:today")).status_code == 403
    assert client.post(reverse("mentoring:goal_accept", args=[hers.pk])).status_code == 404


def test_pages_without_signing_in_lead_to_the_sign_in(client, pair):
    cycle = mentor.cycle(pair)
    for name, args in (("today", []), ("own", []), ("cycle_detail", [cycle.pk])):
        response = client.get(reverse(f"mentoring:{name}", args=args))
        assert response.url.startswith(reverse("account_login"))


def test_cycle_goes_from_opening_to_completion_through_the_pages(english, pair):
    today = timezone.localdate().isoformat()
    post = pair.caregiver.posts.get()
    client = english(pair.mentor)
    client.post(reverse("mentoring:cycle_open"), {"post": post.pk, "on": today})
    cycle = MentoringCycle.objects.get()

    def note(kind):
        data = {"kind": kind, "on": today, "minutes": 12, "note": "Bien", "modelled": "on"}
        response = client.post(reverse("mentoring:step_complete", args=[cycle.pk]), data)
        assert response.status_code == 302

    def observe():
        mentor.cycles.attach_session(mentor.session(pair, version=version).pk)

    version = mentor.checklist()
    note("prepare")
    observe()
    note("reflect")
    item = version.items.get(code="CAL2")
    page = client.get(reverse("mentoring:goal_agree", args=[cycle.pk]))
    assert page.context["form"].suggested == item
    goal = {"item": item.pk, "text": "Saludar por su nombre", "on": today, "minutes": 9}
    client.post(reverse("mentoring:goal_agree", args=[cycle.pk]), goal)

    client = english(pair.caregiver)
    assert "Yes, this is my goal" in text_of(client.get(reverse("mentoring:own")))
    client.post(reverse("mentoring:goal_accept", args=[cycle.pk]))
    client.post(reverse("mentoring:goal_practise", args=[cycle.pk]), {"on": today})

    client = english(pair.mentor)
    note("practise")
    observe()

    cycle.refresh_from_db()
    assert (cycle.status, cycle.modelled) == (CycleStatus.COMPLETED, True)
    assert cycle.goal.practised_on == timezone.localdate()
    assert cycle.steps.filter(actual_minutes=None).count() == 0
    page = text_of(client.get(reverse("mentoring:cycle_detail", args=[cycle.pk])))
    assert "Completed on" in page
    assert page.count("<h1") == 1


def test_session_of_a_cycle_leads_its_mentor_back_to_it(english, pair):
    cycle = mentor.cycle(pair, CycleStatus.REFLECT)
    url = reverse("observation:session_detail", args=[cycle.first_session_id])
    link = f'href="{reverse("mentoring:cycle_detail", args=[cycle.pk])}">'

    assert f"{link}Back to the cycle, to note the conversation" in text_of(
        english(pair.mentor).get(url)
    )
    assert link not in text_of(english(pair.caregiver).get(url))


def test_step_sent_twice_is_noted_once(english, pair):
    cycle = mentor.cycle(pair, CycleStatus.REFLECT)
    data = {"kind": "reflect", "on": timezone.localdate().isoformat(), "minutes": 12}
    client = english(pair.mentor)
    url = reverse("mentoring:step_complete", args=[cycle.pk])

    assert client.post(url, data).status_code == 302
    again = client.post(url, data)

    assert again.status_code == 409
    assert "is not the step that comes next" in text_of(again)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"on": "not a day"}, "on"),
        ({"on": ""}, "on"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "481"}, "minutes"),
        ({"minutes": "1e3"}, "minutes"),
        ({"minutes": ""}, "minutes"),
        ({"kind": "fly"}, "kind"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_step_with_rubbish_says_so_and_changes_nothing(english, pair, data, field):
    cycle = mentor.cycle(pair)
    good = {"kind": "prepare", "on": timezone.localdate().isoformat(), "minutes": "10"}

    response = english(pair.mentor).post(
        reverse("mentoring:step_complete", args=[cycle.pk]), good | data
    )

    assert list(response.context["form"].errors) == [field]
    cycle.refresh_from_db()
    assert cycle.status == CycleStatus.PREPARE


def test_step_of_a_colleague_is_not_there_on_the_page_and_when_sent(english, pair, country):
    cycle = mentor.cycle(pair)
    client = english(make.person("mentor", country.here.centre))
    url = reverse("mentoring:step_complete", args=[cycle.pk])

    assert client.get(url).status_code == 404
    good = {"kind": "prepare", "on": timezone.localdate().isoformat(), "minutes": "10"}
    assert client.post(url, good).status_code == 404
    cycle.refresh_from_db()
    assert cycle.status == CycleStatus.PREPARE


def test_open_offers_only_caregivers_of_ones_rooms_without_a_cycle(english, pair, country):
    busy, free = pair, another(pair)
    mentor.cycle(busy)
    mentor.pair(country.elsewhere)

    form = english(pair.mentor).get(reverse("mentoring:cycle_open")).context["form"]

    assert [post.user for post in form.fields["post"].queryset] == [free.caregiver]


def test_open_with_a_caregiver_of_elsewhere_is_refused(english, pair, country):
    other = mentor.pair(country.elsewhere)
    data = {"post": other.caregiver.posts.get().pk, "on": timezone.localdate().isoformat()}

    response = english(pair.mentor).post(reverse("mentoring:cycle_open"), data)

    assert list(response.context["form"].errors) == ["post"]
    assert MentoringCycle.objects.count() == 0


def test_open_with_a_caregiver_of_the_whole_centre_asks_for_the_room(english, pair, country):
    floating = make.person("caregiver", country.here.centre)
    data = {"post": floating.posts.get().pk, "on": timezone.localdate().isoformat()}
    client, url = english(pair.mentor), reverse("mentoring:cycle_open")

    assert list(client.post(url, data).context["form"].errors) == ["room"]
    assert client.post(url, data | {"room": pair.room.pk}).status_code == 302
    assert MentoringCycle.objects.get().caregiver == floating


def test_goal_page_before_reflecting_is_refused_in_plain_words(english, pair):
    cycle = mentor.cycle(pair)

    response = english(pair.mentor).get(reverse("mentoring:goal_agree", args=[cycle.pk]))

    assert response.status_code == 409
    assert PracticeGoal.objects.count() == 0


def test_last_goal_is_looked_back_at_in_the_next_cycle(english, pair):
    mentor.cycle(pair, CycleStatus.COMPLETED)
    cycle = mentor.cycle(pair, opened=0)

    page = text_of(english(pair.mentor).get(reverse("mentoring:step_complete", args=[cycle.pk])))

    assert "Looking back: the last goal" in page
    assert "Saludar por su nombre" in page


def test_last_goal_of_another_region_is_read_by_the_pair_alone(client, country):
    there = mentor.pair(country.elsewhere)
    before = mentor.cycle(there, CycleStatus.COMPLETED)
    room, centre = country.here.rooms[0], country.here.centre
    make.post("caregiver", room, there.caregiver)
    here = mentor.Pair(room, make.person("mentor", centre), there.caregiver)
    url = reverse("mentoring:cycle_detail", args=[mentor.cycle(here, opened=0).pk])

    def read_by(person):
        client.force_login(person)
        return client.get(url).context["previous"]

    national = make.person("national", country.country)
    assert [read_by(person) for person in (here.mentor, here.caregiver, national)] == [before] * 3
    assert read_by(make.person("director", centre)) is None


def test_defaults_are_changed_by_the_coordinator_only(english, pair, country):
    national = make.person("national", country.country)
    client, url = english(national), reverse("mentoring:defaults_edit")
    form = client.get(url).context["form"]
    data = {name: form[name].initial for name in form.fields} | {
        "observe_minutes": 40,
        "mentees": "",
    }

    assert client.post(url, data).status_code == 302
    assert StepDefault.objects.get(kind="observe").minutes == 40
    assert LoadLimit.objects.count() == 0
    assert english(pair.mentor).get(url).status_code == 403


def test_defaults_with_days_out_of_order_are_refused(english, country):
    client = english(make.person("national", country.country))
    url = reverse("mentoring:defaults_edit")
    form = client.get(url).context["form"]
    data = {name: form[name].initial for name in form.fields} | {"observe_days": 200}

    response = client.post(url, data)

    assert "must follow the order" in text_of(response)
    assert StepDefault.objects.get(kind="observe").days_after_opening == 3
