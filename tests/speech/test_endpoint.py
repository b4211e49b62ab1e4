from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.duplex import FRAME_S
from voice_coach.speech.activity import ONSET_LAG_S
from voice_coach.speech.endpoint import (
    PATIENCE_S,
    Change,
    Endpoint,
    Paused,
    Resumed,
    SpeechStarted,
    TurnEnded,
)

QUIET = 0.02
VOICE = 0.95
PLENTY = 70  # frames: more than the patience


def run(row: list[float], *, start_s: float = 0.0, patience_s: float = PATIENCE_S) -> list[Change]:
    endpoint = Endpoint(patience_s)
    changes: list[Change] = []
    for at, probability in enumerate(row):
        begin_s = start_s + at * FRAME_S
        changes.extend(endpoint.process(probability, begin_s, begin_s + FRAME_S))
    return changes


def kinds(changes: list[Change]) -> list[type[Change]]:
    return [type(change) for change in changes]


def voiced(*frames: int) -> list[float]:
    """Quiet, voice, quiet, voice ... for so many frames each."""
    return [p for at, n in enumerate(frames) for p in [VOICE if at % 2 else QUIET] * n]


def test_one_turn() -> None:
    changes = run(voiced(20, 30, PLENTY))
    assert kinds(changes) == [SpeechStarted, Paused, TurnEnded]
    ended = changes[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.span.start_s == pytest.approx(20 * FRAME_S - ONSET_LAG_S, abs=0.02)
    assert ended.span.end_s == pytest.approx(50 * FRAME_S, abs=0.07)


def test_a_click_starts_no_turn_and_extends_none() -> None:
    assert run(voiced(20, 3, PLENTY)) == []
    with_click = run(voiced(20, 30, 30, 2, PLENTY))
    assert with_click == run(voiced(20, 30, 30 + 2 + PLENTY))


def test_thinking_is_not_the_end() -> None:
    changes = run(voiced(5, 30, 55, 30, PLENTY))
    assert kinds(changes) == [SpeechStarted, Paused, Resumed, Paused, TurnEnded]


def test_speech_that_begins_as_the_patience_runs_out_extends_the_turn() -> None:
    # The patience runs out after 61 frames of quiet; the voice began in the frame before.
    changes = run(voiced(5, 30, 60, 30, PLENTY))
    assert kinds(changes).count(TurnEnded) == 1


def test_patience_is_what_was_asked_for() -> None:
    for patience_s in (1.0, 2.0, 4.0):
        endpoint = Endpoint(patience_s)
        ended_s = None
        for at, probability in enumerate(voiced(5, 30, 200)):
            now_s = (at + 1) * FRAME_S
            for change in endpoint.process(probability, now_s - FRAME_S, now_s):
                if isinstance(change, TurnEnded):
                    ended_s = now_s - change.span.end_s
        assert ended_s is not None
        assert patience_s <= ended_s <= patience_s + FRAME_S + 1e-9


def test_the_end_can_be_asked_for() -> None:
    endpoint = Endpoint()
    assert endpoint.finish() == ()
    for at in range(20):
        endpoint.process(VOICE, at * FRAME_S, (at + 1) * FRAME_S)
    (ended,) = endpoint.finish()
    assert isinstance(ended, TurnEnded)
    assert endpoint.finish() == ()


def test_a_patience_shorter_than_a_pause_is_refused() -> None:
    with pytest.raises(ValueError, match="patience"):
        Endpoint(0.2)


ROWS = st.lists(st.tuples(st.integers(1, 40), st.sampled_from([0.0, 0.2, 0.4, 0.6, 1.0]))).map(
    lambda runs: [p for n, p in runs for _ in range(n)]
)


def settled(changes: list[Change]) -> list[tuple[str, float]]:
    times = []
    for change in changes:
        at_s = change.span.end_s if isinstance(change, TurnEnded) else change.at_s
        times.append((type(change).__name__, round(at_s, 6)))
    return times


@given(ROWS, st.integers(0, 5000))
def test_shifting_time_shifts_what_happens(row: list[float], frames: int) -> None:
    by_s = frames * FRAME_S
    moved = [(name, round(at_s - by_s, 5)) for name, at_s in settled(run(row, start_s=by_s))]
    assert moved == [(name, round(at_s, 5)) for name, at_s in settled(run(row))]


@given(ROWS, st.integers(0, 200))
def test_more_silence_after_the_end_changes_nothing(row: list[float], more: int) -> None:
    whole = [*row, *[0.0] * (PLENTY + 10)]
    assert run([*whole, *[0.0] * more]) == run(whole)


@given(ROWS)
def test_events_come_in_an_order_that_makes_sense(row: list[float]) -> None:
    follows: dict[type[Change] | None, set[type[Change]]] = {
        None: {SpeechStarted},
        SpeechStarted: {Paused},
        Paused: {Resumed, TurnEnded},
        Resumed: {Paused},
        TurnEnded: {SpeechStarted},
    }
    before: type[Change] | None = None
    for change in run([*row, *[0.0] * PLENTY]):
        assert type(change) in follows[before]
        before = type(change)
    assert before in {None, TurnEnded}
