"""Requests that no record store may take, for hypothesis: each is wrong by the way it is made."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from tests.lrs.malformed_statements import (
    ACTIVITY,
    AGENT,
    ID,
    NO_AGENT,
    NO_UUID,
    names,
    whole,
    wrong_statements,
    wrong_texts,
)

CONTENT = b"a picture"
SHA2 = hashlib.sha256(CONTENT).hexdigest()


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str | None] = field(default_factory=dict)  # None takes one away


@st.composite
def statement_posts(draw) -> Request:
    request = Request("POST", "statements")
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return replace(request, body=draw(wrong_texts()))
    wrong = draw(wrong_statements)
    good = {name: value for name, value in whole().items() if name != "id"}
    batches: dict[int, Any] = {
        1: [good, wrong],
        2: [wrong, good],
        3: [whole(), good, whole()],  # an id twice
        4: [whole(), whole() | {"id": ID.upper()}],
    }
    body = json.dumps(batches.get(kind, wrong)).encode()
    if kind == 5:
        other = draw(st.sampled_from(["text/plain", "", "application/xml", "json", "a/b; c"]))
        return replace(request, body=json.dumps(whole()).encode(), content_type=other)
    if kind == 6 and draw(st.booleans()):
        unknown = draw(st.sampled_from(["a=1", "statementId=" + ID, "limit=1", "%00=1"]))
        return replace(request, body=json.dumps(good).encode(), query=unknown)
    return replace(request, body=body)


@st.composite
def statement_puts(draw) -> Request:
    right = json.dumps(whole()).encode()
    request = Request("PUT", "statements", query=f"statementId={ID}", body=right)
    other = "2" * 8 + ID[8:]
    changes: list[dict[str, Any]] = [
        {"query": ""},
        {"query": f"statementId={other}"},
        {"query": f"statementid={ID}"},
        {"query": f"statementId={ID}&statementId={ID}"},
        {"query": f"statementId={ID}&x=1"},
        {"query": "statementId=" + quote(str(draw(st.sampled_from(NO_UUID))))},
        {"body": b"[" + right + b"]"},
        {"body": b"[]"},
        {"body": draw(wrong_texts())},
        {"body": json.dumps(draw(wrong_statements) | {"id": ID[:-1]}).encode()},
        {"method": draw(st.sampled_from(["DELETE", "PATCH", "PROPFIND"]))},
    ]
    return replace(request, **draw(st.sampled_from(changes)))


PARAMETERS: dict[str, list[str]] = {
    "statementId": ["", "x", ID[:-1], ID + "\x00", "é"],
    "voidedStatementId": ["", "x", ID.replace("-", "")],
    "agent": [*(json.dumps(one) for one in NO_AGENT), "", "x", "{", '{"mbox":"mailto:a@x\\u0000"}'],
    "verb": ["", "x", "no iri", "\x00"],
    "activity": ["", "x", "//x", "https://x.example/a b"],
    "registration": ["", "x", ID[:-1]],
    "since": ["", "x", "2026-13-01T00:00:00Z", "9" * 30],
    "until": ["", "x", "2026-02-30T00:00:00Z"],
    "limit": ["-1", "x", "1.5", "1e2", "9" * 30, "٣", " 1"],
    "format": ["", "Exact", "xml", "exact,ids"],
    "ascending": ["", "True", "1", "yes"],
    "related_agents": ["", "TRUE", "0"],
    "related_activities": ["", "no"],
    "attachments": ["", "1"],
    "cursor": ["", "x", "a:b:c", "\x00", "é"],
}
GOOD = {"verb": "https://x.example/did", "limit": "3", "ascending": "true", "format": "ids"}


@st.composite
def searches(draw) -> Request:
    name = draw(st.sampled_from(sorted(PARAMETERS)))
    wrong = {name: draw(st.sampled_from(PARAMETERS[name]))}
    queries = [
        urlencode(wrong),
        urlencode(GOOD | wrong),
        urlencode(GOOD | {"x" + draw(names): "1"}),
        urlencode({name.swapcase(): GOOD.get(name, "x")}),
        urlencode(GOOD) + "&limit=4",
        urlencode({"statementId": ID, "voidedStatementId": ID}),
        urlencode({"statementId": ID} | GOOD),
        "agent=%FF%FE",
        "verb=" + quote(draw(names).replace(":", "")),
    ]
    method = draw(st.sampled_from(["GET", "HEAD"]))
    return Request(method, "statements", query=draw(st.sampled_from(queries)))


@st.composite
def documents(draw) -> Request:
    """State and profile requests, and what is known of agents and activities."""
    agent = json.dumps(AGENT)
    wrong_agent = json.dumps(draw(st.sampled_from(NO_AGENT)))
    kinds: dict[str, dict[str, str]] = {
        "activities/state": {"activityId": ACTIVITY, "agent": agent, "stateId": "s"},
        "activities/profile": {"activityId": ACTIVITY, "profileId": "p"},
        "agents/profile": {"agent": agent, "profileId": "p"},
        "agents": {"agent": agent},
        "activities": {"activityId": ACTIVITY},
    }
    path = draw(st.sampled_from(sorted(kinds)))
    right = kinds[path]
    name = draw(st.sampled_from(sorted(right)))
    missing = {one: value for one, value in right.items() if one != name}
    wrong: list[dict[str, str]] = [
        right | {"x" + draw(names): "1"},
        {one.swapcase(): value for one, value in right.items()},
        right | {name: "a\x00b"},
    ]
    wrong += [right | {"agent": wrong_agent}] if "agent" in right else []
    wrong += [right | {"activityId": "no iri"}] if "activityId" in right else []
    wrong += [right | {"registration": draw(st.sampled_from(["x", ID[:-1], "\x00"]))}]
    needed = name in {"agent", "activityId"}
    wrong += [missing] if needed else []
    method = draw(st.sampled_from(["GET", "PUT", "POST", "DELETE"]))
    body = b"{}" if method in {"PUT", "POST"} else b""
    query = urlencode(draw(st.sampled_from(wrong)))
    tag = {"If-Match": "*"}
    if method != "GET" and path in {"agents", "activities"}:
        return Request(method, path, urlencode(right), body)
    if method == "PUT" and draw(st.booleans()):
        text = draw(st.sampled_from([b"{", b'{"a": NaN}', b"\xff", b"", b'{"a":1,"a":2}']))
        return Request(method, path, urlencode(right), text, headers=dict(tag))
    return Request(method, path, query, body, headers=dict(tag))


@st.composite
def strangers(draw) -> Request:
    """Right requests by whom the store does not know, or in a version that it does not."""
    body = json.dumps(whole()).encode()
    request = draw(
        st.sampled_from([Request("POST", "statements", "", body), Request("GET", "statements")])
    )
    if draw(st.booleans()):
        version = st.sampled_from(
            [None, "", "0.9", "0.95", "3.0", "1", "1.0.x", "1.0.3.1", " 2", "٢.٠"]
        )
        return replace(request, headers={"X-Experience-API-Version": draw(version)})
    pairs = st.one_of(st.binary(), names.map(str.encode), st.just(b"a:b"), st.just(b"\x00:\x00"))
    encoded = pairs.map(lambda pair: "Basic " + base64.b64encode(pair).decode())
    odd = st.sampled_from([None, "", "Basic", "Basic !", "Bearer x", "Basic a b", "Basic é"])
    return replace(request, headers={"Authorization": draw(encoded | odd)})


def part(content: bytes, **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@st.composite
def with_attachments(draw) -> Request:
    """``multipart/mixed`` that does not hold together."""
    attachment = {
        "usageType": "https://x.example/u",
        "display": {"en": "a picture"},
        "contentType": "image/png",
        "length": len(CONTENT),
        "sha2": SHA2,
    }
    statement = whole() | {"attachments": [attachment]}
    told = {"Content_Type": "image/png", "X_Experience_API_Hash": SHA2}
    told |= {"Content_Transfer_Encoding": "binary"}
    text = json.dumps(statement).encode()
    first = part(text, Content_Type="application/json")
    second = part(CONTENT, **told)
    other = hashlib.sha256(b"other").hexdigest()
    parts = [
        [first],  # nothing that was described
        [first, second, part(b"other", **(told | {"X_Experience_API_Hash": other}))],
        [first, part(CONTENT + b"!", **told)],
        [first, part(CONTENT, **(told | {"Content_Transfer_Encoding": "base64"}))],
        [first, part(CONTENT, Content_Type="image/png", Content_Transfer_Encoding="binary")],
        [part(text, Content_Type="text/plain"), second],
        [second, first],
        [part(json.dumps(draw(wrong_statements)).encode(), Content_Type="application/json")],
        [part(draw(wrong_texts()), Content_Type="application/json"), second],
        [],
    ]
    mark = b"--mark"
    whole_body = (
        b"".join(mark + b"\r\n" + one + b"\r\n" for one in [first, second]) + mark + b"--\r\n"
    )
    bodies = [
        b"".join(mark + b"\r\n" + one + b"\r\n" for one in draw(st.sampled_from(parts)))
        + mark
        + b"--",
        whole_body[: draw(st.integers(0, len(whole_body) - 5))],
        whole_body.replace(b"--mark", b"--other"),
        whole_body.replace(b"\r\n\r\n", b"\r\n"),
        text,
    ]
    types = ["multipart/mixed; boundary=mark", 'multipart/mixed; boundary="mark"']
    if draw(st.booleans()):
        nonsense = [
            "multipart/mixed",
            "multipart/mixed; boundary=",
            "multipart/form-data; boundary=mark",
        ]
        return Request("POST", "statements", "", whole_body, draw(st.sampled_from(nonsense)))
    return Request(
        "POST", "statements", "", draw(st.sampled_from(bodies)), draw(st.sampled_from(types))
    )


@st.composite
def alternates(draw) -> Request:
    """1.0.3's requests inside a form, as they may not be."""
    text = json.dumps(whole())
    form = {"statementId": ID, "content": text}
    content_type = "application/x-www-form-urlencoded"
    wrong: list[tuple[str, str, str]] = [
        ("POST", "method=FETCH", urlencode(form)),
        ("POST", "method=", urlencode(form)),
        ("POST", "method=put", urlencode(form)),
        ("POST", "method=PUT&method=GET", urlencode(form | {"x": "1"})),
        ("POST", f"method=PUT&statementId={ID}", urlencode(form)),
        ("POST", "method=PUT", urlencode({"statementId": ID})),
        ("POST", "method=PUT", urlencode({"content": text})),
        ("POST", "method=PUT", urlencode(form | {"x": "1"})),
        ("POST", "method=PUT", urlencode(form | {"content": draw(wrong_texts())})),
        ("POST", "method=PUT", urlencode(form | {"X-Experience-API-Version": "2.0.0"})),
        ("POST", "method=PUT", urlencode(form | {"X-Experience-API-Version": "9"})),
        ("POST", "method=PUT", urlencode(form | {"Authorization": "Basic eDp5"})),
        ("POST", "method=PUT", urlencode(form | {"Content-Type": "text/plain"})),
        ("POST", "method=GET", urlencode({"limit": "-1"})),
        ("POST", "method=GET", "%00=%FF&limit=x"),
        ("POST", "method=DELETE", ""),
        ("GET", "method=GET", ""),
        ("PUT", "method=PUT", urlencode(form)),
        ("POST", "", urlencode(form)),
    ]
    method, query, body = draw(st.sampled_from(wrong))
    return Request(method, "statements", query, body.encode(), content_type)


requests = st.one_of(
    statement_posts(),
    statement_posts(),
    statement_puts(),
    searches(),
    documents(),
    strangers(),
    with_attachments(),
    alternates(),
)
