from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span, Timeline, Unmeasured
from voice_coach.scoring.tone import STEP_S, Tone, tone_of
from voice_coach.scoring.track import ToneTrack

RATE_HZ = 16_000


def hum(pitch_hz: float, duration_s: float, level: float = 0.1) -> Audio:
    times = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    partials = sum(np.sin(2 * np.pi * pitch_hz * n * times) / n for n in range(1, 6))
    return Audio((level * partials).astype(np.float32), RATE_HZ)


@pytest.mark.parametrize("pitch_hz", [90.0, 140.0, 210.0, 320.0])
def test_the_pitch_of_a_hum_is_found(pitch_hz: float) -> None:
    voice = hum(pitch_hz, 2.0)
    measures = tone_of(voice, Timeline.of([Span(start_s=0.0, end_s=2.0)])).measures
    pitch = measures["pitch_median_hz"]
    assert isinstance(pitch, Measured)
    assert pitch.value == pytest.approx(pitch_hz, rel=0.02)


def test_level_is_that_of_the_voiced_part_only() -> None:
    voice = Audio.joined([Audio.silence(3.0), hum(140.0, 1.0)])
    measures = tone_of(voice, Timeline.of([Span(start_s=3.0, end_s=4.0)])).measures
    assert measures["level_db"] == Measured(
        value=pytest.approx(hum(140.0, 1.0).level_db, abs=0.1), unit="dB"
    )


def test_a_quiet_reply_says_why_it_has_no_pitch() -> None:
    measures = tone_of(
        hum(140.0, 2.0, level=0.0005), Timeline.of([Span(start_s=0, end_s=2)])
    ).measures
    assert measures["pitch_median_hz"] == Unmeasured(reason="too quiet", unit="Hz")
    assert isinstance(measures["level_db"], Measured)


def test_no_voice_says_so() -> None:
    measures = tone_of(Audio.silence(2.0), Timeline()).measures
    assert measures["pitch_median_hz"] == Unmeasured(
        reason="no voice was found in the sound", unit="Hz"
    )


def test_too_little_voice_says_so() -> None:
    measures = tone_of(hum(140.0, 0.2), Timeline.of([Span(start_s=0.0, end_s=0.2)])).measures
    assert isinstance(measures["pitch_median_hz"], Unmeasured)


# Over time


def sung(*notes: tuple[float, float]) -> Tone:
    """Notes of one second each: pitch and level; a level of zero is silence outside the voice."""
    voice = Audio.joined([hum(pitch_hz, 1.0, level) for pitch_hz, level in notes])
    spans = [Span(start_s=n, end_s=n + 1.0) for n, (_, level) in enumerate(notes) if level]
    return tone_of(voice, Timeline.of(spans))


def test_the_track_follows_pitch_and_level() -> None:
    track = sung((100.0, 0.05), (140.0, 0.2)).track
    assert track is not None
    assert track.step_s == STEP_S
    assert len(track) == pytest.approx(20, abs=1)
    assert track.pitch_hz[5] == pytest.approx(100, abs=2)
    assert track.pitch_hz[15] == pytest.approx(140, abs=2)
    low, high = track.level_db[5], track.level_db[15]
    assert low is not None
    assert high is not None
    assert high - low == pytest.approx(12, abs=1)


def test_the_track_is_empty_where_no_voice_was_heard() -> None:
    track = sung((100.0, 0.0), (120.0, 0.1), (100.0, 0.0), (150.0, 0.1)).track
    assert track is not None
    assert track.span.start_s == pytest.approx(1.0)
    assert track.span.end_s == pytest.approx(4.0, abs=0.1)
    assert track.pitch_hz[5] == pytest.approx(120, abs=2)
    assert set(track.pitch_hz[10:20]) == set(track.level_db[10:20]) == {None}
    assert track.pitch_hz[25] == pytest.approx(150, abs=2)


def test_a_step_without_a_sure_pitch_has_none() -> None:
    quiet = sung((140.0, 0.0005), (140.0, 0.0005))
    assert quiet.track is not None
    assert set(quiet.track.pitch_hz) == {None}
    assert None not in quiet.track.level_db
    mixed = sung((100.0, 0.1), (100.0, 0.1), (300.0, 0.1)).track
    assert mixed is not None
    assert set(mixed.pitch_hz[22:28]) == {None}


@pytest.mark.parametrize("duration_s", [0.0, 0.05])
def test_next_to_no_voice_has_no_track(duration_s: float) -> None:
    spans = Timeline.of([Span(start_s=0.0, end_s=duration_s)])
    assert tone_of(hum(140.0, 1.0), spans).track is None


def test_a_track_refuses_what_cannot_be() -> None:
    track = ToneTrack(start_s=1.0, step_s=0.1, pitch_hz=(100, None), level_db=(-20, -30))
    assert track.middle_s(1) == pytest.approx(1.15)
    assert track.shifted(2.0).span == Span(start_s=3.0, end_s=3.2)
    with pytest.raises(ValueError, match="as many pitches as levels, got 1 and 2"):
        replace(track, pitch_hz=(100,))
    with pytest.raises(ValueError, match="more than zero, got 0"):
        replace(track, step_s=0.0)
    with pytest.raises(ValueError, match="a pitch is more than zero"):
        replace(track, pitch_hz=(100, 0))
