from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.audio.canceller import BLOCK, Cleaned, EchoCanceller

RATE_HZ = 16_000


def voice(seed: int, duration_s: float) -> np.ndarray:
    """Noise that comes and goes, as speech does."""
    random = np.random.default_rng(seed)
    count = round(duration_s * RATE_HZ)
    loudness = np.repeat(random.uniform(0, 1, count // 1600 + 1), 1600)[:count]
    return (random.normal(scale=0.05, size=count) * loudness).astype(np.float32)


def room(seed: int = 1, duration_s: float = 0.2) -> np.ndarray:
    """A response that dies away, a few milliseconds late."""
    random = np.random.default_rng(seed)
    late_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    response = random.normal(size=len(late_s)) * np.exp(-late_s / 0.03)
    response[:100] = 0.0
    return response / np.sqrt(np.sum(response**2))


def echo(far: np.ndarray, gain_db: float) -> np.ndarray:
    heard = np.convolve(far, room())[: len(far)] * 10 ** (gain_db / 20)
    noise = np.random.default_rng(9).normal(scale=3e-4, size=len(far))
    return (heard + noise).astype(np.float32)


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize("gain_db", [0.0, -10.0, -20.0])
def test_an_echo_is_taken_out(gain_db: float) -> None:
    far = voice(1, 8.0)
    near = echo(far, gain_db)
    cleaned = EchoCanceller().feed(near, far)
    late = slice(5 * RATE_HZ, None)
    room_db = 20 * np.log10(3e-4)
    left_db = max(room_db + 3, level_db(near[late]) - 18)
    assert level_db(cleaned.linear[late]) < left_db
    assert level_db(cleaned.voice[late]) <= level_db(cleaned.linear[late]) + 0.1


def test_somebody_who_talks_over_it_is_left_as_they_are() -> None:
    far, talk = voice(1, 8.0), voice(2, 1.5) * 0.1
    near = echo(far, -20.0)
    at = 6 * RATE_HZ
    near[at : at + len(talk)] += talk
    cleaned = EchoCanceller().feed(near, far)
    kept = cleaned.linear[at : at + len(talk)]
    assert level_db(kept - talk) < level_db(talk) - 10
    # The suppressor takes a little with it, which is why only "when" is read from its sound.
    assert level_db(cleaned.voice[at : at + len(talk)]) > level_db(talk) - 6


def test_where_nothing_is_played_the_microphone_is_let_through() -> None:
    near = voice(3, 1.0)
    cleaned = EchoCanceller().feed(near, np.zeros_like(near))
    np.testing.assert_array_equal(cleaned.linear, near[: len(cleaned.linear)])
    inner = slice(BLOCK, len(cleaned.voice) - BLOCK)
    np.testing.assert_allclose(cleaned.voice[inner], near[inner], atol=1e-6)
    assert len(near) - len(cleaned.voice) < 2 * BLOCK


FAR = voice(4, 1.5)
NEAR = echo(FAR, -10.0) + np.roll(voice(5, 1.5), 4000) * np.float32(0.3)
WHOLE = EchoCanceller().feed(NEAR, FAR)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 2000), min_size=1, max_size=12))
def test_the_sizes_of_blocks_leave_no_trace(sizes: list[int]) -> None:
    canceller = EchoCanceller()
    parts: list[Cleaned] = []
    at, turn = 0, 0
    while at < len(NEAR):
        size = sizes[turn % len(sizes)]
        parts.append(canceller.feed(NEAR[at : at + size], FAR[at : at + size]))
        at, turn = at + size, turn + 1
    for name in ("echo", "linear", "voice"):
        pieces = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(pieces, getattr(WHOLE, name))


def test_a_second_sound_profits_from_the_first() -> None:
    far = voice(6, 4.0)
    near = echo(far, -10.0)
    canceller = EchoCanceller()
    first = canceller.feed(near, far)
    canceller.begin_anew()
    second = canceller.feed(near, far)
    half = slice(0, RATE_HZ // 2)
    assert len(second.linear) == len(first.linear)
    assert level_db(second.linear[half]) < level_db(first.linear[half]) - 6


def test_sounds_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        EchoCanceller().feed(np.zeros(5, np.float32), np.zeros(4, np.float32))


@pytest.mark.parametrize("later_s", [0.020, 0.090])
def test_a_way_that_becomes_another_is_learnt_anew(later_s: float) -> None:
    far = voice(1, 12.0)
    near = echo(far, -10.0)
    moved = np.roll(near, round(later_s * RATE_HZ))
    at = 6 * RATE_HZ
    canceller = EchoCanceller()
    canceller.feed(near[:at], far[:at])
    assert canceller.forgotten == 0
    cleaned = canceller.feed(moved[at:], far[at:])
    assert canceller.forgotten == 1
    late = slice(3 * RATE_HZ, None)
    assert level_db(cleaned.linear[late]) < level_db(near[at:][late]) - 12


@pytest.mark.parametrize("louder_db", [0.0, 10.0, 20.0])
def test_somebody_louder_than_the_echo_is_not_taken_for_another_way(louder_db: float) -> None:
    far = voice(1, 12.0)
    near = echo(far, -20.0)
    talk = voice(2, 5.0)
    talk *= 10 ** ((level_db(near) + louder_db - level_db(talk)) / 20)
    near[5 * RATE_HZ : 10 * RATE_HZ] += talk
    canceller = EchoCanceller()
    canceller.feed(near, far)
    assert canceller.forgotten == 0
