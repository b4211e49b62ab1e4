"""voice-coach couple as two people would use it: from recordings, and on a software microphone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import soundfile
from soundserver import SoftwareMicrophone

from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.practice.couple.journal import FILE

pytestmark = pytest.mark.model

SAID = {
    "maya-yes": "Yes.",
    "leo-yes": "Yes, sure.",
    "leo-rather-not": "No, I'd rather not.",
    "maya-piece": "When you came home at nine I had been waiting since seven, and I felt so alone.",
    "leo-fixes": "You should just start eating without me next time.",
    "leo-reflects": "You waited two hours with the dinner, and you felt alone.",
    "maya-eight": "I'd say an eight.",
    "maya-no": "No, that's all.",
    "leo-piece": "When my boss keeps me late I feel torn, because I want to be home.",
    "maya-reflects": "You feel torn between me and your work.",
    "leo-seven": "Seven.",
    "leo-no": "No.",
    "maya-takes": "That he was torn too.",
    "leo-takes": "To call when I am late.",
    "maya-stops": "I can't. Time out, please.",
    "maya-despairs": "I do not want to live any more.",
}
BEGUN = ("maya-yes", "leo-yes")
WHOLE = (
    *BEGUN, "maya-piece", "leo-fixes", "leo-reflects", "maya-eight", "maya-no", "leo-piece",
    "maya-reflects", "leo-seven", "leo-no", "maya-takes", "leo-takes",
)  # fmt: skip
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each of the lines above as a recording of its own voice."""
    folder = tmp_path_factory.mktemp("couple")
    speakers = {"maya": HeartVoice(), "leo": JoeVoice()}
    found = {}
    for name, text in SAID.items():
        sound = speakers[name.split("-")[0]].render(text).at_rate(16_000)
        found[name] = folder / f"{name}.wav"
        soundfile.write(found[name], sound.samples, sound.rate_hz)
    return found


def told(events: Path) -> list[dict[str, Any]]:
    if not events.exists():
        return []
    return [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]


def of(events: Path, kind: str) -> list[dict[str, Any]]:
    return [event for event in told(events) if event["event"] == kind]


@pytest.fixture
def together(run: Run, voices: dict[str, Path], tmp_path: Path) -> Run:
    """One rehearsal from recordings, as fast as it can be computed."""

    def rehearsed(*said: str, words: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return run(
            "couple", "--names", "Maya,Leo", "--fast", "--events", tmp_path / "events.jsonl",
            *words, "--replies", *(voices[each] for each in said),
        )  # fmt: skip

    return rehearsed


def kept_in(home: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "history.sqlite3") as connection:
        return connection.execute(
            "SELECT one, two, ended, numbers, words FROM rehearsals"
        ).fetchall()


def test_speaker_and_listener_from_hello_to_what_each_takes_along(
    together: Run, home: Path, tmp_path: Path
) -> None:
    done = together(*WHOLE, *BEGUN)
    assert done.returncode == 0, done.stderr
    events = tmp_path / "events.jsonl"
    turns = [(turn["who"], turn["text"] != "") for turn in of(events, "TurnHeard")]
    assert [who for who, _ in turns] == ["Maya", "Leo", "Leo", "Leo", "Maya", "Maya", "Leo"]
    assert all(heard for _, heard in turns)
    assert [event["to"] for event in of(events, "FloorPassed")] == ["Maya", "Leo"]
    assert [(event["who"], event["kind"]) for event in of(events, "HabitNamed")] == [
        ("Leo", "solving")
    ]
    answers = [(event["who"], event["answer"]) for event in of(events, "AnswerHeard")]
    assert answers[2:6] == [("Maya", "8"), ("Maya", "no"), ("Leo", "7"), ("Leo", "no")]
    assert of(events, "RehearsalEnded")[0]["reason"] == "finished"
    ((one, two, ended, numbers, words),) = kept_in(home)
    assert (one, two, ended) == ("Maya", "Leo", "finished")
    assert [answer["rating"] for answer in json.loads(numbers)["answers"]] == [8, 7]
    assert "torn" in words
    assert "torn" not in numbers
    assert not (home / FILE).exists()


def test_words_are_kept_only_where_both_want_it(together: Run, home: Path) -> None:
    done = together(*WHOLE, "maya-yes", "leo-rather-not")
    assert done.returncode == 0, done.stderr
    ((_, _, _, numbers, words),) = kept_in(home)
    assert json.loads(words) == []
    assert json.loads(numbers)["answers"]


def test_without_a_yes_from_both_it_does_not_begin(
    together: Run, home: Path, tmp_path: Path
) -> None:
    done = together("maya-yes", "leo-rather-not", "maya-piece")
    assert done.returncode == 0, done.stderr
    assert not of(tmp_path / "events.jsonl", "TurnHeard")
    assert kept_in(home) == []


def test_the_stop_word_ends_it_at_once(together: Run, home: Path, tmp_path: Path) -> None:
    done = together(*BEGUN, "maya-stops", "leo-reflects")
    assert done.returncode == 0, done.stderr
    events = tmp_path / "events.jsonl"
    assert of(events, "RehearsalEnded")[0]["reason"] == "stopped"
    assert not of(events, "TurnHeard")
    assert kept_in(home) == []
    assert not (home / FILE).exists()


def test_words_beyond_an_exercise_end_it_and_say_where_help_is(
    together: Run, home: Path, tmp_path: Path
) -> None:
    done = together(*BEGUN, "maya-despairs", "leo-reflects")
    assert done.returncode == 0, done.stderr
    events = tmp_path / "events.jsonl"
    assert of(events, "RehearsalEnded")[0]["reason"] == "unsafe"
    assert "On the screen are people who listen" in of(events, "TellStarted")[-1]["text"]
    assert "findahelpline.com" in done.stdout
    assert kept_in(home) == []
    assert not (home / FILE).exists()


def test_silence_leaves_it_kindly(together: Run, tmp_path: Path) -> None:
    done = together(*BEGUN)
    assert done.returncode == 0, done.stderr
    assert of(tmp_path / "events.jsonl", "RehearsalEnded")[0]["reason"] == "silence"


def test_what_is_kept_is_shown_the_next_time_and_erased_by_either(
    together: Run, run: Run, home: Path
) -> None:
    together(*WHOLE, *BEGUN)
    again = together(*BEGUN)
    assert "Last time, takeaway (Maya): " in " ".join(again.stdout.split())
    listed = run("couple", "--history")
    assert "Maya and Leo" in listed.stdout
    (home / FILE).write_text(
        '{"exercise": "mirror", "one": "Ann", "two": "Leo", "topic": "", "scenario": "",'
        ' "began": ""}\n{"said": "Ann", "text": "torn"}\n'
    )
    gone = run("couple", "--erase", "leo")
    assert gone.returncode == 0, gone.stderr
    assert kept_in(home) == []
    assert b"torn" not in (home / "history.sqlite3").read_bytes()
    assert not (home / FILE).exists()


def test_all_is_erased_with_what_was_broken_off(run: Run, home: Path) -> None:
    (home / FILE).write_text('{"said": "Ann", "text": "torn"}\n')
    run("erase", "--all", "--yes")
    assert not (home / FILE).exists()


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("couple", "waltz", "--names", "Maya,Leo"), "speaker-listener"),
        (("couple", "--names", "Maya"), "--names Maya,Leo"),
        (("couple", "--names", "Maya,maya"), "--names Maya,Leo"),
        (("couple",), "--names Maya,Leo"),
        (("couple", "--resume"), "voice-coach couple"),
        (("couple", "--names", "Maya,Leo", "--scenario", "late"), "replay"),
        (("couple", "--names", "Maya,Leo", "--stop-word", "…"), "--stop-word"),
    ],
)
def test_bad_wishes_get_one_line_with_the_mend(run: Run, words: tuple[str, ...], mend: str) -> None:
    refused = run(*words)
    assert refused.returncode == 2
    assert mend in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


class Rehearsing:
    """voice-coach couple, running on the software microphone."""

    def __init__(
        self, microphone: SoftwareMicrophone, home: Path, events: Path, *words: str
    ) -> None:
        self.events = events
        self.microphone = microphone
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "couple", "--events", events, *words],
            env={**microphone.env, "VOICE_COACH_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self, question: int, sound: Path, timeout_s: float = 60.0) -> None:
        """Speak once so many things were asked and the last of them was said."""
        give_up_s = time.monotonic() + timeout_s
        while len(of(self.events, "ListenStarted")) < question:
            if self.process.poll() is not None or time.monotonic() > give_up_s:
                raise AssertionError(f"not asked: {told(self.events)[-2:]} {self.process.poll()}")
            time.sleep(0.02)
        time.sleep(0.4)
        assert self.microphone.speak(sound).wait(timeout=30) == 0


@contextmanager
def rehearsing(
    microphone: SoftwareMicrophone, home: Path, events: Path, *words: str
) -> Iterator[Rehearsing]:
    running = Rehearsing(microphone, home, events, *words)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.communicate()


@pytest.mark.sound
def test_on_a_microphone_killed_and_gone_on_with(
    software_microphone: SoftwareMicrophone, home: Path, voices: dict[str, Path], tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    with rehearsing(software_microphone, home, first, "--names", "Maya,Leo") as running:
        for n, each in enumerate((*BEGUN, "maya-piece", "leo-reflects"), start=1):
            running.answer(n, voices[each])
        while len(of(first, "TurnHeard")) < 2:
            time.sleep(0.05)
        while len(of(first, "ListenStarted")) < 5:
            time.sleep(0.05)
        os.kill(running.process.pid, signal.SIGKILL)
    assert (home / FILE).exists()
    assert "two hours" in (home / FILE).read_text(encoding="utf-8")
    with rehearsing(software_microphone, home, second, "--resume") as running:
        running.answer(1, voices["maya-eight"])
        running.answer(2, voices["maya-no"])
        running.answer(3, voices["maya-stops"])
        assert running.process.wait(timeout=30) == 0
    assert [event["answer"] for event in of(second, "AnswerHeard")] == ["8", "no"]
    assert of(second, "RehearsalStarted")[0]["resumed"] > 5
    assert of(second, "RehearsalEnded")[0]["reason"] == "stopped"
    assert not (home / FILE).exists()
