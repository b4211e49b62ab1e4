"""The list of sittings, one sitting as a report, and erasing so that nothing is left."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from voice_coach.conversation import Measured, Span, Unmeasured, Word
from voice_coach.errors import UserError
from voice_coach.practice.codec import event_from_json
from voice_coach.practice.events import (
    Branched,
    Chosen,
    Event,
    FeedbackSpoken,
    FeedbackStarted,
    LineSpoken,
    LineStarted,
    Noted,
    Overlapped,
    PartialTranscript,
    ReplyStarted,
    Scored,
    SettingSpoken,
    SittingEnded,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.exports import to_html, to_json, to_markdown
from voice_coach.practice.history import (
    KeptSitting,
    attempts_of,
    erase,
    erase_all,
    list_sittings,
    replay,
    sitting,
)
from voice_coach.practice.store import HISTORY_FILE, LOCK_FILE, Store
from voice_coach.scoring.scorecard import Observation, Score

UNUSUAL = "quokkaglimmer"
"""A word that is in no file but for the reply that held it."""


def span(start_s: float, end_s: float) -> Span:
    return Span(start_s=start_s, end_s=end_s)


def words(text: str, start_s: float) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, span=span(start_s + count, start_s + count + 0.5), probability=0.9)
        for count, word in enumerate(text.split())
    )


def attempt(number: int, reply: str, *, at_s: float, changes: tuple[str, ...] = ()) -> list[Event]:
    """The events of one attempt whose reply has five words, as the engine tells them."""
    line = "You're late. Again, and *nobody* called."
    spoken = span(at_s + 4.5, at_s + 9.0)
    turn = TurnEnded(
        at_s=at_s + 11.0,
        attempt=number,
        text=reply,
        words=words(reply, at_s + 4.5),
        span=spoken,
        activity=(spoken,),
        ended_by="silence",
    )
    quote = reply.split(maxsplit=1)[0]
    scored = Scored(
        at_s=at_s + 11.0,
        attempt=number,
        line_id="late",
        listening=Score(
            score=60 + number,
            observations=(
                Observation(text="You named it", quote=quote, span=span(at_s + 4.5, at_s + 5.0)),
            ),
        ),
        pacing=Score(score=None, reason="under 8 words"),
        interruptions=Score(score=100),
        primary="reflection",
        level="empathy",
        facets={"validating": 0.5},
        moves=(),
        measures={
            "latency_s": Measured(value=0.5, unit="s"),
            "words_per_min": Unmeasured(reason="under 8 words", unit="words/min"),
            "hum_share": Measured(value=0.125, unit=""),
        },
        pauses=(),
        model="listening@1",
        changes=changes,
    )
    told = ("You heard the hurt.", "Ask what she needs.", "You waited for me.")
    keep, change, say_instead = told
    return [
        LineStarted(at_s=at_s, attempt=number, line_id="late", text=line),
        LineSpoken(
            at_s=at_s + 4.0,
            attempt=number,
            line_id="late",
            partner="Sam",
            text=line,
            span=span(at_s, at_s + 4.0),
        ),
        ReplyStarted(at_s=at_s + 4.6, attempt=number, start_s=at_s + 4.5),
        PartialTranscript(at_s=at_s + 6.0, attempt=number, text=quote),
        turn,
        Overlapped(
            at_s=at_s + 11.0,
            attempt=number,
            by="you",
            over="Sam",
            span=span(at_s + 3.8, at_s + 4.0),
            kind="terminal",
            confidence=0.8,
        ),
        scored,
        FeedbackStarted(
            at_s=at_s + 11.2, attempt=number, keep=keep, change=change, say_instead=say_instead
        ),
        FeedbackSpoken(
            at_s=at_s + 20.0,
            attempt=number,
            keep=keep,
            change=change,
            say_instead=say_instead,
            span=span(at_s + 11.2, at_s + 20.0),
        ),
    ]


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
EVENTS: tuple[Event, ...] = (
    STARTED,
    Noted(at_s=0.0, text="Bluetooth: no latency."),
    SettingSpoken(at_s=3.0, text=STARTED.setting, span=span(0.5, 3.0)),
    *attempt(1, f"{UNUSUAL} you were so hurt.", at_s=10.0),
    Chosen(at_s=31.0, choice="again"),
    *attempt(2, "Waiting alone must have hurt.", at_s=40.0, changes=("Listening 61 → 62",)),
    Chosen(at_s=61.0, choice="next"),
    Branched(at_s=61.0, outcome="softens", from_line="late", to_line=None),
    SittingEnded(at_s=62.0, reason="finished", attempts=2, summary=("Two replies.",)),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / HISTORY_FILE) as opened:
        yield opened


def keep(store: Store, events: tuple[Event, ...] = EVENTS) -> int:
    started, *rest = events
    assert isinstance(started, SittingStarted)
    number = store.begin(started)
    for event in rest:
        store.append(number, event)
    return number


def test_a_sitting_is_kept_whole(store: Store) -> None:
    number = keep(store)
    kept = sitting(store, number)
    assert kept == KeptSitting(number=number, ended="finished", events=EVENTS)
    assert kept.started == STARTED
    assert kept.summary == ("Two replies.",)
    (header,) = list_sittings(store)
    assert (header.ended, header.attempts, header.duration_s) == ("finished", 2, 62.0)


def test_attempts_gather_what_belongs_together() -> None:
    first, second = attempts_of(EVENTS)
    assert (first.number, first.line_id, first.line_span) == (1, "late", span(10.0, 14.0))
    assert first.turn is not None
    assert UNUSUAL in first.turn.text
    assert len(first.overlaps) == 1
    assert isinstance(first.feedback, FeedbackSpoken)
    assert second.scored is not None
    assert second.scored.changes == ("Listening 61 → 62",)


def test_an_extended_reply_counts_in_its_last_form() -> None:
    longer = attempt(1, "I hear you, it hurt.", at_s=10.0)[4:6]
    first, _ = attempts_of((*EVENTS[:9], *longer, *EVENTS[9:]))
    assert first.turn == longer[0]
    assert first.overlaps == (longer[1],)


@pytest.mark.parametrize("reached", range(1, len(EVENTS)))
def test_a_sitting_broken_off_anywhere_is_shown(tmp_path: Path, reached: int) -> None:
    with Store(tmp_path / HISTORY_FILE) as crashed:
        number = keep(crashed, EVENTS[:reached])
    with Store(tmp_path / HISTORY_FILE) as store:
        kept = sitting(store, number)
    assert kept.ended == "interrupted"
    assert kept.events == EVENTS[:reached]
    assert "How it ended: interrupted." in to_markdown(kept)
    told = json.loads(to_json(kept), parse_constant=pytest.fail)
    assert tuple(event_from_json(event) for event in told["events"]) == kept.events
    *before, end = replay(kept.events)
    assert tuple(before) == kept.events
    replied = sum(isinstance(event, TurnEnded) for event in before)
    assert end == SittingEnded(at_s=before[-1].at_s, reason="interrupted", attempts=replied)


def test_a_finished_sitting_is_replayed_as_it_was() -> None:
    assert tuple(replay(EVENTS)) == EVENTS
    assert tuple(replay(())) == ()


def test_an_unknown_sitting_is_said(store: Store) -> None:
    assert list_sittings(store) == ()
    with pytest.raises(UserError, match="no sitting 3 in your history"):
        sitting(store, 3)
    with pytest.raises(UserError, match="no sitting 3 in your history"):
        erase(store, 3)


def test_a_sitting_without_a_beginning_is_said() -> None:
    with pytest.raises(UserError, match="lost its beginning"):
        to_json(KeptSitting(number=1, ended="finished", events=EVENTS[1:]))


# Exports


def test_json_holds_the_header_and_every_event(store: Store) -> None:
    told = json.loads(to_json(sitting(store, keep(store))))
    events = told.pop("events")
    assert told == {
        "sitting": 1,
        "began": "2026-01-02T20:15:00+01:00",
        "scenario": "late-home",
        "title": "Late home",
        "partner": "Sam",
        "ended": "finished",
    }
    assert tuple(event_from_json(event) for event in events) == EVENTS


def test_the_report_reads_well() -> None:
    told = to_markdown(KeptSitting(number=1, ended="finished", events=EVENTS)).splitlines()
    start = told.index("## Attempt 2")
    assert told[:9] == [
        "# Late home",
        "",
        "Sitting 1 with Sam, begun 2 January 2026, 20:15. How it ended: finished.",
        "",
        "## The setting",
        "",
        "Sam has waited with dinner.",
        "",
        "## Attempt 1",
    ]
    assert told[start:] == [
        "## Attempt 2",
        "",
        "**Sam** (0:40.0 to 0:44.0): “You're late. Again, and \\*nobody\\* called.”",
        "",
        "**You** (0:44.5 to 0:49.0): “Waiting alone must have hurt.”",
        "",
        "```text",
        "Sam   " + "█" * 33,
        "You   " + " " * 31 + "tt    " + "█" * 37,
        "time  |0:40           |0:42            |0:44           |0:46            |0:48",
        "      █ voice  t start at the very end",
        "```",
        "",
        "- you spoke while Sam was speaking (0:43.8 to 0:44.0): terminal, 80% sure",
        "",
        "### How it was heard",
        "",
        "- **Listening: 62 of 100**",
        "  - You named it: “Waiting” (0:44.5 to 0:45.0)",
        "- **Pacing: not scored** (under 8 words)",
        "- **Interruptions: 100 of 100**",
        "",
        "### In figures",
        "",
        "- Time before you answered: 0.5 s (no fault, short or long)",
        "- Pace: not measured (under 8 words)",
        "- hum share: 0.125",
        "",
        "### Against the attempt before",
        "",
        "- Listening 61 → 62",
        "",
        "### What you were told",
        "",
        "- **Keep:** You heard the hurt.",
        "- **Change:** Ask what she needs.",
        "- **Say instead:** You waited for me.",
        "",
        "## Good to know",
        "",
        "- Bluetooth: no latency.",
        "",
        "## At the end",
        "",
        "- Two replies.",
    ]


def test_the_report_says_when_nothing_was_heard() -> None:
    silent = TurnEnded(
        at_s=70.0, attempt=1, text="", words=(), span=None, activity=(), ended_by="nothing said"
    )
    line = EVENTS[3]
    unheard = to_markdown(KeptSitting(number=1, ended="finished", events=(STARTED, line, silent)))
    assert "**You**: no words were recognised." in unheard
    unreached = to_markdown(KeptSitting(number=1, ended="interrupted", events=(STARTED, line)))
    assert "**You**: no reply was recorded." in unreached


class Page(HTMLParser):
    """What a browser would find: every tag with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_holds_the_report_and_a_drawing_of_each_attempt() -> None:
    page = to_html(KeptSitting(number=1, ended="finished", events=EVENTS))
    assert page.startswith("<!doctype html>")
    for said in ("<title>Late home</title>", "You named it: “Waiting”", "<h2>Attempt 2</h2>"):
        assert said in page
    found = Page(page).found
    assert sum(tag == "svg" for tag, _ in found) == 2
    ids = [given["id"] for _, given in found if "id" in given]
    assert len(ids) == len(set(ids))


def test_the_page_runs_and_fetches_nothing() -> None:
    evil = (
        '<script>alert(1)</script><img src="https://a.example/x.png"> ```  ![a](https://a.example)'
    )
    started = replace(STARTED, title=evil, setting=evil, partner=evil)
    turn = EVENTS[7]
    assert isinstance(turn, TurnEnded)
    events = (started, *EVENTS[3:7], replace(turn, text=evil), *EVENTS[8:])
    page = to_html(KeptSitting(number=1, ended="finished", events=events))
    found = Page(page).found
    assert {"script", "img", "a", "iframe", "link"}.isdisjoint(tag for tag, _ in found)
    assert not [given for _, given in found if {"href", "src"} & set(given)]
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page


# Erasing


def traces(home: Path, word: str) -> list[Path]:
    """Files under the home whose bytes hold the word, in any of the usual encodings."""
    forms = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        file
        for file in home.rglob("*")
        if file.is_file() and any(form in file.read_bytes() for form in forms)
    ]


def sound(home: Path, number: int) -> None:
    for folder in ("recordings", "voices/feedback"):
        lies = home / folder / str(number) / "deep"
        lies.mkdir(parents=True)
        (lies / "reply.wav").write_bytes(b"RIFF" + UNUSUAL.encode())
    (home / "voices" / "line.wav").write_bytes(b"RIFF the partner's line")


def test_erased_is_gone_from_every_byte(tmp_path: Path) -> None:
    gone = EVENTS
    kept = (STARTED, *attempt(1, "Plumjasper I heard you say.", at_s=1.0), EVENTS[-1])
    with Store(tmp_path / HISTORY_FILE) as store:
        first, second, third = keep(store, gone), keep(store, kept), keep(store, gone)
        sound(tmp_path, first)
        sound(tmp_path, third)
        assert traces(tmp_path, UNUSUAL)
        erase(store, first)
        erase(store, third)
        assert [header.number for header in list_sittings(store)] == [second]
        assert sitting(store, second).events == kept
        assert keep(store, kept) == third + 1  # a number is never used again
        left = {file.name: file for file in traces(tmp_path, UNUSUAL)}
        assert left == {}
    assert traces(tmp_path, UNUSUAL) == []
    assert traces(tmp_path, "Plumjasper") == [tmp_path / HISTORY_FILE]
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == [
        HISTORY_FILE,
        "line.wav",
        LOCK_FILE,
    ]


def test_erased_after_a_crash_and_a_reopening(tmp_path: Path) -> None:
    with Store(tmp_path / HISTORY_FILE) as store:
        number = keep(store, EVENTS[:-1])
    with Store(tmp_path / HISTORY_FILE) as store:
        erase(store, number)
    assert traces(tmp_path, UNUSUAL) == []


def test_all_is_erased_and_the_numbers_go_on(tmp_path: Path) -> None:
    with Store(tmp_path / HISTORY_FILE) as store:
        number = [keep(store) for _ in range(3)][-1]
        for each in (1, 2, 9):  # 9: sound of a sitting that has no row any more
            sound(tmp_path, each)
        (tmp_path / "config.json").write_text("{}")
        erase_all(store)
        erase_all(store)
        assert list_sittings(store) == ()
        assert traces(tmp_path, UNUSUAL) == []
        assert keep(store) == number + 1
    assert (tmp_path / "config.json").exists()
    assert (tmp_path / "voices" / "line.wav").exists()


def test_nothing_is_erased_while_a_sitting_runs(tmp_path: Path) -> None:
    path = tmp_path / HISTORY_FILE
    script = (
        "import sys; from pathlib import Path; from voice_coach.practice.store import Store\n"
        "store = Store(Path(sys.argv[1])); store.claim()\n"
        "print('running', flush=True); sys.stdin.read()"
    )
    with Store(path) as store:
        number = keep(store)
        sound(tmp_path, number)
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline().strip() == b"running"
            for wipe in (lambda: erase(store, number), lambda: erase_all(store)):
                with pytest.raises(UserError, match="Another sitting is running"):
                    wipe()
            other.kill()
        assert sitting(store, number).events == EVENTS
        assert (tmp_path / "recordings" / str(number)).exists()
        running = keep(store, EVENTS[:-1])
        with pytest.raises(UserError, match="A sitting is running"):
            erase(store, number)
        store.append(running, EVENTS[-1])
        erase(store, number)


def test_a_reader_in_another_window_is_named(tmp_path: Path) -> None:
    path = tmp_path / HISTORY_FILE
    with Store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        number = keep(store)
        sound(tmp_path, number)
        store._rows("PRAGMA busy_timeout = 10")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(UserError, match="Nothing was erased: another window"):
            erase(store, number)
        assert sitting(store, number).events == EVENTS
        assert (tmp_path / "recordings" / str(number)).exists()
        reader.execute("COMMIT")
        erase(store, number)
        assert traces(tmp_path, UNUSUAL) == []


def test_sound_that_cannot_be_deleted_is_said(tmp_path: Path) -> None:
    with Store(tmp_path / HISTORY_FILE) as store:
        number = keep(store)
        (tmp_path / "recordings").mkdir()
        (tmp_path / "recordings" / str(number)).write_text("a file where a folder should be")
        with pytest.raises(UserError, match="could not be deleted"):
            erase(store, number)
        assert sitting(store, number).events == EVENTS
