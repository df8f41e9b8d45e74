"""Another record store in a process of its own: `python -m tests.lrs.serve PORT`.

It serves the database of DATABASE_URL, and makes what is missing there. A client with the key and
the secret ``KEY`` and ``SECRET`` may do everything. It forwards to the endpoint FORWARD_TO, if any.
"""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.wsgi import get_wsgi_application

KEY, SECRET = "other", "not a secret"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments) -> None:
        pass


def make_tables() -> None:
    """Of the record store and what it stands on, without migrations."""
    from django.apps import apps  # noqa: PLC0415 — once Django is set up
    from django.db import connection  # noqa: PLC0415 — likewise

    from lrs.actions import credentials, destinations  # noqa: PLC0415 — likewise
    from lrs.models import Credential  # noqa: PLC0415 — likewise

    there = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        for name in ("core", "lrs"):
            for model in apps.get_app_config(name).get_models():
                if model._meta.db_table not in there:
                    editor.create_model(model)
    if not Credential.objects.filter(key=KEY).exists():
        Credential.objects.create(
            name="all", key=KEY, secret_hash=credentials.hashed(SECRET), scopes=["all"]
        )
        if to := os.environ.get("FORWARD_TO"):
            destinations.add(
                name="there", endpoint=to, version="1.0.3", key=KEY, secret=SECRET, by=None
            )
    connection.close()


if __name__ == "__main__":
    django.setup()
    make_tables()
    server = make_server(
        "127.0.0.1", int(sys.argv[1]), get_wsgi_application(), Server, handler_class=Quiet
    )
    print("ready", flush=True)  # noqa: T201 — whoever started it waits for this
    server.serve_forever()
