"""SQLite whose writers queue, instead of looking again and again whether it is their turn.

SQLite's own waiting sleeps and tries: of eight that write without a pause one may find the file
taken at every try until its time is over ("database is locked"), which five hundred phones that
sent at once have shown. A lock on a file beside the database lets them pass in the order in which
they came, over threads and processes alike.
"""

import fcntl
import os

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Each transaction waits for its turn before it begins; the end of the one before gives it."""

    _turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._wait()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._pass_on()

    def _wait(self) -> None:
        if not self.is_in_memory_db():
            file = os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            self._turn = file

    def _pass_on(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None
