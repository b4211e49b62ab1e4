from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span
from voice_coach.speech.activity import (
    MIN_SILENCE_S,
    ActivityDetector,
    SpeechGate,
    activity_of,
    spans_of,
)

ROWS = st.lists(st.floats(0.0, 1.0), max_size=120)


def test_hysteresis_holds_over_a_dip_that_stays_above_the_offset() -> None:
    assert len(spans_of([0.9] * 5 + [0.4] * 10 + [0.9] * 5)) == 1
    assert len(spans_of([0.9] * 5 + [0.1] * 10 + [0.9] * 5)) == 2
    assert not spans_of([0.4] * 50)


def test_a_click_is_no_speech() -> None:
    assert not spans_of([0.0] * 10 + [1.0] * 3 + [0.0] * 10)
    assert spans_of([0.0] * 10 + [1.0] * 4 + [0.0] * 10)


@given(ROWS, st.integers(0, 2000))
def test_shifting_time_shifts_the_spans(row: list[float], frames: int) -> None:
    by_s = frames * FRAME_S
    there = spans_of([0.0, *row], start_s=by_s)
    here = spans_of([0.0, *row])
    assert len(there) == len(here)
    for moved, span in zip(there, here, strict=True):
        assert moved.start_s == pytest.approx(span.start_s + by_s)
        assert moved.end_s == pytest.approx(span.end_s + by_s)


@given(ROWS)
def test_silence_appended_changes_nothing(row: list[float]) -> None:
    assert spans_of([*row, *[0.0] * 30]) == spans_of(row)


@given(ROWS)
def test_the_gate_fed_frame_by_frame_is_what_the_whole_row_gives(row: list[float]) -> None:
    gate = SpeechGate()
    for at, probability in enumerate([0.0, *row]):
        gate.process(probability, at * FRAME_S, (at + 1) * FRAME_S)
    assert gate.timeline == spans_of([0.0, *row])


@given(ROWS)
def test_no_silence_within_is_shorter_than_the_least(row: list[float]) -> None:
    assert all(gap.duration_s >= MIN_SILENCE_S for gap in spans_of(row).gaps())


@pytest.mark.parametrize("size", [1, 7, 64])
def test_any_batching_of_frames_gives_the_same(size: int, say: Callable[[str], Audio]) -> None:
    samples = say("I can hear that this was a hard week for you.").samples
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    whole = ActivityDetector().process_all(frames)
    detector = ActivityDetector()
    parts = [detector.process_all(frames[at : at + size]) for at in range(0, len(frames), size)]
    assert np.allclose(np.concatenate(parts), whole, atol=1e-4)


def test_reset_forgets() -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((40, FRAME)).astype(np.float32) * 0.1
    detector = ActivityDetector()
    first = [detector.process(frame) for frame in noise]
    detector.reset()
    assert [detector.process(frame) for frame in noise] == first


def test_a_frame_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        ActivityDetector().process(np.zeros(480, np.float32))


def test_speech_is_found_where_it_was_put(say: Callable[[str], Audio]) -> None:
    spoken = say("That sounds exhausting.")
    sound = Audio.joined([Audio.silence(1.0), spoken, Audio.silence(1.5), spoken])
    found = activity_of(sound).bridged(0.4)
    assert len(found) == 2
    inner = activity_of(spoken).hull
    assert inner is not None
    assert found.spans[0].start_s == pytest.approx(1.0 + inner.start_s, abs=0.08)
    assert found.spans[1].start_s == pytest.approx(
        2.5 + spoken.duration_s + inner.start_s, abs=0.08
    )


def test_other_rates_give_the_same_times(say: Callable[[str], Audio]) -> None:
    spoken = say("That sounds exhausting.")
    here, there = activity_of(spoken).hull, activity_of(spoken.at_rate(44_100)).hull
    assert here is not None
    assert there is not None
    assert there.start_s == pytest.approx(here.start_s, abs=0.05)
    assert there.end_s == pytest.approx(here.end_s, abs=0.05)


def test_nothing_in_nothing() -> None:
    assert not activity_of(Audio.silence(0.0))
    assert not activity_of(Audio.silence(3.0))


def test_edges_lie_near_the_hand_set_ones(shared_data: Path) -> None:
    late_s: list[float] = []
    for path in sorted((shared_data / "audio" / "words" / "timit_nltk").glob("*/*.phn"))[::4]:
        marks = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        spoken = [mark for mark in marks if mark[2] != "h#"]
        truth = Span(
            start_s=int(spoken[0][0]) / SPEECH_RATE_HZ, end_s=int(spoken[-1][1]) / SPEECH_RATE_HZ
        )
        samples, rate_hz = soundfile.read(path.with_suffix(".wav"), dtype="float32")
        hull = activity_of(Audio(samples, rate_hz)).hull
        assert hull is not None
        late_s += [hull.start_s - truth.start_s, hull.end_s - truth.end_s]
    assert abs(float(np.median(late_s))) < 0.03
    assert float(np.percentile(np.abs(late_s), 90)) < 0.12
