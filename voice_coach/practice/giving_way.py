"""The partner when talked over: speaks on for a moment, falls silent, goes on or leaves off.

::

    learner         [yeah, right, of course)                [But I never …………)
    partner  [--------------)              [-----------)      or  [-------)
                    0.7 s    waits          goes on                0.7 s   leaves off

Whether she goes on is decided by the words, in the first pause: the same rule that later calls an
overlap an interruption (:mod:`voice_coach.scoring.interruptions`).
"""

from __future__ import annotations

from collections.abc import Callable

from voice_coach.audio.echo import MIN_S
from voice_coach.conversation import Span, Timeline
from voice_coach.practice.reply import HeardReply
from voice_coach.practice.spoken import Spoken
from voice_coach.scoring.floor import BURST_GAP_S, TERMINAL_S
from voice_coach.scoring.interruptions import overlaps_with_line
from voice_coach.speech.listener import ReplyListener

GIVE_WAY_S = 0.7
"""How much of the learner's voice the partner speaks over before falling silent: people do so, and
a short "mm-hm" stops nobody. Chosen."""
LONGEST_WAIT_S = 8.0
"""After so long of unbroken sound the partner leaves off: it is a reply, or no voice. Chosen."""


class GivingWay:
    """Follows one line while it sounds; call :meth:`step` with every frame.

    ``holds`` are the silences in the line during which the partner waited, and then went on.
    ``echoed``: the voice was her own, come back from the loudspeaker; she gives way to it no more.
    """

    def __init__(
        self,
        spoken: Spoken,
        listener: ReplyListener,
        *,
        partner: str,
        is_echo: Callable[[], bool],
    ) -> None:
        """``is_echo``: whether the line comes back in what was heard of it so far."""
        self._spoken = spoken
        self._listener = listener
        self._partner = partner
        self._is_echo = is_echo
        self.echoed = False
        self._voice_s = 0.0
        self._fell_silent_s = 0.0
        self._went_on_s = 0.0
        self._finishing = False
        self.holds = Timeline()

    def step(self, now_s: float, heard: HeardReply, *, asked: bool) -> None:
        """A frame later. ``asked``: a key or the limit ended the learner's turn."""
        if self.echoed:
            return
        if self._spoken.held:
            self._wait(now_s, heard, asked=asked)
        elif self._is_talked_over(now_s):
            self._fall_silent(now_s)

    def _is_talked_over(self, now_s: float) -> bool:
        voice, line = self._listener.sounding(BURST_GAP_S), self._spoken.span
        if voice is None or line is None or self._finishing:
            return False
        if now_s - line.start_s < MIN_S:
            return False  # too early to tell an echo from somebody
        self._voice_s = max(voice.start_s, line.start_s, self._went_on_s)
        if voice.end_s - self._voice_s < GIVE_WAY_S:
            return False
        return not self._spoken.all_queued or line.end_s - now_s >= TERMINAL_S

    def _finds_echo(self) -> bool:
        self.echoed = self._is_echo()
        return self.echoed

    def _fall_silent(self, now_s: float) -> None:
        if self._finds_echo():
            return
        self._spoken.hold()
        self._fell_silent_s = now_s
        if self._spoken.all_queued and self._spoken.unsaid_s < TERMINAL_S:
            self._spoken.go_on()  # the device holds nearly all of it already
            self._finishing = True

    def _wait(self, now_s: float, heard: HeardReply, *, asked: bool) -> None:
        if asked or now_s - self._fell_silent_s > LONGEST_WAIT_S:
            self._spoken.stop()
            return
        if self._listener.open:
            so_far = self._listener.provisional
            if self._listener.sounding() is not None or so_far is None:
                return
            heard = heard.with_more(*so_far)
        if self._is_interruption(heard) and not self._finds_echo():
            self._spoken.stop()
        else:
            self._go_on(now_s)

    def _is_interruption(self, heard: HeardReply) -> bool:
        line = self._spoken.span
        if line is None:
            return False
        meant = Span(start_s=line.start_s, end_s=line.end_s + self._spoken.unsaid_s)
        since = Span(start_s=self._voice_s, end_s=max(meant.end_s, self._fell_silent_s) + 60.0)
        words = [word for word in heard.words if word.span.end_s > since.start_s]
        found = overlaps_with_line(
            heard.activity.within(since),
            words,
            meant,
            by="you",
            over=self._partner,
            silent=self.holds,
        )
        return any(overlap.kind == "interruption" for overlap in found)

    def _go_on(self, now_s: float) -> None:
        line = self._spoken.span
        if line is not None and line.end_s < now_s:
            self.holds |= Timeline.of([Span(start_s=line.end_s, end_s=now_s)])
        self._spoken.go_on()
        self._went_on_s = now_s
