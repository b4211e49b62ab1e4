"""Sentences to try, and the person's own words: picked, and cut to a length that can be spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from voice_coach.coaching import phrases
from voice_coach.scoring.lexicon import LIGHT
from voice_coach.scoring.listening import judge
from voice_coach.scoring.said import content_of

LEAST_TO_SAY, MOST_TO_SAY = 5, 22
"""Words of a sentence to try: fewer answer nothing, more leave no room for the rest. Chosen."""
GOOD_TO_SAY = 55
"""Listening score of a sentence worth trying. Chosen."""
NEAR_BEST = 15
"""Points within which one sentence to try is as good as another. Chosen."""
WHOLE, BEST = 100, 4
"""The scale of _worth, and the best quality there is."""
LEAST_QUOTED = 3
"""Words behind its subject that a quote cut at its beginning keeps, at least. Chosen."""
SAME_WORDS = 0.8
"""Share of a model reply's content already said, from which it is nothing new. Chosen."""


def sentence_to_try(
    replies: Sequence[str],
    *,
    line: str,
    said: Sequence[str],
    left: int,
    variant: int,
    last: bool,
) -> str | None:
    """A sentence to try of at most ``left`` words, that is not what was ``said``.

    None where more room would give a better one, unless this is the ``last`` room there is.
    """
    used = {stem for quote in said for stem in content_of(quote)}
    fits, at_best = [], 0
    for reply in replies:
        stems = set(content_of(reply))
        if len(stems & used) >= SAME_WORDS * max(1, len(stems)):
            continue
        short, long = _leading(reply, left), _leading(reply, MOST_TO_SAY)
        at_best = max(at_best, _worth(line, long))
        if len(short.split()) >= LEAST_TO_SAY:
            fits.append((_worth(line, short), -len(short.split()), short))
    fits.sort(reverse=True)
    if fits and (last or fits[0][0] >= min(GOOD_TO_SAY, at_best - NEAR_BEST)):
        near = [short for worth, _, short in fits if worth >= fits[0][0] - NEAR_BEST]
        return near[variant % len(near)]
    if not last:
        return None
    spare = [text for text in phrases.NO_MODEL_REPLY if len(text.split()) <= left]
    return spare[variant % len(spare)] if spare else None


@lru_cache(maxsize=256)
def _worth(line: str, reply: str) -> int:
    """How well a sentence answers the line, 0 to 100; the same few are asked for at each turn."""
    return round(WHOLE / BEST * judge(line, reply).quality)


def _leading(reply: str, left: int) -> str:
    """As many whole sentences from the start of a reply as ``left`` words hold; maybe none."""
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.?!])\s+", reply.strip()):
        if sum(len(part.split()) for part in (*kept, sentence)) > left:
            break
        kept.append(sentence)
    return " ".join(kept)


def quoted(said: str, limit: int, *, telling: int | None = None) -> str:
    """The person's own words, at most ``limit`` of them, around the ``telling`` word if given."""
    words, begun = said.split(), ""
    if telling is not None and telling >= limit:
        words = words[telling - limit + 1 : telling + 1]
        starts = [i for i, word in enumerate(words[:-LEAST_QUOTED]) if _SUBJECT.match(word)]
        words, begun = (words[starts[0] :], "") if starts else (words, "…")
    while words and words[0].lower().strip(",") in _OPENERS:
        words.pop(0)
    words = [word for word in words if word.lower().strip(",.") not in _FILLERS] or words
    words = [word for at, word in enumerate(words) if at == 0 or word != words[at - 1]]  # stutters
    cut = words[:limit]
    whole = len(cut) == len(words)
    while not whole and len(cut) > max(3, limit - 2) and cut[-1].lower().strip(",.") in _DANGLING:
        cut.pop()
    return begun + " ".join(cut).strip(" .,;:!?") + ("" if whole else "…")


_SUBJECT = re.compile(r"(?:i|you|we|they|he|she|it|that|there)(?:['’]|$)", re.IGNORECASE)
_FILLERS = frozenset({"um", "uh", "er", "erm", "hmm", "umm", "mm"})
_OPENERS = _FILLERS | {"and", "but", "so", "well", "oh", "yeah", "because", "like", "then"}
_DANGLING = (LIGHT - {"sorry", "hear", "heard", "feel", "feels", "me"}) | {"your", "felt", "how"}
