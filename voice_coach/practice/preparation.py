"""The answer, made ready while the reply is still open.

At every pause the reply so far is judged and the first sentence of the feedback rendered, in the
background. When the turn then ends, the feedback starts at once; when the person goes on, the work
is thrown away and done again at the next pause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.feedback import SAY_INSTEAD_INTRO, Feedback, choose_feedback
from voice_coach.conversation import Filler, Span, Timeline
from voice_coach.errors import UserError
from voice_coach.practice.reply import HeardReply
from voice_coach.scoring.attempt import Attempt, judge_attempt
from voice_coach.scoring.listening import judge
from voice_coach.scoring.scorecard import Scorecard
from voice_coach.scoring.tone import tone_of

Pieces = Callable[[str], Iterator[Audio]]
"""A voice with its cache: a text in, its sound out, sentence by sentence."""


class HearsFillers(Protocol):
    """What finds the fillers that the recogniser left out."""

    def warm_up(self) -> None:
        """Load, and do the slow first run. UserError where it cannot."""

    def fillers(self, audio: Audio, activity: Timeline) -> tuple[Filler, ...]:
        """Those in a reply, times from the start of the audio. UserError where it cannot load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the learner will hear: the judgement, and the feedback as words and as sound.

    ``pieces`` is used up by speaking; its first sound was rendered ahead.
    """

    attempt: Attempt
    card: Scorecard
    feedback: Feedback
    pieces: Iterator[Audio]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything the feedback depends on besides the reply itself."""

    model_replies: tuple[str, ...]
    previous: Scorecard | None
    variant: int


def _failing(error: UserError) -> Iterator[Audio]:
    raise error
    yield  # a generator: it raises when the first piece is asked for


class Preparer:
    """Makes answers ready; ``in_background`` False does the work when asked for it.

    Without ``fillers`` those that the recogniser left out are not counted, and the card says so.
    """

    def __init__(
        self, coach: Pieces, *, in_background: bool, fillers: HearsFillers | None = None
    ) -> None:
        self._coach = coach
        self._fillers = fillers
        self._pool = (
            ThreadPoolExecutor(1, thread_name_prefix="voice-coach-prepare")
            if in_background
            else None
        )
        self._warm = False
        self._reply: HeardReply | None = None
        self._answer: Future[Answer] | None = None

    def warm_up(self) -> None:
        """Load what judging and speaking need, in the background, once."""
        if self._pool is not None and not self._warm:
            self._warm = True
            self._pool.submit(self._load)

    def consider(self, reply: HeardReply, attempt: Callable[[], Attempt], asked: Question) -> None:
        """Start on this reply, unless it is the one already being worked on."""
        if self._pool is None or reply == self._reply:
            return
        if self._answer is not None:
            self._answer.cancel()
        self._reply = reply
        self._answer = self._pool.submit(lambda: self._answer_to(attempt(), asked))

    def answer(
        self, reply: HeardReply, attempt: Callable[[], Attempt], asked: Question
    ) -> Future[Answer]:
        """The answer to the final reply: what was prepared where it still fits, else made now."""
        if self._pool is None:
            made: Future[Answer] = Future()
            made.set_result(self._answer_to(attempt(), asked))
            return made
        self.consider(reply, attempt, asked)
        if self._answer is None:
            raise RuntimeError("an answer was asked for before any reply was considered")
        return self._answer

    def forget(self) -> None:
        """Drop what was prepared: the reply goes on, or the attempt is over."""
        if self._answer is not None:
            self._answer.cancel()
        self._reply = self._answer = None

    def close(self) -> None:
        """End the background thread."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _load(self) -> None:
        hum = Audio(np.sin(np.arange(SPEECH_RATE_HZ, dtype=np.float32) / 20), SPEECH_RATE_HZ)
        tone_of(hum, Timeline.of([Span(start_s=0.0, end_s=hum.duration_s)]))
        if self._fillers is not None:
            with suppress(UserError):  # it is heard of with the first reply
                self._fillers.warm_up()
        judge("You said seven.", "I let you wait.")
        list(self._coach(SAY_INSTEAD_INTRO))

    def _answer_to(self, attempt: Attempt, asked: Question) -> Answer:
        attempt = self._with_fillers(attempt)
        card = judge_attempt(attempt)
        feedback = choose_feedback(
            card,
            line=attempt.line,
            model_replies=asked.model_replies,
            partner=attempt.partner,
            feels=attempt.feels,
            previous=asked.previous,
            variant=asked.variant,
        )
        return Answer(
            attempt=attempt, card=card, feedback=feedback, pieces=self._ahead(feedback.spoken)
        )

    def _with_fillers(self, attempt: Attempt) -> Attempt:
        """The attempt with the fillers in its sound, or the reason why they are not known."""
        if self._fillers is None or attempt.audio is None:
            return attempt
        start_s = attempt.audio_start_s
        try:
            found = self._fillers.fillers(attempt.audio, attempt.activity.shifted(-start_s))
        except UserError as error:
            return replace(attempt, fillers_void=str(error))
        return replace(attempt, fillers=tuple(each.shifted(start_s) for each in found))

    def _ahead(self, text: str) -> Iterator[Audio]:
        """The text as sound, its first piece rendered now.

        A voice that fails is heard of when the feedback is spoken: the reply is kept and shown
        before that.
        """
        pieces = self._coach(text)
        try:
            first = next(pieces, None)
        except UserError as error:
            return _failing(error)
        return chain(() if first is None else (first,), pieces)
