"""The rehearsal: an exercise's steps carried out with microphone and loudspeaker.

::

    exercise ──step──► say it, hear it, wait ──► events to every reader
             ◄─happening─┘        │
                                  └► journal, so that a crash loses at most one step

What holds for every exercise is here: the stop word and the stop key, words that need more than an
exercise, turns that become long. The program does not listen while it speaks. On one microphone,
with voices that nobody enrolled, whoever was given the floor is taken for the one who speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.errors import UserError
from voice_coach.practice.booth import Booth, Stopped
from voice_coach.practice.couple.answers import answer_in, wants_to_pass
from voice_coach.practice.couple.events import (
    AnswerHeard,
    CoupleEvent,
    FloorPassed,
    HabitNamed,
    ListenStarted,
    RehearsalEnded,
    Reminded,
    TellStarted,
    TurnHeard,
)
from voice_coach.practice.couple.steps import (
    Answered,
    Ask,
    Chime,
    Done,
    Exchanged,
    Exercise,
    Happening,
    Keep,
    Listen,
    Name,
    Outcome,
    Pass,
    Passed,
    Play,
    Quiet,
    Said,
    Silent,
    Step,
    Tell,
    Unanswered,
)
from voice_coach.practice.couple.turn import Bounds, Heard, Turn
from voice_coach.practice.couple.watch import Unsafe, Watch
from voice_coach.practice.preparation import Pieces
from voice_coach.practice.safety_message import SPOKEN
from voice_coach.speech.listener import ReplyListener

WAIT_S = 25.0
"""How long the first word of a turn is waited for. Chosen."""
ANSWER_WAIT_S = 12.0
"""And an answer. Chosen."""
ANSWER_PATIENCE_S = 1.2
"""The silence that ends an answer: a word or two. Chosen."""
ANSWER_LIMIT_S = 15.0
CHIME_S, CHIME_HZ, CHIME_DB = 0.5, 660.0, -36.0
"""The soft sound. Chosen: heard by who listens for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """The coach tells and asks; the player speaks a quarrel's lines."""

    coach: Pieces
    player: Pieces


class Rehearsal:
    """Carries out one exercise.

    ``journal`` is given every happening, as it comes; ``before`` are those of a run that was broken
    off, which are not carried out again.
    """

    def __init__(
        self,
        *,
        booth: Booth,
        listener: ReplyListener,
        voices: Voices,
        watch: Watch,
        readers: Sequence[Callable[[CoupleEvent], None]],
        journal: Callable[[Happening], None] = lambda _: None,
    ) -> None:
        self._booth = booth
        self._listener = listener
        self._voices = voices
        self._watch = watch
        self._readers = readers
        self._journal = journal

    def emit(self, event: CoupleEvent) -> None:
        """Tell every reader, in order."""
        for reader in self._readers:
            reader(event)

    def run(self, exercise: Exercise, before: Sequence[Happening] = ()) -> Outcome | None:
        """The exercise to its end; None where it was stopped or had to end.

        Raises UserError where a device or the disk fails, Unsafe for words beyond an exercise; the
        rehearsal is closed with that reason first.
        """
        reason = "finished"
        outcome: Outcome | None = None
        try:
            outcome = self._go_through(exercise, before)
            reason = outcome.ended
        except (Stopped, KeyboardInterrupt):
            reason = "stopped"
            self._booth.duplex.stop_playing()
        except Unsafe as unsafe:
            reason = "unsafe"
            self._booth.duplex.stop_playing()
            with suppress(Stopped):  # they need not hear it out: it is on the screen too
                self._say(SPOKEN[unsafe.alarm.kind], "")
            raise
        except UserError as error:
            reason = str(error)
            raise
        except Exception:
            reason = "a fault in the program"
            raise
        finally:
            self._booth.close()
            self.emit(
                RehearsalEnded(
                    at_s=self._booth.now_s,
                    reason=reason,
                    lost_s=self._booth.duplex.lost_frames / SPEECH_RATE_HZ,
                )
            )
        return outcome

    def _go_through(self, exercise: Exercise, before: Sequence[Happening]) -> Outcome:
        try:
            step = next(exercise)
            for happening in before:
                step = exercise.send(happening)
            while True:
                happening = self._carried_out(step)
                self._journal(happening)
                step = exercise.send(happening)
        except StopIteration as ended:
            outcome: Outcome = ended.value
            return outcome

    def _carried_out(self, step: Step) -> Happening:
        at_s = self._booth.now_s
        match step:
            case Tell(text=text, to=to):
                self._say(text, to or "")
            case Listen():
                return self._listen(step)
            case Ask():
                return self._ask(step)
            case Quiet():
                self._be_quiet(step)
            case Chime(reason=reason, times=times):
                self._chime(reason, times)
            case Pass(to=to, role=role):
                self.emit(FloorPassed(at_s=at_s, to=to, role=role))
            case Name(who=who, kind=kind, text=text, quote=quote):
                self.emit(HabitNamed(at_s=at_s, who=who, kind=kind, quote=quote))
                self._say(text, who)
            case Play(text=text):
                self._say(text, "", self._voices.player)
            case Keep() | Exchanged():
                pass  # the outcome holds them
        return Done()

    def _say(self, text: str, to: str, voice: Pieces | None = None) -> None:
        booth = self._booth
        self.emit(TellStarted(at_s=booth.now_s, to=to, text=text))
        booth.enter("feedback")
        booth.say((voice or self._voices.coach)(text))

    def _listen(self, step: Listen) -> Happening:
        self._say(step.task, step.who)
        heard = self._hear(
            step.who,
            Bounds(
                wait_s=WAIT_S,
                patience_s=self._booth.settings.patience_s,
                least_words=step.least_words,
                soft_limit_s=step.soft_limit_s,
                hard_limit_s=step.hard_limit_s,
            ),
        )
        reply = heard.reply
        self.emit(
            TurnHeard(
                at_s=self._booth.now_s,
                who=step.who,
                text=reply.text,
                words=reply.words,
                span=reply.span,
                ended_by=heard.ended_by,
            )
        )
        if heard.ended_by == "passed" or wants_to_pass(reply.text):
            return Passed()
        if len(reply.words) < step.least_words:
            return Silent(who=step.who)
        return Said(who=step.who, text=reply.text, span=reply.span, words=reply.words)

    def _ask(self, step: Ask) -> Happening:
        self._say(step.question, step.who)
        heard = self._hear(
            step.who,
            Bounds(wait_s=ANSWER_WAIT_S, patience_s=ANSWER_PATIENCE_S, hard_limit_s=ANSWER_LIMIT_S),
        )
        happening = _answer(heard, step)
        self.emit(
            AnswerHeard(
                at_s=self._booth.now_s,
                who=step.who,
                text=heard.reply.text,
                answer=_understood(happening),
            )
        )
        return happening

    def _hear(self, who: str, bounds: Bounds) -> Heard:
        self._booth.enter("reply")
        self._booth.duplex.expect_reply(self._booth.now_s)
        self.emit(ListenStarted(at_s=self._booth.now_s, who=who))
        turn = Turn(
            self._booth,
            self._listener,
            watched=self._watch,
            remind=lambda: self._chime("long", 1),
        )
        return turn.hear(bounds)

    def _be_quiet(self, step: Quiet) -> None:
        """Silence, its cues said softly; the keys work."""
        booth = self._booth
        booth.enter("setting")
        began_s, cues = booth.now_s, list(step.cues)
        while booth.now_s < began_s + step.duration_s:
            if booth.pressed() is not None:
                return
            if cues and booth.now_s >= began_s + cues[0].at_s:
                self._say(cues.pop(0).text, "")
                booth.enter("setting")
            else:
                booth.frame()

    def _chime(self, reason: str, times: int) -> None:
        """A soft sound, which nobody waits for."""
        self.emit(Reminded(at_s=self._booth.now_s, reason=reason))
        if self._booth.settings.sounded:
            for _ in range(times):
                self._booth.duplex.play(_soft_sound())


def _answer(heard: Heard, step: Ask) -> Happening:
    text = heard.reply.text
    value = answer_in(text, step.answer)
    if value is not None:
        return Answered(value=value)
    if heard.ended_by == "passed" or wants_to_pass(text):
        return Passed()
    return Unanswered()


def _understood(happening: Happening) -> str:
    match happening:
        case Answered(value=bool(value)):
            return "yes" if value else "no"
        case Answered(value=value):
            return str(value)
        case Passed():
            return "passed"
        case _:
            return "not understood"


def _soft_sound() -> Audio:
    time_s = np.arange(round(CHIME_S * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    ring = np.sin(2 * np.pi * CHIME_HZ * time_s) * np.exp(-time_s / 0.12)
    ring *= np.minimum(1.0, time_s / 0.01)
    return Audio((ring * 2**0.5 * 10 ** (CHIME_DB / 20)).astype(np.float32), SPEECH_RATE_HZ)
