from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from voice_coach.audio.duplex import FADE_S, FRAME_S
from voice_coach.audio.samples import Audio
from voice_coach.audio.standin import Timepiece
from voice_coach.practice.spoken import Spoken

PIECE_S = 1.0
RATE_HZ = 24_000


def piece(level: float) -> Audio:
    return Audio(np.full(round(PIECE_S * RATE_HZ), level, np.float32), RATE_HZ)


def until(clock: Timepiece, time_s: float) -> None:
    while clock.now_s < time_s:
        clock.read()


@pytest.mark.parametrize("held_at_s", [0.3, 1.5])
def test_what_was_held_back_goes_on_at_the_same_place(held_at_s: float) -> None:
    clock = Timepiece(fast=True)
    spoken = Spoken([piece(0.1), piece(0.2)], clock, at_once=True)
    until(clock, held_at_s)
    spoken.hold()
    assert spoken.held
    assert spoken.unsaid_s == pytest.approx(2 * PIECE_S - clock.now_s - FADE_S, abs=2 * FRAME_S)
    silent_from_s = clock.now_s + FADE_S + FRAME_S
    until(clock, held_at_s + 1.0)
    assert not spoken.over
    resumed_s = clock.now_s
    spoken.go_on()
    assert not spoken.held
    until(clock, 3.5)
    assert spoken.over
    assert spoken.span is not None
    assert spoken.span.duration_s == pytest.approx(
        2 * PIECE_S + resumed_s - silent_from_s, abs=3 * FRAME_S
    )
    sounded = np.abs(spoken.sound(0.0, 4.0).samples)
    assert np.count_nonzero(sounded > 0.05) == pytest.approx(2 * PIECE_S * 16_000, rel=0.02)
    silence = sounded[round(silent_from_s * 16_000) : round(resumed_s * 16_000)]
    assert not silence.any()


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
