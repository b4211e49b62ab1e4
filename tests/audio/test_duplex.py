from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.duplex import FADE_S, PlayQueue
from voice_coach.audio.samples import Audio

RATE_HZ = 16_000


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def ones(count: int) -> Audio:
    return Audio(np.ones(count, np.float32), RATE_HZ)


def drain(queue: PlayQueue, blocks: list[int], start: int = 0) -> np.ndarray:
    out = np.full(sum(blocks), np.nan, np.float32)
    at = 0
    for block in blocks:
        queue.fill(out[at : at + block], (start + at) / RATE_HZ)
        at += block
    return out


@given(
    st.lists(st.integers(0, 700), min_size=1, max_size=6),
    st.lists(st.integers(1, 400), min_size=1, max_size=30),
)
def test_spans_add_up_whatever_the_block_size(sounds: list[int], blocks: list[int]) -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    playbacks = [queue.add(ones(count)) for count in sounds]
    out = drain(queue, blocks)

    assert not np.isnan(out).any()
    assert int(out.sum()) == min(sum(sounds), sum(blocks))
    at_s = 0.0
    for playback in playbacks:
        if playback.span is not None:
            assert playback.span.start_s == pytest.approx(at_s)
            assert playback.span.duration_s == pytest.approx(playback.duration_s)
        at_s += playback.duration_s


def test_span_is_known_in_full_at_the_first_sample() -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    playback = queue.add(ones(1600))
    assert playback.span is None
    assert not playback.started
    drain(queue, [1], start=800)
    assert playback.started
    assert playback.span is not None
    assert (playback.span.start_s, playback.span.end_s) == (0.05, pytest.approx(0.15))


def test_done_follows_the_clock_not_the_device() -> None:
    clock = Clock()
    queue = PlayQueue(RATE_HZ, clock)
    playback = queue.add(ones(1600))
    drain(queue, [3200], start=1600)
    assert len(queue) == 0
    clock.now_s = 0.19
    assert not playback.done
    clock.now_s = 0.2
    assert playback.done


def test_other_rates_are_resampled() -> None:
    playback = PlayQueue(RATE_HZ, Clock()).add(Audio.silence(0.5, 44_100))
    assert playback.duration_s == 0.5


@given(st.integers(1, 3000), st.integers(2, 3000))
def test_stopping_fades_without_a_click_and_ends_the_span(played: int, length: int) -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    first, second = queue.add(ones(length)), queue.add(ones(500))
    before = drain(queue, [played])
    queue.stop()
    after = drain(queue, [1000], start=played)

    fade = round(FADE_S * RATE_HZ)
    sound = np.concatenate([before, after])
    if played < length - fade:
        assert np.abs(np.diff(sound)).max() < 2 / fade
        assert first.cut_short
        assert first.span is not None
        assert first.span.end_s == pytest.approx((played + fade) / RATE_HZ)
        assert np.flatnonzero(sound)[-1] < played + fade
        assert second.span is None
        assert second.cut_short
        assert second.done
    assert not after[fade:].any() or played >= length


def test_what_is_queued_after_a_stop_sounds() -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    queue.add(ones(5000))
    drain(queue, [100])
    queue.stop()
    later = queue.add(ones(50))
    out = drain(queue, [400], start=100)
    assert later.span is not None
    assert later.span.start_s == pytest.approx(260 / RATE_HZ)
    assert out[160:210].all()


def test_stopping_silence_does_nothing() -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    queue.stop()
    assert not drain(queue, [100]).any()


def test_what_was_given_to_sound_is_known_by_its_moment() -> None:
    queue = PlayQueue(RATE_HZ, Clock())
    queue.add(Audio(np.arange(1, 201, dtype=np.float32) / 1000, RATE_HZ))
    drain(queue, [50, 100], start=30)
    at_16_khz = 16_000 / RATE_HZ
    before = queue.sounded(0.0, round(20 * at_16_khz))
    assert not before.any()
    during = queue.sounded(30 / RATE_HZ, round(200 * at_16_khz))
    assert during.any()
    np.testing.assert_array_equal(
        during[100:], queue.sounded(30 / RATE_HZ + 100 / 16_000, len(during) - 100)
    )
    assert not queue.sounded(1.0, 100).any()
