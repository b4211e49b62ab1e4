"""Pauses of a recording: put right by the level, as those of a reply in a sitting are."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Measured, Span, Timeline, Turn, spread
from voice_coach.recordings.analysis import analyse
from voice_coach.recordings.edges import LONGEST_PIECE_S, edged
from voice_coach.recordings.hearing import Heard, Voice
from voice_coach.scoring.pacing import pacing_measures, pauses_of
from voice_coach.scoring.quiet import edged_by_level

TEXT = "I sat here with the food until nine and nobody called me."


def timeline(*edges_s: tuple[float, float]) -> Timeline:
    return Timeline.of(Span(start_s=start_s, end_s=end_s) for start_s, end_s in edges_s)


def sounding(voice: Timeline, seconds: float, *, level: float = 0.1) -> Audio:
    times_s = np.arange(round(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    samples = np.random.default_rng(1).standard_normal(len(times_s)) * 0.0003
    for span in voice:
        inside = (times_s >= span.start_s) & (times_s < span.end_s)
        samples += inside * level * np.sin(600 * np.pi * times_s)
    return Audio(samples.astype(np.float32), SPEECH_RATE_HZ)


SPOKEN = timeline((1.0, 2.0), (2.5, 4.0), (4.2, 6.0))
DETECTED = timeline((1.0, 2.06), (2.6, 3.9), (4.25, 6.0))
"""Let go late, caught late; the second silence looks like a pause and is none."""


def heard(turn: Turn, voice: Voice) -> Heard:
    return Heard(
        utterances=(turn,),
        voices={turn.speaker: voice},
        sound=voice.sound,
        duration_s=voice.sound.duration_s,
        rate_hz=SPEECH_RATE_HZ,
        words_model="none",
        overlaps_void=None,
        notes=(),
    )


def test_the_same_sound_has_the_same_pauses_as_in_a_sitting() -> None:
    sound = sounding(SPOKEN, 7.0)
    span = Span(start_s=1.0, end_s=6.0)
    turn = Turn(speaker="A", span=span, words=spread(TEXT, span))
    (speaker,) = analyse(
        [turn], heard(turn, Voice(activity=DETECTED, sound=sound, shared=False))
    ).speakers
    scored = edged_by_level(DETECTED, sound)
    assert len(speaker.pauses) == len(pauses_of(scored)) == 1
    assert speaker.pauses[0].start_s == pytest.approx(pauses_of(scored)[0].start_s, abs=0.006)
    assert speaker.pauses[0].end_s == pytest.approx(pauses_of(scored)[0].end_s, abs=0.006)
    name = "articulation_rate_syllables_per_s"
    sitting = pacing_measures(turn.words, scored, line_end_s=None, latency_void=None)[name]
    here = speaker.measures[name]
    assert isinstance(here, Measured)
    assert isinstance(sitting, Measured)
    assert here.value == pytest.approx(sitting.value, rel=0.005)


def test_anothers_voice_in_a_pause_does_not_fill_it() -> None:
    other = timeline((2.1, 2.5))
    sound = Audio(sounding(SPOKEN, 7.0).samples + sounding(other, 7.0).samples, SPEECH_RATE_HZ)
    alone = edged(Voice(activity=DETECTED, sound=sound, shared=True))
    assert len(alone) < 3  # taken for a voice that the detector lost
    found = edged(Voice(activity=DETECTED, sound=sound, shared=True, others=other))
    assert found.spans[0] == DETECTED.spans[0]
    assert found.spans[1].start_s == DETECTED.spans[1].start_s
    assert found.spans[1].end_s == pytest.approx(4.0, abs=0.03)


def test_a_long_recording_is_edged_piece_by_piece() -> None:
    truth = timeline(*((1.0 + 2 * n, 2.5 + 2 * n) for n in range(round(1.5 * LONGEST_PIECE_S))))
    late = Timeline.of(Span(start_s=each.start_s, end_s=each.end_s + 0.1) for each in truth)
    asked_s = []

    class Told(Audio):
        def between(self, start_s: float, end_s: float) -> Audio:
            asked_s.append(end_s - start_s)
            return Audio.between(self, start_s, end_s)

    sound = sounding(truth, truth.spans[-1].end_s + 1.0)
    found = edged(Voice(activity=late, sound=Told(sound.samples, SPEECH_RATE_HZ), shared=False))
    assert len(asked_s) > 2
    assert max(asked_s) <= LONGEST_PIECE_S
    assert len(found) == len(truth)
    for ours, theirs in zip(found.spans[:-1], truth, strict=False):
        assert ours.end_s == pytest.approx(theirs.end_s, abs=0.03)


def test_nobody_has_no_pauses() -> None:
    assert edged(Voice(activity=Timeline(), sound=Audio.silence(1.0), shared=False)) == Timeline()
