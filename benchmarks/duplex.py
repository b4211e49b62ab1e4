"""Two hours of sound both ways, the echo cancelled: does it keep up, and does memory stay flat?

    python benchmarks/duplex.py [--minutes 120]

On the software microphone, in real time: lines are played, their echo comes back into the
microphone, and every frame goes through the canceller and the search for voices over the line, as
in a sitting. Nobody is recognised: what the recogniser takes comes on top. Nobody talks either, so
every voice found is false, but in lines during which the software room's own delay changed (its
server is busy now and then): those a sitting does not score, and learns from, as is done here.
Targets: under 15 % of one core, no frame lost, memory flat, no voice.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
from memory import resident_mb

from voice_coach.audio.calibration import calibrate, chime
from voice_coach.audio.duplex import FRAME
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import Audio
from voice_coach.audio.soundcard import SoundCard
from voice_coach.practice.hearing import ONSET_S
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.over_line import OverLine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from soundserver import SoftwareMicrophone

LINE = Path(__file__).resolve().parent.parent / "audio_fixtures" / "reflects" / "reply.wav"
PAUSE_S = 6.0
"""Between two lines; about as long as the line, so that half of the time something is played."""
MOST_CORE, MOST_GROWTH_MB = 0.15, 10.0


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def calibrated(card: SoundCard) -> OverLine:
    """The way from loudspeaker to microphone, measured by the short sound as in a sitting."""
    sound = chime()
    quiet = Audio.silence(0.4, sound.rate_hz)
    began_s = card.now_s
    whole = Audio.joined([quiet, sound, quiet, quiet])
    playback = card.play(whole)
    heard = []
    while playback.span is None or card.now_s < playback.span.end_s:
        heard.append(card.read())
    microphone = Audio.joined(heard)
    played = np.zeros(len(microphone), np.float32)
    at = round((playback.span.start_s - began_s) * 16_000)
    samples = whole.at_rate(16_000).samples[: len(played) - at]
    played[at : at + len(samples)] = samples
    found, canceller = calibrate(Audio(played, 16_000), microphone)
    print(f"the way: {found}", flush=True)
    over_line = OverLine(ActivityDetector(), canceller, calibration=found, began_s=card.now_s)
    over_line.listen()
    return over_line


class Lines:
    """What was found in each line, and the sound of the one that is spoken."""

    def __init__(self) -> None:
        self.scored = self.false = self.moved = 0
        self._heard: list[np.ndarray] = []
        self._played: list[np.ndarray] = []

    def note(self, heard: np.ndarray, played: np.ndarray) -> None:
        self._heard.append(heard)
        self._played.append(played)

    def closed(self, over_line: OverLine, *, began_s: float) -> OverLine:
        """The line is over; as in a sitting one that came through is learnt from."""
        sounds = [Audio(np.concatenate(part), 16_000) for part in (self._played, self._heard)]
        self._played, self._heard = [], []
        if over_line.came_through(lambda _, seconds: sounds[0].between(0.0, seconds)):
            self.moved += 1
            found, canceller = calibrate(*sounds)
            print(f"the way became: {found}", flush=True)
            if found.cancelled:
                return OverLine(ActivityDetector(), canceller, calibration=found, began_s=began_s)
        else:
            self.scored += 1
            self.false += bool(over_line.voices)
        over_line.rest()
        return over_line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    minutes = parser.parse_args().minutes
    line = read_recording(LINE).audio
    with (
        SoftwareMicrophone() as microphone,
        microphone.quiet_room(),
        microphone.acoustic_path(),
        SoundCard(SoftwareMicrophone.DEVICE, SoftwareMicrophone.DEVICE) as card,
    ):
        over_line = calibrated(card)
        began, used, lost = time.monotonic(), cpu_s(), card.lost_frames
        start_s, next_s, over_s, next_told = card.now_s, 0.0, 0.0, 1
        memory: list[float] = []
        lines = Lines()
        while card.now_s - start_s < 60 * minutes:
            if card.now_s >= next_s:
                card.play(line)
                over_s = card.now_s + line.duration_s + ONSET_S
                next_s = card.now_s + line.duration_s + PAUSE_S
                over_line.listen()  # as at every line
                memory.append(resident_mb())
            at_s = card.now_s
            frame = card.read()
            shift_s = over_line.calibration.shift_s
            over_line.feed(frame.samples, card.sounded(at_s - shift_s, FRAME))
            if at_s < over_s:
                lines.note(frame.samples, card.sounded(at_s, FRAME))
                if card.now_s >= over_s:
                    over_line = lines.closed(over_line, began_s=card.now_s)
            if card.now_s - start_s > 600 * next_told:
                next_told += 1
                told(card.now_s - start_s, cpu_s() - used, card.lost_frames - lost, memory, lines)
        whole_s, used_s = time.monotonic() - began, cpu_s() - used
        missing = card.lost_frames - lost
    told(whole_s, used_s, missing, memory, lines)
    half = len(memory) // 2
    growth_mb = np.median(memory[-half // 2 :]) - np.median(memory[half // 2 : half])
    if used_s / whole_s > MOST_CORE or missing or growth_mb > MOST_GROWTH_MB:
        raise SystemExit("a target was missed")


def told(whole_s: float, used_s: float, lost: int, memory: list[float], lines: Lines) -> None:
    quarter = max(1, len(memory) // 4)
    early, late = (np.median(part) for part in (memory[quarter : 2 * quarter], memory[-quarter:]))
    print(
        f"{whole_s / 60:.0f} minutes: {100 * used_s / whole_s:.1f} % of one core (target 15), "
        f"{lost / 16_000:.3f} s lost (target 0); memory {early:.0f} MB in the second quarter, "
        f"{late:.0f} MB in the last (target flat); a voice in {lines.false} of {lines.scored} "
        f"lines (target 0), {lines.moved} more not scored, the delay having changed",
        flush=True,
    )


if __name__ == "__main__":
    main()
