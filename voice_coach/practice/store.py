"""The private history: every event of every sitting, in one SQLite file.

Events are only ever added. Each one is a transaction of its own, committed before ``append``
returns, so a program that is killed loses nothing it had appended. An event goes only when its
whole sitting is erased.

    store = Store(home / "history.sqlite3")
    number = store.begin(started)          # refuses while another sitting is running
    store.append(number, event)
    store.append(number, ended)            # the next sitting may begin
    store.close()
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from voice_coach.errors import UserError
from voice_coach.practice.codec import event_from_line, event_to_json, line_of
from voice_coach.practice.database import (
    SittingLock,
    connected,
    make_private,
    plain_faults,
    write_ahead,
)
from voice_coach.practice.events import RECORDED, Event, SittingEnded, SittingStarted

HISTORY_FILE = "history.sqlite3"
LOCK_FILE = "sitting.lock.sqlite3"

BUSY_WAIT_S = 3.0
"""How long a write waits for another window to finish its own. Chosen."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        """CREATE TABLE sittings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, not even after erasing
            began TEXT NOT NULL,                   -- wall clock, ISO 8601 with its zone
            scenario TEXT NOT NULL,
            title TEXT NOT NULL,
            ended TEXT                             -- the reason; NULL while it has not ended
        )""",
        """CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            sitting_id INTEGER NOT NULL REFERENCES sittings (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            attempt INTEGER,                       -- NULL where the event is of none
            at_s REAL NOT NULL,
            event TEXT NOT NULL                    -- the whole event as JSON
        )""",
        "CREATE INDEX events_by_sitting ON events (sitting_id, name, attempt, at_s)",
        """CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
        # In a cascade the sitting is gone before its events are; a delete by hand finds it there.
        """CREATE TRIGGER events_go_with_their_sitting BEFORE DELETE ON events
            WHEN EXISTS (SELECT 1 FROM sittings WHERE id = OLD.sitting_id)
            BEGIN SELECT RAISE(ABORT, 'events go only with their whole sitting'); END""",
    ),
    (
        """CREATE TABLE readings (
            id INTEGER PRIMARY KEY,
            after_sitting INTEGER NOT NULL,        -- the last sitting before it; 0 where none
            began TEXT NOT NULL,                   -- wall clock, ISO 8601 with its zone
            device TEXT NOT NULL,                  -- the microphone it was heard with
            measures TEXT NOT NULL                 -- by name, as JSON
        )""",
    ),
    (
        """CREATE TABLE rehearsals (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            began TEXT NOT NULL,                   -- wall clock, ISO 8601 with its zone
            exercise TEXT NOT NULL,
            one TEXT NOT NULL,
            two TEXT NOT NULL,
            ended TEXT NOT NULL,                   -- the reason
            numbers TEXT NOT NULL,                 -- JSON; no words of theirs
            words TEXT NOT NULL                    -- JSON; what both wanted kept
        )""",
    ),
)
"""Statements that lead from schema version n to n + 1. Published ones are never edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingHeader:
    """What the list of sittings shows of one.

    ``ended`` is the reason, or None where no end was recorded; ``attempts`` counts those with a
    reply; ``duration_s`` is the time of the last event.
    """

    number: int
    began: str
    scenario: str
    title: str
    ended: str | None
    attempts: int
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMeasures:
    """What was measured of a calm reading or turn, by name, and with which microphone.

    ``after`` is the number of the last sitting before the reading, or of the turn's own.
    """

    after: int
    device: str
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRehearsal:
    """What is kept of an exercise that two people did together.

    ``numbers`` hold no words of theirs; ``words`` only what both wanted kept. Both are plain JSON
    objects; ``number`` is 0 for one that is not in the history yet.
    """

    began: str
    exercise: str
    one: str
    two: str
    ended: str
    numbers: Mapping[str, Any]
    words: Sequence[Mapping[str, Any]]
    number: int = 0


class Store:
    """The history file at ``path``, made when missing, readable by its owner only.

    May be used from several threads, and read from other windows while a sitting runs. Every method
    raises UserError, one line, where the disk is full or the file is read-only, damaged, busy or of
    a newer version; nothing appended before is lost by that.
    """

    def __init__(self, path: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
        self.path = path
        self.lock = SittingLock(path.with_name(LOCK_FILE))
        self._one_at_a_time = threading.RLock()
        make_private(path)
        with plain_faults(path):
            self._connection = connected(path, BUSY_WAIT_S)
            try:
                self._prepare(migrations)
            except BaseException:
                self._connection.close()
                raise

    @property
    def home(self) -> Path:
        """The private folder that the history lies in."""
        return self.path.parent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let another sitting begin."""
        with self._one_at_a_time:
            self._connection.close()
            self.lock.release()

    def claim(self) -> None:
        """Make this the one running sitting, before anything is spoken.

        ``begin`` does so where this was not called; the end of the sitting or of the program lets
        go. Raises UserError while another sitting is running.
        """
        self.lock.take()

    def begin(self, started: SittingStarted) -> int:
        """Record that a sitting began, and return its number."""
        self.claim()
        told = event_to_json(started)
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO sittings (began, scenario, title) VALUES (?, ?, ?)",
                (told["began"], told["scenario"], told["title"]),
            )
            number = int(cursor.lastrowid or 0)
            self._insert(number, started)
        return number

    def append(self, number: int, event: Event) -> None:
        """Record what happened next in a sitting; on the disk when this returns."""
        with self._transaction() as connection:
            self._insert(number, event)
            if isinstance(event, SittingEnded):
                connection.execute(
                    "UPDATE sittings SET ended = ? WHERE id = ?",
                    (event_to_json(event)["reason"], number),
                )
        if isinstance(event, SittingEnded):
            self.lock.release()

    def headers(self) -> tuple[SittingHeader, ...]:
        """All sittings, the oldest first."""
        rows = self._rows(
            """SELECT s.id, s.began, s.scenario, s.title, s.ended,
                count(DISTINCT CASE WHEN e.name = 'TurnEnded'
                    AND json_extract(e.event, '$.text') <> '' THEN e.attempt END), max(e.at_s)
            FROM sittings s JOIN events e ON e.sitting_id = s.id GROUP BY s.id ORDER BY s.id"""
        )
        names = [field.name for field in fields(SittingHeader)]
        return tuple(SittingHeader(**dict(zip(names, row, strict=True))) for row in rows)

    def events(self, number: int) -> tuple[Event, ...]:
        """The events of a sitting in their order; none where there is no such sitting."""
        rows = self._rows("SELECT event FROM events WHERE sitting_id = ? ORDER BY id", number)
        return tuple(event_from_line(line) for (line,) in rows)

    def add_reading(self, began: str, device: str, measures: Mapping[str, float]) -> None:
        """Keep what a calm reading, begun at this wall clock, measured."""
        with self._transaction() as connection:
            connection.execute(
                """INSERT INTO readings (after_sitting, began, device, measures) VALUES (coalesce(
                    (SELECT seq FROM sqlite_sequence WHERE name = 'sittings'), 0), ?, ?, ?)""",
                (began, device, json.dumps(measures)),
            )

    def readings(self) -> tuple[KeptMeasures, ...]:
        """The calm readings, the oldest first; ``after`` is the last sitting before each."""
        rows = self._rows("SELECT after_sitting, device, measures FROM readings ORDER BY id")
        return tuple(
            KeptMeasures(after=after, device=device, measures=json.loads(measures))
            for after, device, measures in rows
        )

    def calm_turns(self, after: int, most: int, *, recorded: bool) -> tuple[KeptMeasures, ...]:
        """Scored replies with a calm tone, at no hurry, of sittings after that one, in order.

        Those from recordings, or all others. At most the latest ``most``; ``after`` of each is its
        own sitting. An attack is none.
        """
        rows = self._rows(
            """SELECT e.sitting_id, json_extract(s.event, '$.microphone'),
                json_extract(e.event, '$.measures')
            FROM events e JOIN events s ON s.sitting_id = e.sitting_id
                AND s.name = 'SittingStarted'
            WHERE e.name = 'Scored' AND e.sitting_id > ?
                AND json_extract(e.event, '$.tone.tone') = 'calm'
                AND json_extract(e.event, '$.own_pace.pace') IS NOT 'quicker'
                AND json_extract(e.event, '$.level') IS NOT 'attack'
                AND (json_extract(s.event, '$.microphone') IS ?) = ?
            ORDER BY e.id DESC LIMIT ?""",
            after,
            RECORDED,
            recorded,
            most,
        )
        return tuple(
            KeptMeasures(after=number, device=device or "", measures=_values(measures))
            for number, device, measures in reversed(rows)
        )

    def forget_readings(self) -> None:
        """Take all readings out of the file, as :meth:`forget` does with sittings."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM readings")
        self._rewrite()

    def add_rehearsal(self, kept: KeptRehearsal) -> int:
        """Keep what two people want kept of an exercise; its number."""
        with self._transaction() as connection:
            cursor = connection.execute(
                """INSERT INTO rehearsals (began, exercise, one, two, ended, numbers, words)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (
                    kept.began,
                    kept.exercise,
                    kept.one,
                    kept.two,
                    kept.ended,
                    json.dumps(dict(kept.numbers), ensure_ascii=False),
                    json.dumps([dict(each) for each in kept.words], ensure_ascii=False),
                ),
            )
            return int(cursor.lastrowid or 0)

    def rehearsals(self) -> tuple[KeptRehearsal, ...]:
        """All that is kept of exercises together, the oldest first."""
        rows = self._rows(
            """SELECT id, began, exercise, one, two, ended, numbers, words FROM rehearsals
            ORDER BY id"""
        )
        return tuple(
            KeptRehearsal(
                number=number,
                began=began,
                exercise=exercise,
                one=one,
                two=two,
                ended=ended,
                numbers=json.loads(numbers),
                words=json.loads(words),
            )
            for number, began, exercise, one, two, ended, numbers, words in rows
        )

    def forget_rehearsals(self, name: str) -> int:
        """Take every exercise that somebody took part in out of the file; how many there were.

        Upper and lower case are one. Call :meth:`settle` first.
        """
        gone = [
            kept.number
            for kept in self.rehearsals()
            if name.casefold() in {kept.one.casefold(), kept.two.casefold()}
        ]
        with self._transaction() as connection:
            for number in gone:
                connection.execute("DELETE FROM rehearsals WHERE id = ?", (number,))
        self._rewrite()
        return len(gone)

    def settle(self) -> None:
        """Make ready to forget. Raises UserError while another window is reading the history."""
        self._empty_log("Nothing was erased: another window is reading your history.")

    def forget(self, number: int | None) -> None:
        """Take a sitting out so that none of its bytes stay; None: all, with readings, rehearsals.

        The rows go and their pages are overwritten (secure_delete), the log is emptied and the
        file rewritten without its free pages. What a backup or the disk itself remembers is out
        of reach. Call :meth:`settle` first, while nothing is lost yet.
        """
        with self._transaction() as connection:
            connection.execute("DELETE FROM sittings WHERE id = ? OR ?", (number, number is None))
            if number is None:
                connection.execute("DELETE FROM readings")
                connection.execute("DELETE FROM rehearsals")
        self._rewrite()

    def _rewrite(self) -> None:
        with self._one_at_a_time, plain_faults(self.path):
            self._connection.execute("VACUUM")
        self._empty_log("It is erased, but another window still holds traces of it open.")

    def _empty_log(self, otherwise: str) -> None:
        ((busy, _, _),) = self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise UserError(f"{otherwise} Close that window and erase again.")

    def _prepare(self, migrations: Sequence[Sequence[str]]) -> None:
        found = self._version()
        if found > len(migrations):
            raise UserError(
                f"Your history, {self.path}, is of a newer Voice Coach (form {found}; this one "
                f"knows {len(migrations)}). Install it, or set VOICE_COACH_HOME elsewhere."
            )
        write_ahead(self._connection, BUSY_WAIT_S)
        # NORMAL: a commit outlives the program; only a power cut may take the last ones.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # Without recursive triggers REPLACE slips past them; in memory, VACUUM leaves no file.
        for setting in ("foreign_keys = ON", "secure_delete = ON", "recursive_triggers = ON"):
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.execute("PRAGMA temp_store = MEMORY")
        if found < len(migrations):
            with self._transaction() as connection:
                for statements in migrations[self._version() :]:
                    for statement in statements:
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {len(migrations)}")

    def _version(self) -> int:
        ((version,),) = self._rows("PRAGMA user_version")
        return int(version)

    def _insert(self, number: int, event: Event) -> None:
        told = event_to_json(event)
        self._connection.execute(
            "INSERT INTO events (sitting_id, name, attempt, at_s, event) VALUES (?, ?, ?, ?, ?)",
            (number, told["event"], told.get("attempt"), told["at_s"], line_of(told)),
        )

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._one_at_a_time, plain_faults(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._one_at_a_time, plain_faults(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _values(measures: str) -> dict[str, float]:
    """The measured values in a Scored event's ``measures``, by name."""
    held: dict[str, dict[str, Any]] = json.loads(measures)
    return {
        name: float(measure["value"])
        for name, measure in held.items()
        if measure["value"] is not None
    }
