from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.audio.capture import FrameCount, Framer, Ring
from voice_coach.audio.duplex import FRAME

BLOCKS = st.lists(st.integers(1, 4096), min_size=1, max_size=20)


def through(rate_hz: int, sound: np.ndarray, blocks: list[int]) -> np.ndarray:
    ring, framer = Ring(8192), Framer(rate_hz)
    frames = []
    at = 0
    while at < len(sound):
        for block in blocks:
            ring.write(sound[at : at + block])
            at += block
            framer.feed(ring.take())
            frames += [frame.samples for frame in framer.frames()]
    assert ring.refused == 0
    return np.concatenate(frames)


@settings(deadline=None, max_examples=30)
@given(BLOCKS, st.sampled_from([8_000, 16_000, 44_100, 48_000, 96_000]))
def test_any_block_size_gives_the_same_frames(blocks: list[int], rate_hz: int) -> None:
    sound = np.random.default_rng(3).normal(scale=0.1, size=rate_hz).astype(np.float32)
    expected = through(rate_hz, sound, [1024])
    got = through(rate_hz, sound, blocks)
    assert len(got) % FRAME == 0
    assert np.array_equal(got, expected)


def test_resampled_sound_keeps_its_place_in_time() -> None:
    click = np.zeros(44_100, np.float32)
    click[22_050] = 1.0
    assert abs(int(np.argmax(through(44_100, click, [441]))) - 8_000) <= 1


def test_a_full_ring_refuses_whole_blocks_and_counts_them() -> None:
    ring = Ring(100)
    ring.write(np.full(80, 1.0, np.float32))
    ring.write(np.full(30, 2.0, np.float32))
    assert (len(ring), ring.refused) == (80, 30)
    assert (ring.take() == 1.0).all()
    ring.write(np.arange(100, dtype=np.float32))
    assert np.array_equal(ring.take(), np.arange(100, dtype=np.float32))


def counted(arrivals: list[tuple[float, int]]) -> int:
    count = FrameCount(16_000)
    for now_s, samples in arrivals:
        count.note(now_s, samples)
    return count.lost


def steady(duration_s: float, *, slow: float = 0.0) -> list[tuple[float, int]]:
    return [(k * 0.032 * (1 + slow), 512) for k in range(int(duration_s / 0.032))]


@pytest.mark.parametrize("slow", [0.0, 100e-6, -100e-6, 195e-6, -195e-6])
def test_a_steady_device_loses_nothing_though_its_crystal_is_off(slow: float) -> None:
    assert counted(steady(600.0, slow=slow)) == 0


def test_late_delivery_is_not_loss() -> None:
    arrivals = steady(60.0)
    stalled = [(max(now_s, 33.5) if now_s > 30 else now_s, n) for now_s, n in arrivals]
    assert counted(stalled) == 0


@pytest.mark.parametrize("missing", [2, 10, 100])
def test_missing_blocks_are_counted(missing: int) -> None:
    arrivals = steady(60.0)
    del arrivals[1000 : 1000 + missing]
    assert counted(arrivals) == pytest.approx(missing * 512, abs=64)


@pytest.mark.parametrize("slow", [0.0, 100e-6, -100e-6])
@pytest.mark.parametrize("short_s", [0.02, 0.005])
def test_small_losses_add_up(slow: float, short_s: float) -> None:
    short = round(short_s * 16_000)
    arrivals = [
        (now_s, n - short if at % 62 == 30 else n)  # about once in two seconds
        for at, (now_s, n) in enumerate(steady(600.0, slow=slow))
    ]
    missing = sum(512 - n for _, n in arrivals)
    assert missing > 16_000
    # The drift that a crystal may have, either way, cannot be told from loss.
    assert counted(arrivals) == pytest.approx(missing, abs=600.0 * 300e-6 * 16_000 + 480)


def test_unsteady_delivery_is_not_loss() -> None:
    random = np.random.default_rng(11)
    late_s = random.uniform(0.0, 0.025, 18_750)
    arrivals = [(now_s + late, n) for (now_s, n), late in zip(steady(600.0), late_s, strict=True)]
    assert counted(arrivals) == 0


def test_what_came_late_is_taken_back() -> None:
    # For five seconds the host holds 100 ms back, then hands them over.
    arrivals = [(now_s + (0.1 if 30 <= now_s < 35 else 0.0), n) for now_s, n in steady(60.0)]
    assert counted(arrivals[: round(34 / 0.032)]) == pytest.approx(1_600, abs=64)
    assert counted(arrivals) == 0


def test_a_stall_while_the_host_settles_is_not_loss() -> None:
    late = [(now_s + 1.5, n) for now_s, n in steady(20.0)[3:]]
    assert counted(steady(0.1) + late) == 0
