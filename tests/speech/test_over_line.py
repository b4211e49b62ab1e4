"""Who talks over the line: on the project's own voices, in a made room."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.calibration import Calibration, calibrate, chime
from voice_coach.audio.canceller import EchoCanceller
from voice_coach.audio.duplex import FRAME_S
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.scoring.interruptions import overlaps_with_line
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.over_line import OverLine

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
COMES_IN_S = 4.0


def reply(case: str) -> np.ndarray:
    return read_recording(FIXTURES / case / "reply.wav").audio.samples


@functools.cache
def scene(
    *, talks: bool, quieter_db: float = 0.0, way_db: float = -20.0
) -> tuple[np.ndarray, np.ndarray, int, Span]:
    """What was played and heard: the short sound, then a line; how long the first is; the line."""
    line = reply("hijacks")
    gap = np.zeros(SPEECH_RATE_HZ // 2, np.float32)
    far = np.concatenate([gap, chime().samples, gap, line, gap])
    first = len(far) - len(line) - len(gap)
    random = np.random.default_rng(2)
    late_s = np.arange(4000) / SPEECH_RATE_HZ
    response = random.normal(size=4000) * np.exp(-late_s / 0.05)
    response /= np.sqrt(np.sum(response**2))
    near = np.convolve(far, response)[: len(far)] * 10 ** (way_db / 20)
    near = np.concatenate([np.zeros(400), near])[: len(far)]
    near += random.normal(scale=5e-4, size=len(far))
    if talks:
        talk = reply("interrupts")[: round(4.3 * SPEECH_RATE_HZ)]
        talk = talk * np.std(near[first:]) / np.std(talk) * 10 ** (-quieter_db / 20)
        at = first + round(COMES_IN_S * SPEECH_RATE_HZ)
        near[at : at + len(talk)] += talk
    start_s = first / SPEECH_RATE_HZ
    spoken = Span(start_s=start_s, end_s=start_s + len(line) / SPEECH_RATE_HZ)
    return far, near.astype(np.float32), first, spoken


def voices(
    *,
    talks: bool,
    block: int = 512,
    gain: float = 1.0,
    quieter_db: float = 0.0,
    way_db: float = -20.0,
) -> tuple[Timeline, Span]:
    far, near, first, line = scene(talks=talks, quieter_db=quieter_db, way_db=way_db)
    near = near * np.float32(gain)
    found, canceller = calibrate(
        Audio(far[:first], SPEECH_RATE_HZ), Audio(near[:first], SPEECH_RATE_HZ)
    )
    assert found.cancelled
    over_line = OverLine(
        ActivityDetector(), canceller, calibration=found, began_s=first / SPEECH_RATE_HZ
    )
    over_line.listen()
    shift = round(found.shift_s * SPEECH_RATE_HZ)
    far = np.roll(far, shift)
    for at in range(first, len(near), block):
        over_line.feed(near[at : at + block], far[at : at + block])
    return over_line.voices, line


def kinds(*, gain: float) -> list[str]:
    heard, line = voices(talks=True, gain=gain)
    found = overlaps_with_line(heard, (), line, by="you", over="Maya", worded=False)
    return [overlap.kind for overlap in found]


def times(*, gain: float) -> list[float]:
    heard, _ = voices(talks=True, gain=gain)
    return [time_s for span in heard for time_s in (span.start_s, span.end_s)]


@pytest.mark.parametrize("way_db", [-20.0, -30.0, -36.0])
def test_a_line_that_nobody_talks_over_has_no_voice_in_it(way_db: float) -> None:
    """Nor where its echo is hardly louder than the room."""
    assert not voices(talks=False, way_db=way_db)[0]


@pytest.mark.parametrize("quieter_db", [0.0, 10.0])
def test_somebody_no_louder_than_the_echo_is_found_when_they_come_in(quieter_db: float) -> None:
    heard, line = voices(talks=True, quieter_db=quieter_db)
    onset = np.flatnonzero(np.abs(reply("interrupts")) > 0.01)[0] / SPEECH_RATE_HZ
    assert heard.spans
    first = heard.spans[0].start_s - line.start_s
    assert first == pytest.approx(COMES_IN_S + onset, abs=0.15)


@pytest.mark.parametrize("block", [160, 441, 4096])
def test_the_sizes_of_blocks_leave_no_trace(block: int) -> None:
    assert voices(talks=True, block=block) == voices(talks=True)


@pytest.mark.parametrize("louder_db", [12.0, -12.0])
def test_a_louder_or_softer_microphone_leaves_the_times_as_they_were(louder_db: float) -> None:
    assert times(gain=10 ** (louder_db / 20)) == pytest.approx(times(gain=1.0), abs=2 * FRAME_S)


def test_new_figures_of_the_same_way_are_taken_over() -> None:
    """The echo is known to be 20 dB louder than it was last time: what is left of it is faint."""
    last, now = (
        Calibration(heard=True, delay_s=delay_s, level_db=level_db, erle_db=20.0, room_db=-90.0)
        for delay_s, level_db in ((0.06, -60.0), (0.065, -20.0))
    )
    over_line = OverLine(ActivityDetector(), EchoCanceller(), calibration=last, began_s=0.0)
    over_line.listen()
    over_line.go_by(now)
    assert over_line.calibration.level_db == now.level_db
    assert over_line.calibration.softer_heard
    assert over_line.calibration.delay_s == last.delay_s  # the canceller has learnt this one
    soft = reply("interrupts") * np.float32(0.02)
    over_line.feed(soft, np.zeros_like(soft))
    assert not over_line.voices


def test_at_rest_nothing_is_looked_for_and_what_was_found_stays() -> None:
    found = Calibration(heard=True, level_db=-40.0, erle_db=20.0, room_db=-90.0)
    over_line = OverLine(ActivityDetector(), EchoCanceller(), calibration=found, began_s=0.0)
    over_line.listen()
    talk = reply("interrupts")
    over_line.feed(talk, np.zeros_like(talk))
    heard = over_line.voices
    assert heard
    over_line.rest()
    over_line.feed(talk, np.zeros_like(talk))
    assert over_line.voices == heard


def test_a_louder_or_softer_microphone_leaves_the_kinds_as_they_were() -> None:
    assert kinds(gain=1.0) == ["interruption"]
    assert kinds(gain=10 ** (12 / 20)) == kinds(gain=10 ** (-12 / 20)) == ["interruption"]


def test_a_line_came_through_where_the_way_became_another() -> None:
    far, near, first, line = scene(talks=False)
    found, canceller = calibrate(
        Audio(far[:first], SPEECH_RATE_HZ), Audio(near[:first], SPEECH_RATE_HZ)
    )
    over_line = OverLine(ActivityDetector(), canceller, calibration=found, began_s=line.start_s)
    over_line.listen()
    in_step = np.roll(far, round(found.shift_s * SPEECH_RATE_HZ))
    middle = (first + len(far)) // 2
    whole = Audio(far[first:], SPEECH_RATE_HZ)

    def played(from_s: float, duration_s: float) -> Audio:
        at_s = from_s - line.start_s
        return whole.between(at_s, at_s + duration_s)

    over_line.feed(near[first:middle], in_step[first:middle])
    assert not over_line.came_through(played)
    later = np.roll(near, round(0.02 * SPEECH_RATE_HZ))
    over_line.feed(later[middle:], in_step[middle:])
    assert over_line.came_through(played)
    over_line.listen()
    assert not over_line.came_through(played)


def test_a_line_that_is_not_taken_out_came_through() -> None:
    """The canceller is shown nothing of what is played, as where the sound card says wrongly."""
    far, near, first, line = scene(talks=False)
    found, canceller = calibrate(
        Audio(far[:first], SPEECH_RATE_HZ), Audio(near[:first], SPEECH_RATE_HZ)
    )
    over_line = OverLine(ActivityDetector(), canceller, calibration=found, began_s=line.start_s)
    over_line.listen()
    over_line.feed(near[first:], np.zeros_like(far[first:]))
    assert over_line.came_through(lambda _, seconds: Audio(far[first:], 16_000).between(0, seconds))
