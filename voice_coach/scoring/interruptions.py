"""Interruptions: what it meant that the learner spoke while the partner was speaking.

An overlap is a neutral fact: about 40 % of the intervals between speakers are one (Heldner & Edlund
2010). It is classed after the turn, with the words, as MEASURES says::

    partner  [--------------------------)
    learner         [mm-hm)                    backchannel: continuers only
    learner                         [I hear…)  terminal: starts in the last half second
    learner            [but I never…)          interruption: early, and asks for the floor
    learner            [?)                     unclear: nothing was recognised, or one stray word
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice_coach.conversation import Overlap, OverlapKind, Span, Timeline, Word, text_of
from voice_coach.scoring.lexicon import CONTINUERS
from voice_coach.scoring.said import spelled_out
from voice_coach.scoring.scorecard import Observation, Score

TERMINAL_S = 0.5
"""An onset this close to the end is a foreseen end, no interruption. MEASURES: last half second."""

BURST_GAP_S = 0.5
"""Silence that parts two bursts of talk over the line. Chosen."""

SHORTEST_OVERLAP_S = 0.1
"""Below this, two voices did not really sound together. Chosen."""

FEWEST_WORDS_FOR_FLOOR = 2
"""More than one word bids for the floor: alone macro-F1 0.92 on hand-labelled group talk."""

COST_OF_ONE = 40
"""Points one interruption takes. Chosen."""
COST_OF_SHARE = 20
"""Further points where all of the line was talked over, less in proportion. Chosen."""

SURE, SURE_BY_WORDS, SURE_ONE_WORD, UNSURE = 1.0, 0.9, 0.6, 0.5
"""Confidence in a kind: by time alone, by words, by one word that ran on, by none. Chosen."""
NEW_START_S = BURST_GAP_S / 2
"""Silence after a continuer that makes what follows a start of its own. Chosen."""
QUOTED_WORDS = 6
"""Words of an overlap shown as its evidence, at most. Chosen."""
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CONTINUERS = re.compile(rf"(?:(?:{'|'.join(CONTINUERS)}) )+")


def is_continuer(text: str) -> bool:
    """Whether the words only say "I am listening": "mm-hm", "yeah, right", "oh, I see"."""
    spelled = [word for token in _TOKEN.findall(text) for word in spelled_out(token)]
    return _CONTINUERS.fullmatch("".join(f"{word} " for word in spelled)) is not None


def overlaps_with_line(
    activity: Timeline, words: Sequence[Word], line: Span, *, by: str, over: str
) -> tuple[Overlap, ...]:
    """The learner's bursts of talk over the partner's line, each with its kind.

    Args:
        activity: when the learner's voice was heard, before, during and after the line.
        words: the learner's words with their times.
        line: when the line sounded.
        by: the learner's name.
        over: the partner's name.
    """
    found = []
    for burst in activity.bridged(BURST_GAP_S):
        both = burst & line
        if both.duration_s < SHORTEST_OVERLAP_S:
            continue
        said = [word for word in words if burst.start_s <= word.span.middle_s <= burst.end_s]
        kind, confidence = _kind_of(burst, line, said)
        found.append(Overlap(by=by, over=over, span=both, kind=kind, confidence=confidence))
    return tuple(found)


def score_interruptions(
    overlaps: Sequence[Overlap], words: Sequence[Word], line: Span, *, not_scored: str | None
) -> Score:
    """100 where the line was let finish; less for each interruption and how much it covered.

    Backchannels, terminal overlaps and unclear ones cost nothing and are shown as what they are.
    ``not_scored`` says why overlaps cannot be trusted here; then there is no score.
    """
    if not_scored is not None:
        return Score(score=None, reason=not_scored)
    observations = tuple(_observation(overlap, words, line) for overlap in overlaps)
    cuts = [overlap for overlap in overlaps if overlap.kind == "interruption"]
    if not overlaps:
        observations = (Observation(text="You let the line finish", span=line),)
    covered = sum(cut.span.duration_s for cut in cuts) / line.duration_s if cuts else 0.0
    return Score(
        score=max(0, round(100 - COST_OF_ONE * len(cuts) - COST_OF_SHARE * covered)),
        observations=observations,
    )


def _kind_of(burst: Span, line: Span, said: Sequence[Word]) -> tuple[OverlapKind, float]:
    if burst.start_s >= line.end_s - TERMINAL_S:
        return "terminal", SURE
    if not said:
        return "unclear", UNSURE
    during = [word for word in said if word.span.start_s < line.end_s]
    if is_continuer(text_of(during)) and (len(during) == len(said) or _parted(said, during)):
        return "backchannel", SURE_BY_WORDS
    if len(during) < FEWEST_WORDS_FOR_FLOOR and burst.end_s <= line.end_s:
        return "unclear", UNSURE
    sure = len(during) >= FEWEST_WORDS_FOR_FLOOR
    return "interruption", SURE_BY_WORDS if sure else SURE_ONE_WORD


def _parted(said: Sequence[Word], during: Sequence[Word]) -> bool:
    """Whether what follows the line's end is a new start, not the overlap running on."""
    after = said[len(during) :]
    return after[0].span.start_s - during[-1].span.end_s >= NEW_START_S


def _observation(overlap: Overlap, words: Sequence[Word], line: Span) -> Observation:
    begun = [word for word in words if word.span.middle_s >= overlap.span.start_s]
    until_s = line.end_s if overlap.kind != "interruption" else float("inf")
    quote = text_of([word for word in begun if word.span.start_s < until_s][:QUOTED_WORDS])
    early_s = line.end_s - overlap.span.start_s
    text = {
        "interruption": f"You came in {early_s:.1f} s before {overlap.over} had finished",
        "backchannel": "You showed that you were listening",
        "terminal": f"You came in as {overlap.over} was ending, as people do",
        "unclear": "A sound over the line that could not be told apart, so it is not counted",
    }[overlap.kind]
    return Observation(text=text, quote=quote, span=overlap.span)
