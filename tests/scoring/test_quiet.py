from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.scoring.pacing import pauses_of
from voice_coach.scoring.quiet import edged_by_level
from voice_coach.speech.activity import activity_of

RATE_HZ = 16000
LEVEL_DB = -20.0


def timeline(*edges_s: tuple[float, float]) -> Timeline:
    return Timeline.of(Span(start_s=start_s, end_s=end_s) for start_s, end_s in edges_s)


def sounding(
    voice: Timeline, *, floor_db: float = -70.0, rumble_db: float | None = None, seconds: float = 4
) -> Audio:
    """A tone of 300 Hz where there is voice, over noise, with a rumble of 30 Hz if asked."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    samples = np.random.default_rng(1).standard_normal(len(time_s)) * 10 ** (floor_db / 20)
    for span in voice:
        inside = (time_s >= span.start_s) & (time_s < span.end_s)
        samples += inside * np.sin(600 * np.pi * time_s) * 10 ** (LEVEL_DB / 20)
    if rumble_db is not None:
        samples += np.sin(60 * np.pi * time_s) * 10 ** (rumble_db / 20)
    return Audio(samples.astype(np.float32), RATE_HZ)


def assert_alike(found: Timeline, truth: Timeline, within_s: float = 0.03) -> None:
    assert len(found) == len(truth)
    for ours, theirs in zip(found, truth, strict=True):
        assert ours.start_s == pytest.approx(theirs.start_s, abs=within_s)
        assert ours.end_s == pytest.approx(theirs.end_s, abs=within_s)


@pytest.mark.parametrize("floor_db", [-200.0, -70.0, -40.0])
@pytest.mark.parametrize(
    "heard",
    [
        timeline((0.5, 1.56), (2.1, 3.5)),  # let go late, caught late
        timeline((0.5, 1.44), (1.93, 3.5)),  # let go early, caught early
    ],
)
def test_a_pause_ends_where_the_level_rises(heard: Timeline, floor_db: float) -> None:
    truth = timeline((0.5, 1.5), (2.0, 3.5))
    assert_alike(edged_by_level(heard, sounding(truth, floor_db=floor_db)), truth)


@pytest.mark.parametrize("rumble_db", [-30.0, -6.0])
def test_rumble_is_no_voice(rumble_db: float) -> None:
    truth = timeline((0.5, 1.5), (2.0, 3.5))
    sound = sounding(truth, rumble_db=rumble_db)
    assert_alike(edged_by_level(timeline((0.5, 1.56), (2.05, 3.5)), sound), truth)


def test_a_gap_in_which_the_voice_goes_on_is_none() -> None:
    truth = timeline((0.5, 2.0), (2.5, 3.5))
    heard = timeline((0.5, 1.0), (1.4, 2.0), (2.5, 3.5))
    assert_alike(edged_by_level(heard, sounding(truth)), truth)


def test_a_pause_in_a_noisier_moment_stays_a_pause() -> None:
    truth = timeline((0.5, 1.5), (2.0, 2.5), (3.0, 3.5))
    sound = sounding(truth)
    noise = 10 ** (-34 / 20) * np.random.default_rng(2).standard_normal(len(sound))
    lorry = np.arange(len(sound)) / RATE_HZ
    samples = sound.samples + noise * ((lorry >= 1.5) & (lorry < 2.0))
    found = edged_by_level(truth, Audio(samples.astype(np.float32), RATE_HZ))
    assert_alike(found, truth)


def test_no_pause_is_made_that_no_detector_heard() -> None:
    quiet_inside = timeline((0.5, 1.5), (2.0, 3.5))
    heard = timeline((0.5, 3.5))
    assert edged_by_level(heard, sounding(quiet_inside)) == heard


def test_start_and_end_of_the_turn_stay() -> None:
    heard = timeline((0.6, 1.56), (2.1, 3.3))
    found = edged_by_level(heard, sounding(timeline((0.5, 1.5), (2.0, 3.5))))
    assert found.hull == heard.hull


def test_nothing_heard_stays_nothing() -> None:
    assert not edged_by_level(Timeline(), Audio.silence(1.0))


@given(
    st.lists(
        st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 1.0)).map(lambda at: (at[0], at[0] + at[1])),
        max_size=6,
    )
)
def test_any_activity_over_any_sound_keeps_its_hull(spans: list[tuple[float, float]]) -> None:
    heard = timeline(*spans)
    found = edged_by_level(heard, sounding(timeline((1.0, 2.0), (2.4, 3.0)), seconds=4))
    assert found.hull == heard.hull


@given(st.floats(-20.0, 10.0))
def test_louder_or_softer_is_the_same(gain_db: float) -> None:
    heard = timeline((0.5, 1.56), (2.1, 3.5))
    sound = sounding(timeline((0.5, 1.5), (2.0, 3.5)))
    other = Audio((sound.samples * 10 ** (gain_db / 20)).astype(np.float32), RATE_HZ)
    assert_alike(edged_by_level(heard, other), edged_by_level(heard, sound), within_s=0.011)


def test_pauses_of_rumbling_recordings_come_nearer_to_the_hand_set_ones(shared_data: Path) -> None:
    import soundfile

    path = shared_data / "audio" / "pacing" / "cold_corpus.wav"
    if not path.is_file():
        pytest.skip("the recordings with hand-set pauses are not here")
    samples, rate_hz = soundfile.read(path, dtype="float32")
    sound = Audio(samples, rate_hz)
    heard = activity_of(sound)
    hand_set = 7
    before, after = pauses_of(heard), pauses_of(edged_by_level(heard, sound))
    assert abs(len(after) - hand_set) < abs(len(before) - hand_set)
