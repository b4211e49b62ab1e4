"""What has been heard of a reply so far, and what of it belongs to the line before it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from voice_coach.conversation import Span, Timeline, Word, text_of
from voice_coach.scoring.bursts import bursts_of
from voice_coach.scoring.floor import ROUNDING_S, TOGETHER_S, is_continuer

FEWEST_WORDS_TO_END = 3
"""A reply of fewer words may be a start ("Well, I"): the silence may last twice as long. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardReply:
    """The words and the voice of a reply, in order of time.

    ``early_*`` is what was said over the partner's line and is no part of the reply itself.
    """

    words: tuple[Word, ...] = ()
    activity: Timeline = field(default_factory=Timeline)
    early_words: tuple[Word, ...] = ()
    early_activity: Timeline = field(default_factory=Timeline)

    def with_more(self, words: tuple[Word, ...], activity: Timeline) -> HeardReply:
        """The reply went on."""
        return replace(self, words=(*self.words, *words), activity=self.activity | activity)

    @property
    def text(self) -> str:
        """The reply as one line."""
        return text_of(self.words)

    @property
    def span(self) -> Span | None:
        """From the first sound to the last; None where nothing was said."""
        return self.activity.hull

    @property
    def too_short_to_end(self) -> bool:
        """Whether so little was said that it may be only the start of a reply."""
        return len(self.words) < FEWEST_WORDS_TO_END or is_continuer(self.text)

    def parted_from(self, line_end_s: float, *, line_start_s: float = -math.inf) -> HeardReply:
        """The same, with what is no answer to the line set apart from the reply.

        A burst of voice that was over before the line ended is early talk where it may be nothing
        but listening noises, a cough or "um" (:mod:`voice_coach.scoring.bursts`), or where it was
        there when the line began; anything else that began early is the reply, come in early.
        """
        early_words: list[Word] = []
        early_spans: list[Span] = []
        for burst in bursts_of(self.activity, self.words):
            there_before = burst.span.start_s < line_start_s + TOGETHER_S - ROUNDING_S
            answers = not (burst.listens or there_before)
            if burst.span.end_s > line_end_s + ROUNDING_S or answers:
                break
            early_words += burst.said
            early_spans.append(burst.span)
        if not early_spans:
            return self
        early = Timeline.of(early_spans)
        return HeardReply(
            words=tuple(word for word in self.words if word not in early_words),
            activity=self.activity - early,
            early_words=(*self.early_words, *early_words),
            early_activity=self.early_activity | (self.activity & early),
        )
