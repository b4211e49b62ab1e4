from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Measured, Unmeasured
from voice_coach.scoring.baseline import CalmSpeech, baseline_of, learnable
from voice_coach.scoring.track import semitones


def speech(
    pitch_hz: float = 120.0, level_db: float = -30.0, *, device: str = "desk", reading: bool = False
) -> CalmSpeech:
    return CalmSpeech(
        measures={"pitch_median_hz": pitch_hz, "level_db": level_db},
        device=device,
        is_reading=reading,
    )


def test_a_reading_is_the_baseline() -> None:
    baseline = baseline_of([speech(reading=True)], "desk")
    assert baseline is not None
    assert baseline.usual == pytest.approx({"pitch_median_hz": 120.0, "level_db": -30.0})
    assert (baseline.readings, baseline.turns) == (1, 0)


def test_turns_alone_are_no_baseline() -> None:
    assert baseline_of([], "desk") is None
    assert baseline_of([speech(), speech()], "desk") is None
    after = baseline_of([speech(200.0), speech(reading=True)], "desk")
    assert after is not None
    assert after.usual["pitch_median_hz"] == pytest.approx(120.0)
    assert after.turns == 0


def test_the_level_is_of_one_device() -> None:
    heard = [speech(reading=True), speech(level_db=-10.0, device="headset")]
    at_the_desk, at_the_headset = (baseline_of(heard, name) for name in ("desk", "headset"))
    assert at_the_desk is not None
    assert at_the_headset is not None
    assert at_the_desk.usual["level_db"] == pytest.approx(-30.0)
    assert "level_db" not in at_the_headset.usual
    assert at_the_headset.usual["pitch_median_hz"] == pytest.approx(120.0)


def test_turns_draw_it_slowly_and_a_far_one_hardly() -> None:
    def moved(*pitches_hz: float) -> float:
        baseline = baseline_of([speech(reading=True), *map(speech, pitches_hz)], "desk")
        assert baseline is not None
        return semitones(baseline.usual["pitch_median_hz"], 120.0)

    a_semitone_hz = 120.0 * 2 ** (1 / 12)
    assert moved(a_semitone_hz) == pytest.approx(1 / 11, abs=1e-6)
    assert moved(*[a_semitone_hz] * 200) == pytest.approx(1.0, abs=0.05)
    assert moved(240.0) == moved(480.0) == pytest.approx(1.5 / 11, abs=1e-6)


def test_a_reading_far_from_the_usual_begins_anew() -> None:
    turns = [speech(121.0)] * 5
    again = baseline_of([speech(reading=True), *turns, speech(210.0, reading=True)], "desk")
    near = baseline_of([speech(reading=True), speech(124.0, reading=True)], "desk")
    assert again is not None
    assert near is not None
    assert again.usual["pitch_median_hz"] == pytest.approx(210.0)
    assert 120.0 < near.usual["pitch_median_hz"] < 124.0


@given(st.lists(st.floats(60, 400), max_size=20))
def test_the_usual_lies_among_what_was_heard(pitches_hz: list[float]) -> None:
    baseline = baseline_of([speech(reading=True), *map(speech, pitches_hz)], "desk")
    assert baseline is not None
    heard = [120.0, *pitches_hz]
    assert min(heard) * 0.999 <= baseline.usual["pitch_median_hz"] <= max(heard) * 1.001


def test_only_what_was_measured_is_learnt() -> None:
    assert learnable(
        {
            "pitch_median_hz": Measured(value=118.0, unit="Hz"),
            "level_db": Unmeasured(reason="too quiet", unit="dB"),
            "latency_s": Measured(value=0.3, unit="s"),
        }
    ) == {"pitch_median_hz": 118.0}
