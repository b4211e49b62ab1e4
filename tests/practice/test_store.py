"""The history keeps what it was given, through every end a program can come to."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from voice_coach.conversation import Span
from voice_coach.errors import UserError
from voice_coach.practice.database import connected, write_ahead
from voice_coach.practice.events import (
    Event,
    LineStarted,
    Noted,
    SittingEnded,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.history import list_sittings, sitting
from voice_coach.practice.store import HISTORY_FILE, LOCK_FILE, MIGRATIONS, Store

STARTED = SittingStarted(
    at_s=0.0,
    began="2026-01-02T20:15:00+01:00",
    scenario="late-home",
    title="Late home",
    setting="Sam has waited with dinner.",
    partner="Sam",
    input_device="Built-in",
    output_device="Built-in",
    model="base",
    voice="neural",
)
ENDED = SittingEnded(at_s=60.0, reason="finished", attempts=1, summary=("One reply.",))

WRITER = """
import sys
from pathlib import Path
from voice_coach.practice.events import Noted, SittingStarted
from voice_coach.practice.store import Store
store = Store(Path(sys.argv[1]))
number = store.begin(STARTED)
print(number, flush=True)
for count in range(1, 1_000_000):
    store.append(number, Noted(at_s=float(count), text=f"note {count} " + "x" * (count % 700)))
    print(count, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / HISTORY_FILE


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def note(text: str, at_s: float = 1.0) -> Noted:
    return Noted(at_s=at_s, text=text)


@contextmanager
def refused(said: str) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@contextmanager
def other_window(path: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A second program, in the midst of a sitting that it never ends."""
    writer = tmp_path / "writer.py"
    writer.write_text(WRITER.replace("STARTED", repr(STARTED)), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(writer), str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def read(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


# Keeping


def test_what_is_appended_is_there_in_order(path: Path, store: Store) -> None:
    number = store.begin(STARTED)
    events: list[Event] = [note(f"näh {count}\n", float(count)) for count in range(20)]
    for event in (*events, ENDED):
        store.append(number, event)
    assert store.events(number) == (STARTED, *events, ENDED)
    with Store(path) as again:
        assert again.events(number) == (STARTED, *events, ENDED)


def test_headers_tell_what_became_of_each_sitting(store: Store) -> None:
    first = store.begin(STARTED)
    for attempt in (1, 2):
        store.append(first, LineStarted(at_s=2.0, attempt=attempt, line_id="a", text="Hi."))
    span = Span(start_s=3.0, end_s=4.0)
    turn = TurnEnded(
        at_s=4.0,
        attempt=1,
        text="I hear you.",
        words=(),
        span=span,
        activity=(span,),
        ended_by="silence",
    )
    store.append(first, turn)
    store.append(first, turn)  # the reply was extended
    store.append(first, ENDED)
    second = store.begin(STARTED)
    (one, two) = store.headers()
    assert (one.number, one.ended, one.attempts, one.duration_s) == (first, "finished", 1, 60.0)
    assert (two.number, two.ended, two.attempts, two.duration_s) == (second, None, 0, 0.0)
    assert (one.began, one.scenario, one.title) == (STARTED.began, "late-home", "Late home")


def test_an_unknown_sitting_has_no_events_and_takes_none(store: Store) -> None:
    assert store.events(7) == ()
    with pytest.raises(sqlite3.IntegrityError):
        store.append(7, note("lost"))


def test_threads_may_share_a_store(store: Store) -> None:
    number = store.begin(STARTED)

    def add() -> None:
        for count in range(50):
            store.append(number, note(str(count)))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.events(number)) == 201


def test_an_event_that_cannot_be_written_leaves_no_trace(store: Store) -> None:
    number = store.begin(STARTED)
    with pytest.raises(ValueError, match="finite"):
        store.append(number, note("", float("nan")))
    store.append(number, note("after"))
    assert store.events(number) == (STARTED, note("after"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE events SET event = '{}'", "never changed"),
        ("DELETE FROM events", "whole sitting"),
        ("INSERT OR REPLACE INTO events VALUES (1, 1, 'Noted', NULL, 0, '{}')", "whole sitting"),
        ("INSERT INTO events VALUES (NULL, 9, 'Noted', NULL, 0, '{}')", "FOREIGN KEY"),
    ],
)
def test_events_are_only_ever_added(store: Store, statement: str, said: str) -> None:
    number = store.begin(STARTED)
    with pytest.raises(sqlite3.IntegrityError, match=said):
        store._connection.execute(statement)
    assert store.events(number) == (STARTED,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_may_read_it(path: Path) -> None:
    path.touch(0o644)
    path.chmod(0o644)
    with Store(path) as store:
        store.begin(STARTED)
        kept = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert {HISTORY_FILE, HISTORY_FILE + "-wal", HISTORY_FILE + "-shm", LOCK_FILE} <= set(kept)
    assert set(kept.values()) == {0o600}


def test_it_is_set_up_to_survive_and_to_forget(store: Store) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    found = [store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert found == ["wal", 1, 1, 1, 3000]


# Killed


@pytest.mark.timeout(120)
def test_killed_at_any_moment_it_loses_nothing_appended(path: Path, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments to kill at, no secret
    told: dict[int, int] = {}
    for _ in range(12):
        with other_window(path, tmp_path) as child:
            number = read(child)
            last = 0
            for _ in range(chance.randrange(1, 120)):
                last = read(child)
            child.kill()
            assert child.stdout is not None
            rest = [line for line in child.stdout.read().splitlines(keepends=True) if "\n" in line]
            told[number] = int(rest[-1]) if rest else last
    with Store(path) as store:
        for number, last in told.items():
            kept = sitting(store, number)
            assert kept.ended == "interrupted"
            assert kept.events[0] == STARTED
            counts = [int(event.at_s) for event in kept.events[1:]]
            assert counts == list(range(1, len(counts) + 1))
            assert last <= len(counts) <= last + 1
        assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        store.begin(STARTED)


# Two windows


def test_one_sitting_at_a_time(path: Path, tmp_path: Path) -> None:
    with other_window(path, tmp_path) as child, Store(path) as store:
        number = read(child)
        with refused("Another sitting is running"):
            store.begin(STARTED)
        with refused("Finish it first"):
            store.claim()
        # Meanwhile the history can be read, and looking does not disturb the sitting.
        assert [header.ended for header in list_sittings(store)] == ["running"]
        assert store.events(number)[0] == STARTED
        before = read(child)
        assert read(child) == before + 1
        child.kill()
        child.wait()
        assert [header.ended for header in list_sittings(store)] == ["interrupted"]
        assert store.begin(STARTED) == number + 1


def test_in_one_program_too(path: Path, store: Store) -> None:
    number = store.begin(STARTED)
    with Store(path) as second:
        with refused("Another sitting is running"):
            second.begin(STARTED)
        assert second.lock.taken()
        assert store.lock.taken()
        store.append(number, ENDED)
        assert not second.lock.taken()
        second.begin(STARTED)
        with refused("Another sitting is running"):
            store.claim()
    store.claim()
    store.claim()


def test_opened_by_several_at_once_when_new(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from voice_coach.practice.store import Store\n"
        "print('ready', flush=True); sys.stdin.readline(); Store(Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            )
            for _ in range(5)
        ]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == b"ready"
        for child in children:
            assert child.stdin is not None
            child.stdin.write(b"\n")
            child.stdin.flush()
        assert [child.communicate()[1] for child in children] == [b""] * 5


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE"])
def test_a_new_file_in_use_is_waited_for(path: Path, begin: str) -> None:
    with closing(connected(path, 0.0)) as stranger:
        stranger.execute("CREATE TABLE theirs (x)")
        stranger.execute(begin)
        stranger.execute("SELECT * FROM theirs").fetchall()
        with (
            closing(connected(path, 0.0)) as ours,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            write_ahead(ours, 0.1)
        release = threading.Timer(0.2, stranger.execute, ["COMMIT"])
        release.start()
        with Store(path) as store:
            assert store._rows("PRAGMA journal_mode") == [("wal",)]
            assert store._rows("PRAGMA busy_timeout") == [(3000,)]
        release.join()


def test_busy_is_said(path: Path, store: Store) -> None:
    number = store.begin(STARTED)
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        store._connection.execute("PRAGMA busy_timeout = 10")
        with refused("busy in another window"):
            store.append(number, note("now"))
    store.append(number, note("later"))
    assert store.events(number) == (STARTED, note("later"))


# Faults of the disk and the file


def test_a_full_disk_is_said_and_loses_nothing(store: Store) -> None:
    number = store.begin(STARTED)
    store.append(number, note("kept"))
    ((pages,),) = store._rows("PRAGMA page_count")
    store._rows(f"PRAGMA max_page_count = {pages}")  # SQLite then says what a full disk says
    with refused("the disk is full"):
        store.append(number, note("x" * 100_000))
    store._rows("PRAGMA max_page_count = 1000000")
    store.append(number, note("space again"))
    assert store.events(number) == (STARTED, note("kept"), note("space again"))


def test_a_read_only_file_is_said(store: Store) -> None:
    number = store.begin(STARTED)
    # Permissions do not bind an administrator; the connection's own refusal is the same fault.
    store._rows("PRAGMA query_only = ON")
    with refused("is read-only"):
        store.append(number, note("lost"))
    assert store.events(number) == (STARTED,)


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_said_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with refused("is damaged. Move that file"):
        Store(path)
    assert path.read_bytes() == content


def test_a_file_damaged_in_the_middle_is_said(path: Path) -> None:
    with Store(path) as store:
        number = store.begin(STARTED)
        for count in range(200):
            store.append(number, note("x" * 500, float(count)))
    content = bytearray(path.read_bytes())
    content[4096 * 6 :] = b"\xff" * (len(content) - 4096 * 6)
    path.write_bytes(content)
    with Store(path) as store, refused("is damaged"):
        store.events(number)


def test_a_damaged_lock_is_said(path: Path, store: Store) -> None:
    path.with_name(LOCK_FILE).write_bytes(b"no database at all " * 100)
    with refused("is damaged"):
        store.lock.taken()
    with refused("is damaged"):
        store.begin(STARTED)


def test_a_folder_that_is_not_there_or_no_file_is_said(tmp_path: Path) -> None:
    with refused("cannot be made"):
        Store(tmp_path / "nowhere" / HISTORY_FILE)
    (tmp_path / HISTORY_FILE).mkdir()
    with refused("cannot be opened"):
        Store(tmp_path / HISTORY_FILE)


# Schema

VERSION_1 = """
CREATE TABLE sittings (id INTEGER PRIMARY KEY AUTOINCREMENT, began TEXT NOT NULL,
    scenario TEXT NOT NULL, title TEXT NOT NULL, ended TEXT);
CREATE TABLE events (id INTEGER PRIMARY KEY,
    sitting_id INTEGER NOT NULL REFERENCES sittings (id) ON DELETE CASCADE,
    name TEXT NOT NULL, attempt INTEGER, at_s REAL NOT NULL, event TEXT NOT NULL);
CREATE INDEX events_by_sitting ON events (sitting_id, name, attempt, at_s);
CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_go_with_their_sitting BEFORE DELETE ON events
    WHEN EXISTS (SELECT 1 FROM sittings WHERE id = OLD.sitting_id)
    BEGIN SELECT RAISE(ABORT, 'events go only with their whole sitting'); END;
INSERT INTO sittings VALUES (4, '2026-01-02T20:15:00+01:00', 'late-home', 'Late home', NULL);
INSERT INTO events VALUES (1, 4, 'Noted', NULL, 1.0, '{"event":"Noted","at_s":1.0,"text":"old"}');
PRAGMA user_version = 1;
"""
"""The first published form, written out so that it stays readable whatever comes after."""

NEXT = (*MIGRATIONS, ("ALTER TABLE sittings ADD COLUMN mood TEXT", "UPDATE sittings SET mood = 5"))


@pytest.fixture
def version_1(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
    return path


def test_a_history_of_version_1_is_read(version_1: Path) -> None:
    with Store(version_1) as store:
        assert store.events(4) == (note("old"),)
        assert store.begin(STARTED) == 5


def test_a_fresh_history_has_the_same_form_as_version_1(version_1: Path, tmp_path: Path) -> None:
    if len(MIGRATIONS) > 1:
        pytest.skip("there is a later form now")
    query = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY name"
    with Store(version_1) as old, Store(tmp_path / "fresh.sqlite3") as fresh:
        assert old._rows(query) == fresh._rows(query)


def test_an_older_history_is_brought_up_to_date_once(version_1: Path) -> None:
    for _ in range(2):
        with Store(version_1, NEXT) as store:
            assert store._version() == len(NEXT)
            assert store.events(4) == (note("old"),)
            assert store._rows("SELECT mood FROM sittings") == [("5",)]


def test_a_migration_that_fails_changes_nothing(version_1: Path) -> None:
    broken = (*NEXT[:-1], (*NEXT[-1], "CREATE TABLE events (id)"))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Store(version_1, broken)
    with closing(sqlite3.connect(version_1)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with Store(version_1) as store:
        assert store._version() == len(MIGRATIONS)
        assert store.events(4) == (note("old"),)


def test_a_newer_history_is_left_alone(version_1: Path) -> None:
    Store(version_1, NEXT).close()
    before = version_1.read_bytes()
    with refused("of a newer Voice Coach"):
        Store(version_1)
    assert version_1.read_bytes() == before
