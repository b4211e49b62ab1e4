"""What a sitting knows of its echo, and what follows from it.

::

    none       headphones: the reply may begin over the line, words and all
    cancelled  the loudspeaker is heard and taken out: who comes in over the line is noticed
    leaks      it is heard and cannot be taken out: nothing is listened to while the line sounds

Nothing counts as none or cancelled before this sitting has listened for its own loudspeaker:
headphones are unplugged, a loudspeaker is turned up, and last time's figures tell nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from voice_coach.audio.calibration import CHIME_S, Calibration, calibrate, chime
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
"""The room alone before the short sound. Chosen: its quietest tenth of a second is what counts."""

AFTER_S = 0.8
"""How long its echo is waited for. Chosen: calibration.LATEST_S and the room's answer."""

ENOUGH_S = CHIME_S
"""So much of a text serves as well as the short sound, if somebody skipped the rest. Chosen."""

SAME_WAY_S = 0.010
"""A delay that moved by less is the same: the canceller follows by itself. Chosen."""

MOST_LEARNT = 2
"""So many lines in a row that leaked are learnt from; then this loudspeaker leaks. Chosen."""


class Echoes:
    """Finds out about the echo at the start of a sitting, and keeps watch."""

    def __init__(self, booth: Booth, pair: Pair | None) -> None:
        """``pair`` is None where no microphone could hear a loudspeaker."""
        self._booth = booth
        self._pair = pair if booth.settings.sounded else None
        self._known = pair.known if pair else None
        self._measured = False
        self._learnt = 0
        self.state: EchoState = "leaks" if self._pair else "none"

    def begin(self, *, spoken_next: bool) -> bool:
        """Before anything is said: play the short sound and listen, or leave it to what is spoken.

        ``spoken_next`` says that something is spoken before the first line, and heard by
        :meth:`after`: a pair that is known is measured by that. Returns whether somebody pressed
        the go key meanwhile: the sound is heard out, and what comes next is to be skipped.
        """
        if self._pair is None:
            return False
        if self._known is None or not spoken_next:
            pressed = self._play_short_sound()
            self._listen()
            return pressed
        if self._known.heard:
            self._take(self._known, EchoCanceller(way_db=self._known.way_db))
            self._listen()
        return False

    def after(self, spoken: Spoken, heard: Heard) -> None:
        """Something was spoken and nobody was to answer it: measure by it, or by the short sound.

        The short sound comes where too little was spoken, or somebody talked meanwhile.
        """
        if self._pair is None:
            self.state = "leaks" if self._booth.echoes(spoken, heard) else self.state
            return
        if spoken.span is not None and spoken.span.duration_s >= ENOUGH_S:
            self._measure(spoken, heard)
        if not self._measured:
            self._play_short_sound()
        if self._booth.over_line is not None:
            self._booth.over_line.rest()

    def leaked(self, played: Audio, heard: Audio) -> None:
        """A line came through, or was heard where nothing was: measure by the line itself.

        Where its echo can be taken out after all, the next line may be talked over again.
        """
        known_to_leak, self.state = self.state == "leaks", "leaks"
        self._booth.over_line = None
        if self._pair is None or self._learnt >= MOST_LEARNT or heard.duration_s < MIN_S:
            return
        self._learnt += 1
        found, canceller = calibrate(played, heard)
        if found.cancelled:
            self._learnt = 0
            self._settle(found, canceller)
        elif not known_to_leak:
            self._pair.keep(None)

    def _play_short_sound(self) -> bool:
        """Play it and measure by it; whether somebody pressed the go key meanwhile."""
        self._booth.emit(Noted(at_s=self._booth.now_s, text=CHIME_NOTE))
        self._listen()
        spoken, heard = self._booth.say(_short_sound(), whole=True)
        self._measure(spoken, heard)
        if not self._measured:
            self._booth.over_line = None
        return heard.pressed

    def _listen(self) -> None:
        """Listen for somebody who talks while it is measured."""
        if self._booth.over_line is not None:
            self._booth.over_line.listen()

    def _measure(self, spoken: Spoken, heard: Heard) -> None:
        microphone = Audio.joined(list(heard.frames))
        if microphone.duration_s < MIN_S:
            return
        played = spoken.sound(heard.began_s, microphone.duration_s)
        found, canceller = calibrate(played, microphone)
        if found.cancelled or not self._talked_over():
            self._settle(found, canceller)

    def _talked_over(self) -> bool:
        """Whether somebody talked while it was measured, and hid or spoilt a good echo."""
        over_line = self._booth.over_line
        return over_line is not None and over_line.calibration.cancelled and bool(over_line.voices)

    def _settle(self, found: Calibration, canceller: EchoCanceller) -> None:
        """Go by what was found, and keep it for the next time."""
        booth = self._booth
        if self._pair is not None:
            self._pair.keep(found)
        self._known = found
        self._measured = True
        if not found.cancelled:
            booth.over_line = None
            self.state = "leaks" if found.heard else "none"
            return
        self.state = "cancelled"
        over_line = booth.over_line
        moved_s = found.delay_s - over_line.calibration.delay_s if over_line else float("inf")
        if over_line is not None and abs(moved_s) < SAME_WAY_S:
            over_line.go_by(found)
            over_line.rest()
        else:
            self._take(found, canceller)

    def _take(self, calibration: Calibration, canceller: EchoCanceller) -> None:
        self._booth.over_line = OverLine(
            ActivityDetector(), canceller, calibration=calibration, began_s=self._booth.now_s
        )


def _short_sound() -> Iterator[Audio]:
    sound = chime()
    rate_hz = sound.rate_hz
    yield Audio.joined([Audio.silence(BEFORE_S, rate_hz), sound, Audio.silence(AFTER_S, rate_hz)])
