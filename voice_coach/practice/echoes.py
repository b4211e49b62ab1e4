"""What a sitting knows of its echo, and what follows from it.

::

    none       headphones: the reply may begin over the line, words and all
    cancelled  the loudspeaker is heard and taken out: who comes in over the line is noticed
    leaks      it is heard and cannot be taken out: nothing is listened to while the line sounds
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from voice_coach.audio.calibration import Calibration, calibrate, chime
from voice_coach.audio.canceller import EchoCanceller
from voice_coach.audio.echo import MIN_S
from voice_coach.audio.samples import Audio
from voice_coach.practice.booth import Booth, Heard, Pair
from voice_coach.practice.events import Noted
from voice_coach.practice.spoken import Spoken
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.over_line import OverLine

EchoState: TypeAlias = Literal["none", "cancelled", "leaks"]

CHIME_NOTE = "A short sound comes first, to hear how the loudspeaker reaches the microphone."

BEFORE_S = 0.4
"""The room alone before the short sound. Chosen: more than calibration.QUIET_S."""

AFTER_S = 0.8
"""How long its echo is waited for. Chosen: calibration.LATEST_S and the room's answer."""

SAME_WAY_S = 0.010
"""A delay that moved by less is the same: the canceller follows by itself. Chosen."""


class Echoes:
    """Finds out about the echo at the start of a sitting, and keeps watch."""

    def __init__(self, booth: Booth, pair: Pair | None) -> None:
        """``pair`` is None where no microphone could hear a loudspeaker."""
        self._booth = booth
        self._pair = pair if booth.settings.sounded else None
        self._known = pair.known if pair else None
        self.state: EchoState = "none"

    @property
    def known(self) -> bool:
        """Whether it has been measured, or cannot be."""
        return self._pair is None or self._known is not None

    def begin(self, *, spoken_next: bool) -> bool:
        """Before anything is said: go by last time, or play the short sound and listen.

        ``spoken_next`` says that something is spoken before the first line: the canceller learns
        from that, so a pair that is known needs no short sound. Returns whether somebody pressed
        the go key meanwhile: the sound is heard out, and what comes next is to be skipped.
        """
        if self._pair is None:
            return False
        if self._known is not None and (spoken_next or not self._known.heard):
            if self._known.heard:
                self._take(self._known, EchoCanceller(way_db=self._known.way_db))
            return False
        self._booth.emit(Noted(at_s=self._booth.now_s, text=CHIME_NOTE))
        spoken, heard = self._booth.say(_short_sound(), whole=True)
        self._measure(spoken, heard)
        return heard.pressed

    def after(self, spoken: Spoken, heard: Heard) -> None:
        """Something was spoken and nobody was to answer it: measure by it."""
        if self._pair is None:
            self.state = "leaks" if self._booth.echoes(spoken, heard) else self.state
        elif not spoken.cut_short:
            self._measure(spoken, heard)

    def found_out(self) -> None:
        """A loudspeaker that was not to be heard was heard: measure again the next time."""
        self.state = "leaks"
        if self._pair is not None:
            self._pair.keep(None)

    def _measure(self, spoken: Spoken, heard: Heard) -> None:
        pair, booth = self._pair, self._booth
        if pair is None or heard.duration_s < MIN_S:
            return
        microphone = Audio.joined(list(heard.frames))
        played = spoken.sound(heard.began_s, microphone.duration_s)
        found, canceller = calibrate(played, microphone)
        over_line = booth.over_line
        if not found.heard and self.state != "none" and over_line and over_line.voices:
            return  # somebody talked, and hid the echo
        pair.keep(found)
        same_way = (
            self._known is not None
            and over_line is not None
            and abs(found.delay_s - self._known.delay_s) < SAME_WAY_S
        )
        if not found.heard:
            booth.over_line, self.state = None, "none"
        elif same_way:
            self.state = "cancelled" if found.cancelled else "leaks"
        else:
            self._take(found, canceller)
        self._known = found

    def _take(self, calibration: Calibration, canceller: EchoCanceller) -> None:
        booth = self._booth
        booth.over_line = OverLine(
            ActivityDetector(), canceller, calibration=calibration, began_s=booth.now_s
        )
        booth.over_line.listen()
        self.state = "cancelled" if calibration.cancelled else "leaks"


def _short_sound() -> Iterator[Audio]:
    sound = chime()
    rate_hz = sound.rate_hz
    yield Audio.joined([Audio.silence(BEFORE_S, rate_hz), sound, Audio.silence(AFTER_S, rate_hz)])
