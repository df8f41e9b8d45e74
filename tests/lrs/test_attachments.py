import base64
import datetime
import hashlib
import json

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lrs import multipart
from lrs.models import Attachment, Statement
from lrs.signatures import USAGE
from tests.factories.learning import statement

UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
CONTENT = b"\r\n--x--\r\n\x00\xff\n"
MARK = "a b".replace(" ", "-")
KIND = f"multipart/mixed; boundary={MARK}"


def described(content: bytes = CONTENT, **parts) -> dict:
    return {
        "usageType": "https://x.example/usage",
        "display": {"en": "A file"},
        "contentType": "application/octet-stream",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
    } | parts


def body(statements, *files: bytes) -> bytes:
    named = [(hashlib.sha256(one).hexdigest(), "application/octet-stream", one) for one in files]
    return multipart.joined(json.dumps(statements), named, MARK)


def read(answer) -> list[multipart.Part]:
    return multipart.parts(answer.content, answer["Content-Type"])


def test_file_comes_back_byte_by_byte_once(store):
    sent = [statement(id=UUID, attachments=[described()]), statement(attachments=[described()])]

    answer = store.post(body(sent, CONTENT), content_type=KIND)

    assert answer.status_code == 200
    first, *files = read(store.get(attachments="true"))
    assert len(json.loads(first.content)["statements"]) == 2
    assert [(one.hash, one.content) for one in files] == [(described()["sha2"], CONTENT)]
    assert store.get(statementId=UUID)["Content-Type"] == "application/json"


def test_put_takes_files(store):
    sent = body(statement(attachments=[described()]), CONTENT)

    answer = store.put(sent, f"{store.url}?statementId={UUID}", KIND)

    assert answer.status_code == 204
    assert read(store.get(statementId=UUID, attachments="true"))[1].content == CONTENT


def test_file_known_is_described_again_by_address(store):
    store.post(body(statement(attachments=[described()]), CONTENT), content_type=KIND)

    answer = store.post(statement(attachments=[described(fileUrl="https://x.example/f")]))

    assert answer.status_code == 200
    assert Attachment.objects.count() == 1


SENT = statement(attachments=[described()])
REFUSED = {
    "file missing": body(SENT),
    "file that nothing describes": body(statement(), CONTENT),
    "other bytes": body(SENT, CONTENT).replace(b"\xff", b"\xfe"),
    "no end": body(SENT, CONTENT)[:-8],
    "no hash": body(SENT, CONTENT).replace(b"X-Experience-API-Hash", b"X-Other"),
    "other encoding": body(SENT, CONTENT).replace(b"Encoding: binary", b"Encoding: base64"),
    "statement is no JSON": body(SENT, CONTENT).replace(b"application/json", b"text/plain", 1),
    "nothing": b"",
    "no line end": f"--{MARK}Content-Type: application/json".encode(),
    "no empty line": f"--{MARK}\r\nContent-Type: application/json\r\n--{MARK}--".encode(),
    "wrong boundary": body(SENT, CONTENT).replace(MARK.encode(), b"other"),
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_body_malformed_is_refused_and_nothing_kept(store, sent):
    answer = store.post(sent, content_type=KIND)

    assert answer.status_code == 400
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


def test_boundary_missing_is_refused(store):
    answer = store.post(body(SENT, CONTENT), content_type="multipart/mixed")

    assert (answer.status_code, answer.json()["property"]) == (400, "Content-Type")


@pytest.fixture(scope="module")
def signer():
    """A private key and its certificate, as the header of a signature has it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "signer")])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, day, day.replace(year=2036))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    return key, base64.b64encode(certificate).decode()


def signed(statement_: dict, key, certificate="", algorithm="RS256", **header) -> bytes:
    payload = json.dumps(statement_).encode()
    extra = {"x5c": [certificate]} if certificate else {}
    token = jwt.PyJWS().encode(payload, key, algorithm=algorithm, headers=extra | header)
    described_ = described(token.encode(), usageType=USAGE)
    return body(statement_ | {"attachments": [described_]}, token.encode())


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("with_certificate", [True, False])
def test_signature_that_holds_is_kept(store, signer, algorithm, with_certificate):
    key, certificate = signer
    sent = signed(statement(), key, certificate * with_certificate, algorithm)

    assert store.post(sent, content_type=KIND).status_code == 200


def test_signature_of_another_statement_is_refused(store, signer):
    sent = signed(statement(), *signer)
    other = sent.replace(b'"https://trenza.example/lesson"', b'"https://trenza.example/lassen"', 1)

    answer = store.post(other, content_type=KIND)

    assert (answer.status_code, Statement.objects.count()) == (400, 0)


def test_signature_by_another_key_than_the_certificate_is_refused(store, signer):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    answer = store.post(signed(statement(), stranger, signer[1]), content_type=KIND)

    assert answer.status_code == 400


@pytest.mark.parametrize("header", [{"x5c": []}, {"x5c": "no list"}, {"x5c": ["bm9uc2Vuc2U="]}])
def test_certificate_malformed_is_refused(store, signer, header):
    answer = store.post(signed(statement(), signer[0], **header), content_type=KIND)

    assert answer.status_code == 400


def test_signature_with_a_shared_secret_is_refused(store):
    answer = store.post(signed(statement(), "s" * 64, algorithm="HS256"), content_type=KIND)

    assert answer.status_code == 400


def test_signature_has_its_own_type(store, signer):
    sent = signed(statement(), *signer)
    other = sent.replace(
        b'"contentType": "application/octet-stream"', b'"contentType": "text/plain"'
    )

    assert store.post(other, content_type=KIND).status_code == 400
