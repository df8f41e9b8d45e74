from tests.factories import learning as make
from tests.factories import organisations as people
from tests.routes import Route

LEARN = "lms.learn"
BOTH = ("get", "post")


def lesson(region):
    return {"pk": make.lesson().pk}


def enrolment(region):
    return {"pk": make.enrolment(people.person("caregiver", region.rooms[0])).pk}


ROUTES = {
    "lms:lesson_list": Route(LEARN),
    "lms:lesson_start": Route(LEARN, BOTH, lesson, shared=True),
    "lms:enrolment_step": Route(LEARN, BOTH, lambda region: enrolment(region) | {"number": 1}),
    "lms:enrolment_finish": Route(LEARN, BOTH, enrolment),
    "lms:enrolment_practise": Route(LEARN, ("post",), enrolment),
    "lms:progress_list": Route("lms.view", fill=enrolment),
}
