import tempfile
from pathlib import Path

import environ
import psycopg
import pytest

from tools import postgres
from tools.say import Trouble


def test_server_answers_and_is_gone_afterwards():
    try:
        postgres.programs()
    except Trouble as trouble:
        pytest.skip(str(trouble))
    with postgres.server() as url:
        at = environ.Env.db_url_config(url)
        connect = {"host": at["HOST"], "user": at["USER"], "dbname": at["NAME"]}
        with psycopg.connect(**connect) as connection:
            version = connection.execute("SHOW server_version").fetchone()
        folder = Path(at["HOST"])
        assert version is not None
        assert folder.is_relative_to(tempfile.gettempdir())

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**connect)
