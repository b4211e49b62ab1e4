"""The baseline as it is kept: read from a file, compared with, refined, forgotten."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice_coach.conversation import Measured
from voice_coach.practice.baseline import (
    MOST_TURNS_READ,
    baseline_for,
    forget_baseline,
    why_no_baseline,
)
from voice_coach.practice.events import RECORDED, Scored, SittingEnded, SittingStarted
from voice_coach.practice.history import erase, erase_all
from voice_coach.practice.reading import PASSAGE, in_words
from voice_coach.practice.store import HISTORY_FILE, Store
from voice_coach.scoring.compared import NO_BASELINE, ToneCompared, ToneKind
from voice_coach.scoring.scorecard import Level, Score

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
Run = Callable[..., subprocess.CompletedProcess[str]]

READING = {"pitch_median_hz": 120.0, "level_db": -30.0}
STARTED = SittingStarted(
    at_s=0.0,
    began="2026-01-02T20:15:00+01:00",
    scenario="late-home",
    title="Late home",
    setting="",
    partner="Maya",
    input_device="desk",
    output_device="",
    model="base",
    voice="neural",
    microphone="desk",
)


def scored(pitch_hz: float, tone: ToneKind | None, level: Level = "empathy") -> Scored:
    unscored = Score(score=None, reason="not looked at")
    rise = Measured(value=0.0, unit="semitones")
    return Scored(
        at_s=1.0,
        attempt=1,
        line_id="one",
        listening=unscored,
        pacing=unscored,
        interruptions=unscored,
        primary="other",
        level=level,
        facets={},
        moves=(),
        measures={
            "pitch_median_hz": Measured(value=pitch_hz, unit="Hz"),
            "level_db": Measured(value=-28.0, unit="dB"),
        },
        pauses=(),
        model="none",
        tone=ToneCompared(tone=tone, reason="-", pitch_rise_semitones=rise, level_rise_db=rise),
    )


def sit(store: Store, *replies: Scored, microphone: str = "desk") -> int:
    number = store.begin(replace(STARTED, microphone=microphone))
    for reply in replies:
        store.append(number, reply)
    store.append(number, SittingEnded(at_s=2.0, reason="finished", attempts=len(replies)))
    return number


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store(tmp_path / HISTORY_FILE) as opened:
        yield opened


def pitch_hz(store: Store, microphone: str = "desk") -> float:
    baseline = baseline_for(store, microphone)
    assert baseline is not None
    return baseline.usual["pitch_median_hz"]


def test_the_passage_is_of_about_120_words() -> None:
    assert 110 <= len(PASSAGE.split()) <= 130


def test_calm_turns_refine_it_and_others_do_not(store: Store) -> None:
    sit(store, scored(300.0, "calm"))  # before there was a reading
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    assert pitch_hz(store) == pytest.approx(120.0)
    sit(store, scored(200.0, "raised"), scored(200.0, None), scored(200.0, "calm", "attack"))
    assert pitch_hz(store) == pytest.approx(120.0)
    sit(store, scored(125.0, "calm"))
    assert 120.0 < pitch_hz(store) < 121.0


def test_an_erased_sitting_is_out_of_the_baseline(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    number = sit(store, scored(125.0, "calm"))
    erase(store, number)
    assert pitch_hz(store) == pytest.approx(120.0)


def test_the_level_belongs_to_its_microphone(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    sit(store, scored(120.0, "calm"), microphone="headset")
    desk, headset = baseline_for(store, "desk"), baseline_for(store, "headset")
    assert desk is not None
    assert headset is not None
    assert desk.usual["level_db"] == pytest.approx(-30.0)
    assert "level_db" not in headset.usual


def test_voices_that_are_not_the_persons_have_no_baseline(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    assert baseline_for(store, "") is None


def test_recordings_do_not_move_what_is_usual_at_a_microphone(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    sit(store, *[scored(150.0, "calm")] * 20, microphone=RECORDED)  # whose voice is not known
    assert pitch_hz(store) == pytest.approx(120.0)
    assert baseline_for(store, RECORDED) is None


def test_many_recordings_do_not_hide_the_turns_at_a_microphone(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    sit(store, scored(125.0, "calm"))
    sit(store, *[scored(125.0, "calm")] * MOST_TURNS_READ, microphone=RECORDED)
    assert pitch_hz(store) > 120.0


def test_recordings_have_a_usual_of_their_own(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    store.add_reading("2026-01-02T20:01:00+01:00", RECORDED, {"pitch_median_hz": 200.0})
    assert pitch_hz(store, RECORDED) == pytest.approx(200.0)
    sit(store, scored(125.0, "calm"))
    assert pitch_hz(store, RECORDED) == pytest.approx(200.0)
    sit(store, scored(205.0, "calm"), microphone=RECORDED)
    assert 200.0 < pitch_hz(store, RECORDED) < 201.0


def test_a_recorded_reading_serves_at_the_microphone_too(store: Store) -> None:
    store.add_reading("2026-01-02T20:01:00+01:00", RECORDED, READING)
    baseline = baseline_for(store, "desk")
    assert baseline is not None
    assert baseline.usual == {"pitch_median_hz": pytest.approx(120.0)}


def test_why_there_is_nothing_to_compare_with(store: Store) -> None:
    assert why_no_baseline(store, RECORDED) == why_no_baseline(store, "desk") == NO_BASELINE
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    assert why_no_baseline(store, RECORDED) == (
        "not compared: your baseline is not of recordings (voice-coach baseline --reply FILE)"
    )


def test_it_says_what_it_is_for(store: Store) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "desk", READING)
    store.add_reading("2026-01-02T20:01:00+01:00", RECORDED, READING)
    desk, files = baseline_for(store, "desk"), baseline_for(store, RECORDED)
    assert desk is not None
    assert files is not None
    assert in_words(desk).startswith("Your usual: 120 Hz, -30 dB with desk.")
    assert in_words(files).startswith("Your usual in recordings: 120 Hz, -30 dB. Learnt from 1 ")


@pytest.mark.parametrize("wipe", [forget_baseline, erase_all])
def test_it_is_forgotten_in_every_byte(
    store: Store, tmp_path: Path, wipe: Callable[[Store], object]
) -> None:
    store.add_reading("2026-01-02T20:00:00+01:00", "quokkaglimmer", READING)
    wipe(store)
    assert baseline_for(store, "quokkaglimmer") is None
    assert forget_baseline(store) is False
    kept = [path for path in tmp_path.iterdir() if path.is_file()]
    assert kept
    assert all(b"quokkaglimmer" not in path.read_bytes() for path in kept)


def changed(case: str, to: Path, *, quicker: float = 1.0, gain_db: float = 0.0) -> Path:
    """A recorded reply played quicker, and so higher, and louder."""
    samples, rate_hz = soundfile.read(FIXTURES / case / "reply.wav", dtype="float32")
    louder = np.clip(samples * 10 ** (gain_db / 20), -1, 1)
    soundfile.write(to, louder, round(rate_hz * quicker))
    return to


def first_scored(run: Run, tmp_path: Path, reply: Path) -> dict[str, Any]:
    out = tmp_path / "events.jsonl"
    done = run("practice", "--replies", reply, "--fast", "--no-setting", "--events", out)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return next(event for event in events if event["event"] == "Scored")


@pytest.mark.model
def test_a_reading_from_a_file_and_replies_against_it(run: Run, tmp_path: Path) -> None:
    own = changed("reflects", tmp_path / "own.wav", gain_db=-10)
    before = first_scored(run, tmp_path, own)
    assert before["tone"]["tone"] is None
    assert before["tone"]["reason"] == "not compared: no baseline yet (voice-coach baseline)"
    done = run("baseline", "--reply", own, "--json")
    assert done.returncode == 0, done.stderr
    kept = json.loads(done.stdout)["baseline"]
    assert kept["device"] == RECORDED
    assert set(kept["usual"]) == {
        "pitch_median_hz",
        "pitch_range_semitones",
        "articulation_rate_syllables_per_s",
        "pause_share",
        "level_db",
    }
    assert json.loads(run("baseline", "--show", "--json").stdout)["baseline"] == kept
    calm = first_scored(run, tmp_path, own)
    assert calm["tone"]["tone"] == "calm"
    assert calm["own_pace"]["pace"] == "as usual"
    assert abs(calm["tone"]["level_rise_db"]["value"]) < 1
    raised = changed("reflects", tmp_path / "raised.wav", quicker=1.2, gain_db=-1)
    loud = first_scored(run, tmp_path, raised)
    assert loud["tone"]["tone"] == "raised"
    assert "above your usual" in loud["tone"]["reason"]
    assert "9 dB louder" in loud["tone"]["reason"]
    assert run("baseline", "--forget").stdout == "Your baseline is forgotten.\n"
    assert json.loads(run("baseline", "--show", "--json").stdout)["baseline"] is None


@pytest.mark.model
def test_too_little_to_learn_from_is_refused(run: Run) -> None:
    done = run("baseline", "--reply", FIXTURES / "silent" / "reply.wav")
    assert done.returncode == 2
    assert "Nothing could be learnt from this reading" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
