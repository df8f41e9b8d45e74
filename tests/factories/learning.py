"""The least valid lesson, enrolment, credential and statement."""

import hashlib
import itertools
import uuid
from email.message import Message

from wagtail.models import Locale, Page

from cms.models import CurriculumIndexPage, HomePage, LessonPage
from lms.actions import enrolments
from lms.models import Enrolment
from lrs.actions import credentials
from lrs.models import Credential
from lrs.multipart import Part

_number = itertools.count(1)


def home(**fields) -> HomePage:
    root = Page.get_first_root_node()
    words = dict.fromkeys(("lead", "mentoring", "observation", "families"), "Palabras")
    page = HomePage(title="Casa", slug=f"casa-{next(_number)}", **(words | fields))
    page.locale = fields.get("locale") or Locale.get_default()
    return root.add_child(instance=page)


def curriculum(**fields) -> CurriculumIndexPage:
    page = CurriculumIndexPage(title="Currículo", lead="Lecciones", **fields)
    return home().add_child(instance=page)


def question(right: int = 0, choices: int = 2) -> dict:
    """A question as Wagtail stores it, with the answer number ``right`` the right one."""
    return {
        "type": "question",
        "id": str(uuid.uuid4()),
        "value": {
            "question": "¿Qué haces?",
            "explanation": "<p>Porque sí.</p>",
            "choices": [
                {
                    "type": "item",
                    "id": str(uuid.uuid4()),
                    "value": {"text": f"Respuesta {n}", "correct": n == right},
                }
                for n in range(choices)
            ],
        },
    }


def step(*content: dict) -> dict:
    text = {"type": "text", "id": str(uuid.uuid4()), "value": "<p>Lee esto.</p>"}
    return {
        "type": "step",
        "id": str(uuid.uuid4()),
        "value": {"title": "Un paso", "content": [text, *content]},
    }


def lesson(*steps: dict, parent: CurriculumIndexPage | None = None, **fields) -> LessonPage:
    """A lesson; without ``steps`` it has one step with one question."""
    page = LessonPage(
        title=fields.pop("title", "Lección"),
        slug=f"leccion-{next(_number)}",
        summary="De qué trata.",
        items="LEN2",
        steps=list(steps) or [step(question())],
        **fields,
    )
    (parent or curriculum()).add_child(instance=page)
    return LessonPage.objects.get(pk=page.pk)


def enrolment(who, of: LessonPage | None = None) -> Enrolment:
    return enrolments.start(lesson=of or lesson(), by=who)


def choice(of: LessonPage, *, right: bool) -> tuple[uuid.UUID, uuid.UUID]:
    """(question, answer) of the first question, right or wrong."""
    key, value = next(iter(of.questions.items()))
    return key, next(one for one, _text, correct in value.options() if correct is right)


def credential(**fields) -> tuple[Credential, str]:
    return credentials.issue(name=f"cliente {next(_number)}", **fields)


def statement(**parts) -> dict:
    """A valid statement; a part given as None is left out."""
    whole = {
        "actor": {"account": {"homePage": "https://trenza.example", "name": "person-1"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://trenza.example/lesson"},
    } | parts
    return {name: value for name, value in whole.items() if value is not None}


def with_file(body: dict, content: bytes, usage: str) -> tuple[dict, dict[str, Part]]:
    """A statement that describes ``content`` as its attachment, and the files to store it with."""
    sha2 = hashlib.sha256(content).hexdigest()
    described = {
        "usageType": usage,
        "display": {"en": "A file"},
        "contentType": "application/octet-stream",
        "length": len(content),
        "sha2": sha2,
    }
    headers = Message()
    headers["Content-Type"] = "application/octet-stream"
    return body | {"attachments": [described]}, {sha2: Part(headers, content)}
