"""One person heard out: from the moment the program falls silent until they are done.

::

    program  ~~~~)
    deaf         [··)                                  the loudspeaker's tail begins no turn
    voice            ....[-----)  [--------)..........)
    soft                             ^                 a gentle sound, once
    over                                              ^ silence, a key, the limit
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voice_coach.conversation import text_of
from voice_coach.practice.booth import ECHO_TAIL_S, KEY_TAIL_S, Booth
from voice_coach.practice.reply import HeardReply
from voice_coach.speech.endpoint import SpeechStarted
from voice_coach.speech.listener import Ended, PartialText, ReplyListener

LONGER = 2.5
"""So much longer may the silence last after too few words to be a turn. Chosen."""

EndedBy: TypeAlias = Literal["silence", "key", "limit", "passed", "nothing said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a turn, and what ended it."""

    reply: HeardReply
    ended_by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a turn is waited for, and may last.

    ``wait_s``: for its first word; ``patience_s``: the silence that ends it; with fewer words than
    ``least_words`` that silence is LONGER; ``soft_limit_s`` of talk bring the reminder,
    ``hard_limit_s`` end it.
    """

    wait_s: float
    patience_s: float
    least_words: int = 1
    soft_limit_s: float = float("inf")
    hard_limit_s: float = float("inf")


class Turn:
    """Hears one turn.

    ``watched`` is called with all the words so far whenever there are new ones, and may raise to
    end everything; ``remind`` when the turn has become long.
    """

    def __init__(
        self,
        booth: Booth,
        listener: ReplyListener,
        *,
        watched: Callable[[str], None],
        remind: Callable[[], None],
    ) -> None:
        self._booth = booth
        self._listener = listener
        self._watched = watched
        self._remind = remind
        self._heard = HeardReply()
        self._began_s: float | None = None
        self._speaking = False

    def hear(self, bounds: Bounds) -> Heard:
        """The turn. Raises Stopped for the stop key, DeviceLost where no sound comes any more."""
        booth = self._booth
        self._listener.reset()
        from_s, reminded = booth.now_s, False
        deaf_until_s = from_s + (ECHO_TAIL_S if booth.settings.sounded else 0.0)
        while True:
            key = booth.pressed()
            if key is not None:
                return self._over("passed" if key == "pass" else "key")
            self._hear(deaf=booth.now_s < deaf_until_s)
            if self._quiet(bounds):
                return self._over("silence")
            if self._began_s is None:
                if booth.now_s > from_s + bounds.wait_s:
                    return self._over("nothing said")
                continue
            lasted_s = booth.now_s - self._began_s
            if lasted_s > bounds.hard_limit_s:
                return self._over("limit")
            if lasted_s > bounds.soft_limit_s and not reminded:
                reminded = True
                self._remind()

    def _hear(self, *, deaf: bool = False) -> None:
        start_s = self._booth.now_s
        frame = self._booth.frame()
        for happening in self._listener.feed(frame, start_s, deaf=deaf):
            match happening:
                case SpeechStarted(at_s=at_s):
                    self._speaking = True
                    self._began_s = at_s if self._began_s is None else self._began_s
                case PartialText(text=text, settled=settled):
                    so_far = text_of((*self._heard.words, *settled))
                    self._watched(f"{so_far} {text}")
                case Ended():
                    self._take(happening)
                case _:
                    pass

    def _take(self, ended: Ended) -> None:
        self._speaking = False
        self._heard = self._heard.with_more(ended.words, ended.activity)
        if not self._heard.words:
            self._began_s = None  # a cough, a door: nobody has begun
            return
        self._watched(self._heard.text)

    def _quiet(self, bounds: Bounds) -> bool:
        """Whether silence has ended the turn."""
        reply = self._heard
        provisional = self._listener.provisional
        if provisional is not None:
            reply = reply.with_more(*provisional)
        elif self._speaking or self._listener.open:
            return False
        if not reply.words or reply.span is None:
            return False
        few = len(reply.words) < bounds.least_words
        patience_s = bounds.patience_s * (LONGER if few else 1.0)
        return self._booth.now_s >= reply.span.end_s + patience_s

    def _over(self, ended_by: EndedBy) -> Heard:
        if ended_by in {"key", "limit"}:
            until_s = self._booth.now_s + KEY_TAIL_S
            while self._booth.now_s < until_s:
                self._hear()
        ended = self._listener.finish(self._booth.now_s)
        if ended is not None:
            self._take(ended)
        if not self._heard.words and ended_by != "passed":
            ended_by = "nothing said"
        return Heard(reply=self._heard, ended_by=ended_by)
