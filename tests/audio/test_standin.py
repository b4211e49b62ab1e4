from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.duplex import FRAME, FRAME_S, Duplex
from voice_coach.audio.samples import Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece


def tone(duration_s: float) -> Audio:
    return Audio(np.full(round(duration_s * 16_000), 0.5, np.float32), 16_000)


def listen(duplex: Duplex, until_s: float) -> np.ndarray:
    frames = []
    while duplex.now_s < until_s:
        frames.append(duplex.read().samples)
        assert len(frames[-1]) == FRAME
    return np.concatenate(frames)


def test_a_timepiece_hears_silence_and_keeps_exact_spans() -> None:
    with Timepiece(fast=True) as duplex:
        assert not listen(duplex, 0.5).any()
        asked_s = duplex.now_s
        first, second = duplex.play(tone(1.0)), duplex.play(tone(0.25))
        duplex.read()
        assert first.span is not None
        assert (first.span.start_s, first.span.duration_s) == (asked_s, 1.0)
        assert not second.started
        listen(duplex, asked_s + 1.25 + FRAME_S)
        assert second.span is not None
        assert second.span.start_s == pytest.approx(first.span.end_s)
        assert first.done
        assert second.done
        assert duplex.lost_frames == 0


def test_a_timepiece_stops_playing() -> None:
    with Timepiece(fast=True) as duplex:
        playback = duplex.play(tone(5.0))
        listen(duplex, 1.0)
        duplex.stop_playing()
        listen(duplex, 1.1)
        assert playback.cut_short
        assert playback.done
        assert playback.span is not None
        assert playback.span.end_s == pytest.approx(1.0, abs=0.05)


def test_real_time_takes_its_time_and_catches_up() -> None:
    with Timepiece() as duplex:
        began_s = time.monotonic()
        listen(duplex, 0.16)
        time.sleep(0.2)
        listen(duplex, 0.48)
        assert time.monotonic() - began_s == pytest.approx(0.48, abs=0.15)


def test_sleeps_by_the_clock_it_is_given() -> None:
    slept: list[float] = []
    now = [10.0]

    def sleep(duration_s: float) -> None:
        slept.append(duration_s)
        now[0] += duration_s

    duplex = Timepiece(clock=lambda: now[0], sleep=sleep)
    listen(duplex, 1.0)
    assert sum(slept) == pytest.approx(duplex.now_s)


@given(st.floats(0.0, 2.0), st.floats(-1.0, 3.0), st.floats(0.1, 2.0))
def test_a_reply_lies_where_it_comes_in(line_s: float, come_in_s: float, reply_s: float) -> None:
    duplex = ReplyFiles(Timepiece(fast=True), [tone(reply_s)], [come_in_s])
    duplex.expect_reply(line_s)
    heard = np.flatnonzero(listen(duplex, 8.0))
    start = max(0, round((line_s + come_in_s) * 16_000))
    assert heard[0] == start
    assert len(heard) == round(reply_s * 16_000) == heard[-1] - heard[0] + 1
    assert duplex.replies_left == 0


def test_a_reply_never_begins_before_now_or_inside_another() -> None:
    duplex = ReplyFiles(Timepiece(fast=True), [tone(1.0), tone(0.5)], [0.0, -9.0])
    listen(duplex, 0.64)
    duplex.expect_reply(0.0)
    listen(duplex, 0.96)
    duplex.expect_reply(0.96)
    heard = np.flatnonzero(listen(duplex, 4.0))
    assert len(heard) == round((1.5 - 0.32) * 16_000) == heard[-1] + 1


def test_expecting_again_before_it_began_moves_the_reply() -> None:
    duplex = ReplyFiles(Timepiece(fast=True), [tone(0.5), tone(0.5)], [0.1, 0.1])
    duplex.expect_reply(1.0)
    duplex.expect_reply(2.0)
    assert duplex.replies_left == 1
    assert np.flatnonzero(listen(duplex, 4.0))[0] == round(2.1 * 16_000)


def test_with_no_reply_left_nothing_happens() -> None:
    duplex = ReplyFiles(Timepiece(fast=True), [], [])
    duplex.expect_reply(0.0)
    assert not listen(duplex, 0.5).any()


def test_other_rates_are_resampled_and_delays_must_match() -> None:
    duplex = ReplyFiles(Timepiece(fast=True), [Audio(tone(1.0).samples, 48_000)], [0.0])
    duplex.expect_reply(0.0)
    heard = np.flatnonzero(np.abs(listen(duplex, 2.0)) > 1e-3)
    assert heard[-1] == pytest.approx(16_000 / 3, abs=40)
    with pytest.raises(ValueError, match="delays"):
        ReplyFiles(Timepiece(fast=True), [tone(1.0)], [])


def test_everything_else_goes_to_the_inner_duplex() -> None:
    with ReplyFiles(Timepiece(fast=True), [tone(0.5)], [0.0]) as duplex:
        playback = duplex.play(tone(1.0))
        listen(duplex, 0.5)
        duplex.stop_playing()
        assert playback.cut_short
        assert duplex.lost_frames == 0
