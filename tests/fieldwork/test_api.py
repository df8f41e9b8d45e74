from fieldwork.models import Delivery
from observation.models import ObservationSession


def test_record_new_is_201_and_counts(phone, record):
    answer = phone.put(record)

    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "accepted", answer.json()
    session = ObservationSession.objects.get()
    assert (str(session.pk), session.status) == (record["id"], "closed")
    assert Delivery.objects.get().state == "accepted"


def test_record_again_is_200(phone, record):
    phone.put(record)
    answer = phone.put(record)

    assert answer.status_code == 200
    assert Delivery.objects.count() == 1


def test_agenda(phone, record):
    phone.put(record)
    answer = phone.browser.get("/api/field/agenda/")
    again = phone.browser.get("/api/field/agenda/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
