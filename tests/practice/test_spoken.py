from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from voice_coach.audio.duplex import FADE_S, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.audio.standin import Timepiece
from voice_coach.practice.spoken import Spoken

PIECE_S = 1.0
RATE_HZ = 16_000


def piece(level: float) -> Audio:
    return Audio(np.full(round(PIECE_S * RATE_HZ), level, np.float32), RATE_HZ)


def until(clock: Timepiece, time_s: float) -> None:
    while clock.now_s < time_s:
        clock.read()


def rising(seconds: float) -> Audio:
    """A sound whose level tells its place."""
    return Audio(np.linspace(0.1, 0.9, round(seconds * RATE_HZ), dtype=np.float32), RATE_HZ)


@pytest.mark.parametrize("held_at_s", [0.3, 1.5])
def test_what_was_held_back_goes_on_at_the_same_place(held_at_s: float) -> None:
    clock = Timepiece(fast=True)
    spoken = Spoken([rising(PIECE_S), rising(PIECE_S)], clock, at_once=True)
    until(clock, held_at_s)
    spoken.hold()
    assert spoken.held
    until(clock, held_at_s + 1.0)
    assert not spoken.over
    spoken.go_on()
    assert not spoken.held
    until(clock, 3.5)
    assert spoken.over
    out = clock.sounded(0.0, 4 * SPEECH_RATE_HZ)
    loud = np.flatnonzero(out > 0.05)
    (gap,) = np.flatnonzero(np.diff(loud) > SPEECH_RATE_HZ // 2)
    before, after = loud[gap], loud[gap + 1]
    assert (after - before) / SPEECH_RATE_HZ == pytest.approx(1.0, abs=3 * FRAME_S)
    settled = after + round(FADE_S * SPEECH_RATE_HZ)
    a_frame = 0.8 * FRAME_S / PIECE_S
    assert out[settled] == pytest.approx(out[before], abs=a_frame)
    assert len(loud) == pytest.approx(2 * PIECE_S * SPEECH_RATE_HZ, abs=3 * FADE_S * SPEECH_RATE_HZ)


def test_held_twice_nothing_is_said_twice() -> None:
    clock = Timepiece(fast=True)
    spoken = Spoken([rising(PIECE_S), rising(PIECE_S)], clock, at_once=True)
    for held_at_s in (0.4, 1.9):
        until(clock, held_at_s)
        spoken.hold()
        until(clock, held_at_s + 0.5)
        spoken.go_on()
    until(clock, 4.0)
    assert spoken.over
    assert spoken.unsaid_s == 0.0
    out = clock.sounded(0.0, 4 * SPEECH_RATE_HZ)
    loud = np.count_nonzero(out > 0.05)
    assert loud == pytest.approx(2 * PIECE_S * SPEECH_RATE_HZ, abs=4 * FADE_S * SPEECH_RATE_HZ)


def test_left_off_for_good_the_rest_is_not_said() -> None:
    clock = Timepiece(fast=True)
    spoken = Spoken([piece(0.1), piece(0.2)], clock, at_once=True)
    until(clock, 0.5)
    spoken.hold()
    spoken.stop()
    assert spoken.over
    assert spoken.unsaid_s == pytest.approx(1.5, abs=2 * FRAME_S)
    assert spoken.span is not None
    assert spoken.span.duration_s == pytest.approx(0.5, abs=2 * FRAME_S)


def test_pieces_rendered_while_it_is_held_wait_their_turn() -> None:
    clock, go = Timepiece(fast=True), threading.Event()

    def slowly() -> Iterator[Audio]:
        yield piece(0.1)
        go.wait(5.0)
        yield piece(0.2)

    spoken = Spoken(slowly(), clock)
    while spoken.span is None:
        spoken.pump()
        clock.read()
    until(clock, clock.now_s + 0.2)
    spoken.hold()
    before_s = spoken.unsaid_s
    go.set()
    while not spoken.all_queued:
        spoken.pump()
    assert spoken.unsaid_s == pytest.approx(before_s + PIECE_S)
    spoken.go_on()
    until(clock, clock.now_s + 2.5)
    assert spoken.over
