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
TAIL = 3
"""Words behind the telling one that may be left away. Chosen."""
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
    """The person's own words, at most ``limit`` of them, around the ``telling`` word if given.

    Empty where what is left would say nothing. ``said`` is best made :func:`fluent` before.
    """
    words, begun = said.split(), ""
    if telling is not None and telling >= limit:
        words = words[telling - limit + 1 : telling + 1]
        starts = [i for i, word in enumerate(words[:-LEAST_QUOTED]) if _SUBJECT.match(word)]
        words, begun = (words[starts[0] :], "") if starts else (words, "…")
    elif telling is not None and len(words) - telling - 1 <= TAIL and not _leads_on(words, telling):
        words = words[: telling + 1]
    while words and words[0].lower().strip(",") in _OPENERS:
        words.pop(0)
    cut = words[:limit]
    whole = len(cut) == len(words)
    if not whole:
        joint = next((i for i in range(len(cut) - 1, 2, -1) if _bare(cut[i]) in _JOINTS), None)
        cut = cut[:joint]
    while len(cut) > LEAST_QUOTED and (_bare(cut[-1]) in _CUT_OFF if whole else _dangles(cut[-1])):
        cut.pop()
    if not whole and len(cut) <= LEAST_QUOTED:
        return ""
    if len(cut) < LEAST_QUOTED or _bare(cut[-1]) in _CUT_OFF | {"like"}:
        return ""  # "ouch", "felt like an": no evidence of anything
    return begun + " ".join(cut).strip(_STOPS) + ("" if whole else "…")


def says_something(quote: str, said: str) -> bool:
    """Whether a quote of what stings shows the sting: all that was ``said``, or a clause of it.

    Not its innocent beginning ("I hear that …"), nor a tail without a subject.
    """
    whole = quote == said.strip(_STOPS)
    return (whole or _SUBJECT.match(quote) is not None) and _LISTENS.match(quote) is None


def _leads_on(words: Sequence[str], at: int) -> bool:
    """Whether what follows a word belongs to it: "tired of it"."""
    return at + 1 < len(words) and _bare(words[at + 1]) in _BELONGS


def fluent(said: str) -> str:
    """Without fillers, and words or pairs of words said twice said once."""
    kept: list[str] = []
    for word in (word for word in said.split() if _bare(word) not in _FILLERS):
        kept.append(word)
        for size in (2, 1):
            if len(kept) >= 2 * size and _alike(kept[-size:], kept[-2 * size : -size]):
                del kept[-size:]
                break
    return " ".join(kept) or said


def _alike(some: Sequence[str], others: Sequence[str]) -> bool:
    return [_bare(word) for word in some] == [_bare(word) for word in others]


def _bare(word: str) -> str:
    return word.lower().strip(",.;:!?…")


def _dangles(word: str) -> bool:
    return _bare(word) in _DANGLING or bool(_SHORTENED.search(_bare(word)))


_SUBJECT = re.compile(r"(?:i|you|we|they|he|she)(?:['’\s]|$)|(?:it|that|there)['’]", re.IGNORECASE)
_LISTENS = re.compile(r"(?:so )?(?:i (?:can )?(?:hear|see|understand)|what i)\b", re.IGNORECASE)
_SHORTENED = re.compile(r"['’](?:s|re|ve|ll|d|m)$")
_STOPS = " .,;:!?"
_BELONGS = frozenset("of about that by to with from for out down up off in on".split())
_CUT_OFF = frozenset("of about by to with from for at in on a an the and so but".split())
_JOINTS = frozenset("and but so because cause when if then while".split())
_FILLERS = frozenset({"um", "uh", "er", "erm", "hmm", "umm", "mm"})
_OPENERS = _FILLERS | {"and", "but", "so", "well", "oh", "yeah", "because", "like", "then"}
_ENDS_WELL = frozenset("sorry hear heard feel feels me us him them up out".split())
_DANGLING = (LIGHT - _ENDS_WELL) | {"your", "felt", "how"}
