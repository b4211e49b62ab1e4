"""One attempt as it is heard: the line while it sounds, then the reply until it is over."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, text_of
from voice_coach.practice.booth import Booth
from voice_coach.practice.events import EndedBy, LineSpoken, PartialTranscript, ReplyStarted
from voice_coach.practice.preparation import Answer, Preparer, Question
from voice_coach.practice.reply import HeardReply
from voice_coach.scenarios.model import Line
from voice_coach.scoring.attempt import Attempt
from voice_coach.speech.endpoint import SpeechStarted
from voice_coach.speech.listener import (
    Ended,
    Happening,
    PartialText,
    ReplyListener,
)

ECHO_REASON = (
    "the microphone hears the loudspeaker, so your voice and the partner's cannot be told apart "
    "while both sound (headphones mend it)"
)
UNSOUNDED_REASON = "the line was shown, not played"
ECHO_TAIL_S = 0.3
"""How long a room rings on after the loudspeaker, where it leaks in. Chosen."""


class Hearing:
    """Listens to one attempt and gives the answer to it.

    Call :meth:`line`, then :meth:`reply`. ``echo`` says whether the loudspeaker is known to leak
    into the microphone; then nothing is listened for while the line sounds.
    """

    def __init__(
        self,
        *,
        booth: Booth,
        listener: ReplyListener,
        preparer: Preparer,
        line: Line,
        partner: str,
        number: int,
        asked: Question,
        echo: bool,
    ) -> None:
        self._booth = booth
        self._listener = listener
        self._preparer = preparer
        self._line = line
        self._partner = partner
        self._number = number
        self._asked = asked
        self.echo = echo
        self._began_s = booth.now_s
        self._frames: list[Audio] = []
        self._line_span: Span | None = None
        self._speaking_since_s: float | None = None
        self._shown = False
        self._settled = 0
        self._ended = False
        self.heard = HeardReply()
        self.ended_by: EndedBy = "silence"

    def line(self, pieces: Iterable[Audio]) -> None:
        """The partner speaks; whatever the learner says meanwhile is heard too."""
        booth = self._booth
        spoken = booth.spoken(pieces)
        announced = False
        while not spoken.over:
            spoken.pump()
            span = spoken.span
            if span is not None:
                # Not before the line sounds: loading would make it late.
                self._preparer.warm_up()
            if spoken.all_queued and span is not None and not announced:
                booth.duplex.expect_reply(span.end_s)
                announced = True
            booth.pressed_go()
            self._hear(listen=not self.echo)
        span = spoken.span or Span(start_s=booth.now_s, end_s=booth.now_s)
        if not announced:
            booth.duplex.expect_reply(span.end_s)
        self._line_span = span
        booth.emit(
            LineSpoken(
                at_s=booth.now_s,
                attempt=self._number,
                line_id=self._line.id,
                partner=self._partner,
                text=self._line.says,
                span=span,
            )
        )
        if not self.echo and booth.echoes(spoken, self._frames, self._began_s):
            self.echo = True
        if self.echo:
            self._drop_the_line()
        self._show_start()

    def reply(self) -> Answer:
        """The learner speaks; ends by silence, key, limit, or when nothing comes at all."""
        while True:
            self._collect()
            answer = self._preparer.answer(self.heard_reply, self._attempt, self._asked)
            if self._still_quiet_until(answer):
                return answer.result()
            self._ended = False
            self._preparer.forget()

    @property
    def heard_reply(self) -> HeardReply:
        """What was heard, listening noises over the line set apart."""
        return self.heard.parted_from(self._line_end_s)

    @property
    def _line_end_s(self) -> float:
        return self._line_span.end_s if self._line_span else float("inf")

    def _collect(self) -> None:
        booth = self._booth
        waited_for_s = self._line_end_s + booth.settings.wait_s
        while not self._ended:
            if booth.pressed_go():
                self._finish("key")
                return
            self._hear(listen=True)
            self._consider()
            silent = self._speaking_since_s is None
            if silent and (self._held_long_enough() or booth.now_s > waited_for_s):
                self._finish("silence" if self.heard_reply.words else "nothing said")

    def _still_quiet_until(self, answer: Future[Answer]) -> bool:
        """Wait for the answer; False where the person speaks again before it can begin."""
        while not answer.done():
            self._hear(listen=True)
            if self._speaking_since_s is not None:
                return False
        return True

    def _hear(self, *, listen: bool) -> None:
        start_s = self._booth.now_s
        frame = self._booth.frame()
        self._frames.append(frame)
        if listen:
            for happening in self._listener.feed(frame, start_s):
                self._take(happening)

    def _take(self, happening: Happening) -> None:
        booth = self._booth
        match happening:
            case SpeechStarted(at_s=at_s):
                self._speaking_since_s = at_s
                self._show_start()
            case PartialText(text=text, settled=settled):
                so_far = (*self.heard.words, *settled)
                booth.emit(
                    PartialTranscript(
                        at_s=booth.now_s,
                        attempt=self._number,
                        text=f"{text_of(so_far)} {text}".strip(),
                        settled=so_far[self._settled :],
                    )
                )
                self._settled = max(self._settled, len(so_far))
            case Ended(words=words, activity=activity, reason=reason):
                self._speaking_since_s = None
                self.heard = self.heard.with_more(words, activity)
                self._ended = self._line_span is not None and (
                    reason == "limit" or self._says_enough()
                )
                self.ended_by = "limit" if reason == "limit" else "silence"
            case _:
                pass

    def _says_enough(self) -> bool:
        reply = self.heard_reply
        return bool(reply.words) and not reply.too_short_to_end

    def _held_long_enough(self) -> bool:
        """Whether a reply that may have been only a start has been left open long enough."""
        reply = self.heard_reply
        return (
            bool(reply.words)
            and reply.span is not None
            and (self._booth.now_s - reply.span.end_s >= 2 * self._booth.settings.patience_s)
        )

    def _finish(self, ended_by: EndedBy) -> None:
        ended = self._listener.finish(self._booth.now_s)
        if ended is not None:
            self._take(ended)
        self.ended_by = ended_by if self.heard_reply.words else "nothing said"
        self._ended = True

    def _consider(self) -> None:
        """Let the answer to what was said so far be made ready while the silence lasts."""
        provisional = self._listener.provisional
        if provisional is None or self._line_span is None:
            return
        words, activity = provisional
        reply = self.heard.with_more(words, activity).parted_from(self._line_end_s)
        self._preparer.consider(reply, lambda: self._attempt_with(reply), self._asked)

    def _attempt(self) -> Attempt:
        return self._attempt_with(self.heard_reply)

    def _attempt_with(self, reply: HeardReply) -> Attempt:
        settings = self._booth.settings
        overlaps_void = None
        if not settings.sounded:
            overlaps_void = UNSOUNDED_REASON
        elif self.echo:
            overlaps_void = ECHO_REASON
        return Attempt(
            line=self._line.says,
            partner=self._partner,
            feels=self._line.feels,
            needs=self._line.needs,
            facts=self._line.facts,
            line_span=self._line_span,
            words=reply.words,
            activity=reply.activity,
            early_words=reply.early_words,
            early_activity=reply.early_activity,
            audio=Audio.joined(list(self._frames)) if self._frames else None,
            audio_start_s=self._began_s,
            latency_void=settings.latency_void,
            overlaps_void=overlaps_void,
        )

    def _drop_the_line(self) -> None:
        """Forget what was heard while the loudspeaker leaked, and let its tail die away."""
        self._listener.reset()
        self.heard = HeardReply()
        self._speaking_since_s = None
        until_s = self._line_end_s + ECHO_TAIL_S
        while self._booth.now_s < until_s:
            self._hear(listen=False)

    def _show_start(self) -> None:
        if self._shown or self._speaking_since_s is None or self._line_span is None:
            return
        self._shown = True
        self._booth.emit(
            ReplyStarted(
                at_s=self._booth.now_s, attempt=self._number, start_s=self._speaking_since_s
            )
        )
