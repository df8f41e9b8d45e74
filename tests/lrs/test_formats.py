import uuid

from tests.factories.learning import statement

UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
NAMES = {"en": "Lesson", "es-MX": "Lección"}
ACTIVITY = {
    "objectType": "Activity",
    "id": "https://x.example/lesson",
    "definition": {"name": NAMES, "type": "https://x.example/type"},
}
ACTOR = {
    "objectType": "Group",
    "name": "Two",
    "member": [
        {"mbox": "mailto:ana@x.example", "name": "Ana"},
        {"mbox": "mailto:eva@x.example", "name": "Eva"},
    ],
}


def test_exact_is_as_it_came_to_the_last_digit(store):
    text = (
        f'{{"id":"{UUID}","actor":{{"mbox":"mailto:a@x.example"}},'
        '"verb":{"id":"https://x.example/v"},"object":{"id":"https://x.example/o"},'
        '"result":{"score":{"raw":1.0,"max":10.500,"min":-0.0},'
        '"extensions":{"https://x.example/e":1234567890.12345678901234567890}}}'
    )

    store.post(text)

    found = store.get(statementId=UUID).content.decode()
    assert '"score":{"raw":1.0,"max":10.500,"min":-0.0}' in found
    assert "1234567890.12345678901234567890" in found


def test_ids_leaves_identifiers_only(store):
    team = {"objectType": "Group", "mbox": "mailto:team@x.example", "name": "Team"}
    store.post(
        statement(
            actor=ACTOR,
            verb={"id": "https://x.example/v", "display": {"en": "did"}},
            object=ACTIVITY,
            context={"team": team, "contextActivities": {"parent": ACTIVITY}},
        )
    )

    (found,) = store.get(format="ids").json()["statements"]

    members = [{"mbox": one["mbox"]} for one in ACTOR["member"]]
    assert found["actor"] == {"objectType": "Group", "member": members}
    assert found["verb"] == {"id": "https://x.example/v"}
    assert found["object"] == {"id": ACTIVITY["id"]}
    assert found["context"] == {
        "team": {"objectType": "Group", "mbox": "mailto:team@x.example"},
        "contextActivities": {"parent": [{"id": ACTIVITY["id"]}]},
    }


def test_canonical_has_what_is_known_and_one_language(store):
    store.post(statement(object=ACTIVITY))
    store.post(statement(id=UUID, object={"id": ACTIVITY["id"]}))
    for language, name in {
        "es": {"es-MX": "Lección"},
        "es-AR,en;q=0.5": {"es-MX": "Lección"},
        "en-GB": {"en": "Lesson"},
        "fr": {"en": "Lesson"},
    }.items():
        store.headers["Accept-Language"] = language

        found = store.get(statementId=UUID, format="canonical").json()

        assert found["object"]["definition"]["name"] == name
        assert found["object"]["definition"]["type"] == "https://x.example/type"


def test_definitions_are_merged_by_language(store):
    store.post(statement(object=ACTIVITY))
    more = {"name": {"pt": "Aula"}, "type": "https://x.example/newer"}
    store.post(statement(object={"id": ACTIVITY["id"], "definition": more}))

    known = store.get("/xapi/activities", activityId=ACTIVITY["id"]).json()

    assert known == {
        "objectType": "Activity",
        "id": ACTIVITY["id"],
        "definition": {"name": NAMES | {"pt": "Aula"}, "type": "https://x.example/newer"},
    }


def test_single_context_activity_is_given_back_in_a_list(store):
    store.post(statement(context={"contextActivities": {"parent": ACTIVITY}}))

    (found,) = store.get().json()["statements"]

    assert found["context"]["contextActivities"] == {"parent": [ACTIVITY]}


def test_moments_of_2_0_are_given_back_in_utc(second, store):
    moment = "2026-01-31T09:30:00.123-06:00"
    second.post(statement(id=UUID, timestamp=moment))
    store.post(statement(id=(first := str(uuid.uuid4())), timestamp=moment))

    assert store.get(statementId=UUID).json()["timestamp"] == "2026-01-31T15:30:00.123000Z"
    assert store.get(statementId=first).json()["timestamp"] == moment


def test_agent_is_known_by_all_names_it_had(store):
    who = {"mbox": "mailto:ana@x.example"}
    store.post([statement(actor=who | {"name": name}) for name in ("Ana", "Ana María", "Ana")])

    answer = store.get("/xapi/agents", agent='{"mbox": "mailto:ana@x.example"}')

    assert answer.json() == {
        "objectType": "Person",
        "name": ["Ana", "Ana María"],
        "mbox": ["mailto:ana@x.example"],
    }


def test_group_is_no_person(store):
    group = '{"objectType": "Group", "mbox": "mailto:team@x.example"}'

    answer = store.get("/xapi/agents", agent=group)

    assert (answer.status_code, answer.json()["property"]) == (400, "agent.objectType")
