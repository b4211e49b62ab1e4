"""One attempt as it is heard: the line while it sounds, then the reply until it is over."""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, Timeline, Word, text_of
from voice_coach.errors import UserError
from voice_coach.practice.booth import ECHO_TAIL_S, KEY_TAIL_S, Booth, Heard
from voice_coach.practice.echoes import Echoes, EchoState
from voice_coach.practice.events import EndedBy, LineSpoken, PartialTranscript, ReplyStarted
from voice_coach.practice.giving_way import GivingWay
from voice_coach.practice.preparation import Answer, Preparer, Question
from voice_coach.practice.reply import HeardReply
from voice_coach.practice.spoken import Spoken
from voice_coach.scenarios.model import Line
from voice_coach.scoring.attempt import Attempt
from voice_coach.scoring.floor import BURST_GAP_S
from voice_coach.speech.endpoint import SpeechStarted
from voice_coach.speech.listener import (
    Ended,
    Happening,
    PartialText,
    ReplyListener,
)

ECHO_REASON = (
    "echo not cancelled: the microphone hears the loudspeaker, and your voice cannot be told from "
    "the partner's while both sound (headphones mend it)"
)
UNSOUNDED_REASON = "the line was shown, not played"
ONSET_S = 0.6
"""So long after the line it is still looked for when a voice began. Chosen: its tail, and what it
takes to tell a voice."""
DEAD_S = 20.0
"""How long after the line a microphone that has given nothing but zeros is waited for. Chosen."""


class Hearing:
    """Listens to one attempt and gives the answer to it.

    Call :meth:`line`, then :meth:`reply`. Where ``echoes`` knows the loudspeaker to leak into the
    microphone, no reply is listened for while the line sounds; where the echo is cancelled, it is
    noticed when somebody talks over the line, not what is said.
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
        echoes: Echoes,
    ) -> None:
        self._booth = booth
        self._listener = listener
        self._preparer = preparer
        self._line = line
        self._partner = partner
        self._number = number
        self._asked = asked
        self.echo: EchoState = echoes.state
        self._began_s = booth.now_s
        self._frames: list[Audio] = []
        self._line_span: Span | None = None
        self._spoken: Spoken | None = None
        self._silent = Timeline()
        self._unsaid_s = 0.0
        self._pressed = False
        self._over_line: Timeline | None = None
        self._softer_lost = False
        self._listened_from_s = 0.0
        self._line_frames = 0
        self._onset_until_s: float | None = None
        self._speaking_since_s: float | None = None
        self._shown = False
        self._settled = 0
        self._limit_reached = False
        self._decided_s: float | None = None
        self.heard = HeardReply()
        self.ended_by: EndedBy = "silence"

    def line(self, pieces: Iterable[Audio]) -> None:
        """The partner speaks; whatever the learner says meanwhile is heard too."""
        booth = self._booth
        if self.echo == "cancelled" and booth.over_line is not None:
            booth.over_line.listen()
        spoken = self._spoken = booth.spoken(pieces)
        self._giving_way = GivingWay(
            spoken, self._listener, partner=self._partner, is_echo=self._comes_back
        )
        self._hear_out(spoken)
        self._close_line(spoken)
        if self.echo == "none" and self._comes_back():
            self.echo = "leaks"
        if self.echo != "none":
            self._drop_the_line()
        self._line_frames = len(self._frames)
        if self.echo == "cancelled":
            self._notice_voices()
        self._show_start()

    @property
    def line_sound(self) -> tuple[Audio, Audio]:
        """What was played of the line, and what was heard meanwhile."""
        heard = Audio.joined(self._frames[: self._line_frames])
        if self._spoken is None:
            return Audio.silence(heard.duration_s), heard
        return self._spoken.sound(self._began_s, heard.duration_s), heard

    def _comes_back(self) -> bool:
        """Whether the line, as far as it was said, is in what was heard."""
        heard = Heard(frames=self._frames, began_s=self._began_s)
        return self._spoken is not None and self._booth.echoes(self._spoken, heard)

    def _hear_out(self, spoken: Spoken) -> None:
        """Hear the line out, or to where the partner left off."""
        booth, announced, held = self._booth, False, False
        while not spoken.over:
            spoken.pump()
            span = spoken.span
            if span is not None:
                # Not before the line sounds: loading would make it late.
                self._preparer.warm_up()
            if spoken.all_queued and span is not None and not announced:
                booth.duplex.expect_reply(span.end_s)
                announced = True
            self._pressed = booth.pressed_go() and spoken.held
            self._hear(listen=self.echo == "none")
            if self.echo == "none" and booth.settings.sounded:
                asked = self._pressed or self._limit_reached
                self._giving_way.step(booth.now_s, self.heard, asked=asked)
                if spoken.held != held:
                    held = spoken.held
                    booth.enter("reply" if held else "line")
                if self._giving_way.echoed:
                    self.echo = "leaks"
        if not announced:
            booth.duplex.expect_reply(spoken.span.end_s if spoken.span else booth.now_s)

    def _close_line(self, spoken: Spoken) -> None:
        """The line is over: note when it sounded."""
        booth, holds = self._booth, self._giving_way.holds
        span = spoken.span or Span(start_s=booth.now_s, end_s=booth.now_s)
        self._line_span = span
        self._unsaid_s = spoken.unsaid_s
        meant_end_s = span.end_s + self._unsaid_s
        self._silent = holds
        if self._unsaid_s:
            self._silent |= Timeline.of([Span(start_s=span.end_s, end_s=meant_end_s)])
        booth.emit(
            LineSpoken(
                at_s=booth.now_s,
                attempt=self._number,
                line_id=self._line.id,
                partner=self._partner,
                text=self._line.says,
                span=span,
                unsaid_s=self._unsaid_s,
                holds=holds.spans,
            )
        )

    def reply(self) -> Answer:
        """The learner speaks; ends by silence, key, limit, or when nothing comes at all."""
        while True:
            self._collect()
            answer = self._preparer.answer(self.heard_reply, self._attempt, self._asked)
            # A key or the limit is final; a silence is taken back by speaking on.
            final = self.ended_by in {"key", "limit"}
            if self._waited_for(answer, listen=not final):
                return answer.result()
            self._preparer.forget()

    def leave(self) -> None:
        """The sitting is being broken off: take in what was said so far."""
        if self._line_span is None and self._spoken is not None and self._spoken.held:
            self._spoken.stop()
            self._close_line(self._spoken)
        if self._line_span is not None:
            self._finish("stopped")

    @property
    def late_s(self) -> float | None:
        """How long after silence had decided the end of the turn it is now, in seconds."""
        return None if self._decided_s is None else self._booth.now_s - self._decided_s

    @property
    def heard_reply(self) -> HeardReply:
        """What was heard, listening noises over the line set apart."""
        return self._parted(self.heard)

    def _parted(self, heard: HeardReply) -> HeardReply:
        line = self._line_span
        if line is None:
            return heard.parted_from(math.inf)
        return heard.parted_from(line.end_s, line_start_s=line.start_s)

    @property
    def _line_end_s(self) -> float:
        return self._line_span.end_s if self._line_span else math.inf

    @property
    def _meant_span(self) -> Span | None:
        """When the line would have sounded, had it not been left off."""
        line = self._line_span
        return line and Span(start_s=line.start_s, end_s=line.end_s + self._unsaid_s)

    def _collect(self) -> None:
        booth = self._booth
        while True:
            if booth.pressed_go() or self._pressed:
                self._hear_until(booth.now_s + KEY_TAIL_S)
                self._finish("key")
                return
            self._hear(listen=True)
            self._consider()
            if self._limit_reached:
                self._finish("limit")
                return
            if self._speaking_since_s is None:
                if self._quiet_long_enough():
                    self._finish("silence")
                    return
                if booth.now_s > self._line_end_s + booth.settings.wait_s:
                    self._finish("nothing said")
                    return
                self._refuse_dead_microphone()

    def _waited_for(self, answer: Future[Answer], *, listen: bool) -> bool:
        """Wait for the answer; False where the person speaks again before it can begin."""
        while not answer.done():
            self._booth.pressed_go()  # the stop key works; Enter has nothing to skip yet
            self._hear(listen=listen)
            if listen and self._speaking_since_s is not None:
                return False
        return True

    def _refuse_dead_microphone(self) -> None:
        """Raise UserError where a microphone found dead at the start has stayed so."""
        mend = self._booth.settings.dead_microphone
        if mend is None or self._booth.now_s < self._line_end_s + DEAD_S:
            return
        if not any(frame.samples.any() for frame in self._frames):
            raise UserError(mend)

    def _hear_until(self, time_s: float) -> None:
        while self._booth.now_s < time_s:
            self._hear(listen=True)

    def _hear(self, *, listen: bool, deaf: bool = False) -> None:
        start_s = self._booth.now_s
        frame = self._booth.frame()
        self._frames.append(frame)
        self._notice_onset()
        if listen:
            for happening in self._listener.feed(frame, start_s, deaf=deaf):
                self._take(happening)

    def _take(self, happening: Happening) -> None:
        booth = self._booth
        match happening:
            case SpeechStarted(at_s=at_s):
                self._speaking_since_s = at_s
                self._show_start()
            case PartialText(text=text, settled=settled) if self._line_span is not None:
                # Not while the line sounds: it may be the loudspeaker that is heard.
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
                self._limit_reached = reason == "limit"
                self._take_in(words, activity)
            case _:
                pass

    def _take_in(self, words: tuple[Word, ...], activity: Timeline) -> None:
        """A stretch of voice is over. A wordless one (a cough, a door) begins no reply."""
        if words or self.heard.words:
            self.heard = self.heard.with_more(words, activity)
            return
        early = activity
        if self._line_span is not None:
            early = activity.within(Span(start_s=0.0, end_s=self._line_span.end_s))
        self.heard = replace(self.heard, early_activity=self.heard.early_activity | early)
        self._shown = False

    def _quiet_long_enough(self) -> bool:
        """Whether silence has decided that the reply is over; sets when it did.

        Silence counts from the last sound, but not while the partner still speaks; after so few
        words that they may be only a start, it may last twice as long.
        """
        reply = self.heard_reply
        if not reply.words or reply.span is None:
            return False
        patience_s = self._booth.settings.patience_s * (2 if reply.too_short_to_end else 1)
        self._decided_s = max(reply.span.end_s, self._line_end_s) + patience_s
        return self._booth.now_s >= self._decided_s

    def _finish(self, ended_by: EndedBy) -> None:
        ended = self._listener.finish(self._booth.now_s)
        if ended is not None:
            self._take(ended)
        self.ended_by = ended_by if self.heard_reply.words else "nothing said"
        if ended_by != "silence":
            self._decided_s = None

    def _consider(self) -> None:
        """Let the answer to what was said so far be made ready while the silence lasts."""
        provisional = self._listener.provisional
        if provisional is not None:
            reply = self._parted(self.heard.with_more(*provisional))
        elif self._speaking_since_s is None and self.heard.words:
            reply = self.heard_reply
        else:
            return
        self._preparer.consider(reply, lambda: self._attempt_with(reply), self._asked)

    def _attempt(self) -> Attempt:
        return self._attempt_with(self.heard_reply)

    def _attempt_with(self, reply: HeardReply) -> Attempt:
        settings = self._booth.settings
        unsounded = None if settings.sounded else UNSOUNDED_REASON
        overlaps_void = unsounded or (ECHO_REASON if self.echo == "leaks" else None)
        return Attempt(
            line=self._line.says,
            partner=self._partner,
            feels=self._line.feels,
            needs=self._line.needs,
            facts=self._line.facts,
            line_span=self._meant_span,
            words=reply.words,
            activity=reply.activity,
            early_words=reply.early_words,
            early_activity=reply.early_activity,
            over_line=self._over_line,
            softer_lost=self._softer_lost,
            audio=Audio.joined(list(self._frames)) if self._frames else None,
            audio_start_s=self._began_s,
            latency_void=unsounded or settings.latency_void,
            begun_unheard=self._begun_unheard(reply),
            overlaps_void=overlaps_void,
            line_silent=self._silent,
            baseline=settings.baseline,
            not_compared=settings.not_compared,
        )

    def _drop_the_line(self) -> None:
        """Forget what was heard while the loudspeaker leaked, and let its tail die away.

        The tail starts no reply, but is kept as sound: a prompt reply keeps its first syllable.
        """
        self._listener.reset()
        self.heard = HeardReply()
        self._speaking_since_s = None
        until_s = self._line_end_s + ECHO_TAIL_S
        while self._booth.now_s < until_s:
            self._hear(listen=True, deaf=True)
        self._listened_from_s = self._booth.now_s

    def _begun_unheard(self, reply: HeardReply) -> bool:
        """Whether the reply may have begun before it was listened for, be it with a pause."""
        if self.echo != "leaks" or reply.span is None:
            return False
        return reply.span.start_s < self._listened_from_s + BURST_GAP_S

    def _notice_voices(self) -> None:
        """Take what was heard over the line, its echo cancelled; or see that it was not."""
        over_line = self._booth.over_line
        if over_line is None or self._spoken is None:
            return
        if over_line.came_through(self._spoken.sound):
            over_line.rest()
            self.echo = "leaks"
        else:
            self._over_line = over_line.voices
            self._onset_until_s = self._line_end_s + ONSET_S
            self._softer_lost = not over_line.calibration.softer_heard

    def _notice_onset(self) -> None:
        """A voice that began in the line's tail is known only when there is enough of it."""
        over_line = self._booth.over_line
        if self._onset_until_s is None or self._booth.now_s < self._onset_until_s:
            return
        self._onset_until_s = None
        if over_line is not None:
            self._over_line = over_line.voices
            over_line.rest()

    def _show_start(self) -> None:
        if self._shown or self._speaking_since_s is None or self._line_span is None:
            return
        self._shown = True
        self._booth.emit(
            ReplyStarted(
                at_s=self._booth.now_s, attempt=self._number, start_s=self._speaking_since_s
            )
        )
