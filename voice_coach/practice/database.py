"""A private SQLite file: opened, kept from others' eyes, and its faults in plain words."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.home import PRIVATE_FILE

LOCK_WAIT_S = 0.5
"""How long a sitting waits for the lock: longer than anyone looks at it. Chosen."""

RETRY_S = 0.02
"""How long to wait before asking again where SQLite does not wait by itself. Chosen."""

BUSY = "is busy in another window or program. Close that one, then try again."
DAMAGED = "is damaged. Move that file elsewhere to begin a new history."
MENDS = {
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Free some space; all until now is kept.",
    sqlite3.SQLITE_READONLY: "is read-only. Make it writable, or set VOICE_COACH_HOME elsewhere.",
    sqlite3.SQLITE_PERM: "may not be opened. Make it readable and writable for you.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. See that its folder is there and is yours.",
    sqlite3.SQLITE_IOERR: "cannot be read or written by the system. Check the disk it lies on.",
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
}
"""What is wrong with the history file, by SQLite's primary result code, and the mend."""


def connected(path: Path, wait_s: float) -> sqlite3.Connection:
    """The file opened, each statement a transaction of its own unless one is begun.

    ``wait_s`` is how long a statement waits for another program to finish its own, in seconds.
    """
    return sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)


def make_private(path: Path) -> None:
    """See that the file is there and that only its owner may read it.

    A file that is there is never opened here: on POSIX, closing any descriptor of a file drops
    every lock this program holds on it, SQLite's too. SQLite gives the -wal and -shm files beside
    it the same permissions.
    """
    try:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        except FileExistsError:
            if sys.platform != "win32" and path.stat().st_mode & 0o077:
                path.chmod(PRIVATE_FILE)
    except OSError as error:
        raise UserError(
            f"Your history, {path}, cannot be made or kept private ({error.strerror}). "
            "Mend the folder, or set VOICE_COACH_HOME to a folder of your own."
        ) from error


def write_ahead(connection: sqlite3.Connection, wait_s: float) -> None:
    """Switch the file to the write-ahead log, in which readers and a writer get on.

    Where two programs make a new file at once, SQLite may refuse without waiting; so it is asked
    again and again for ``wait_s``, and its own waiting is off meanwhile.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    for left in reversed(range(max(1, round(wait_s / RETRY_S)))):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(RETRY_S)
    connection.execute(f"PRAGMA busy_timeout = {round(wait_s * 1000)}")


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code; None where the fault is not SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


@contextmanager
def plain_faults(path: Path) -> Iterator[None]:
    """Tell the user what ails the file; what no user can mend goes on as it is."""
    try:
        yield
    except sqlite3.Error as error:
        mend = MENDS.get(_code(error) or 0)
        if mend is None:
            raise
        raise UserError(f"Your history, {path}, {mend}") from error


class SittingLock:
    """Held by the one sitting that may run; the system lets go of it when the program dies.

    An exclusive transaction on an empty database that is never written: the file lock that the
    standard library has alike on Linux, macOS and Windows.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @property
    def held(self) -> bool:
        """Whether this very object holds the lock."""
        return self._connection is not None

    def take(self) -> None:
        """Take the lock where not held yet. Raises UserError where another sitting has it."""
        if self.held:
            return
        make_private(self._path)
        with plain_faults(self._path):
            connection = connected(self._path, LOCK_WAIT_S)
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                connection.close()
                if _code(error) != sqlite3.SQLITE_BUSY:
                    raise
                raise UserError(
                    "Another sitting is running, perhaps in another window. "
                    "Finish it first, then try again."
                ) from error
        self._connection = connection

    def release(self) -> None:
        """Let the next sitting begin."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def taken(self) -> bool:
        """Whether anyone holds the lock. Looking never keeps a sitting from starting."""
        if self.held or not self._path.exists():
            return self.held
        with plain_faults(self._path), closing(connected(self._path, 0.0)) as connection:
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.OperationalError as error:
                if _code(error) == sqlite3.SQLITE_BUSY:
                    return True
                raise
        return False
