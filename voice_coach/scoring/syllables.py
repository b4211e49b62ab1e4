"""Syllables of a written English word, as it is said in a sentence.

A table holds the words of the CMU Pronouncing Dictionary whose count the spelling rules get wrong
(``training/syllables.py`` makes it), so that every word of the dictionary comes out as in it, in a
fiftieth of its room. Where it has a word in two lengths ("ev(e)ry", "fam(i)ly", "hour") the
shorter counts: it is the one heard in running speech. All other words go by the rules, which agree
with the dictionary for 94 in 100 words that they were not written on.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from voice_coach.scoring.numerals import digit_by_digit, number_in_words, ordinal_in_words
from voice_coach.scoring.spelling import added_by_ending, syllables_by_spelling

SAID = MappingProxyType(
    {
        **dict.fromkeys("hm hmm mm sh shh psst pfft brr tsk nth y'all".split(), 1),
        **dict.fromkeys("mhm mhmm mmhmm didn't trying it'll dr goin doin bein seein".split(), 2),
    }
)
"""Sounds written without a vowel letter, and words whose short form in the dictionary is rarer than
the full one."""
CAPITALS = frozenset("AA AC ADHD AI EU ICU ID IQ ITV IVF OCD UFO UK UN USA".split())
"""Words said letter by letter although they could be read, in capitals only. Not among them are
those that shouting makes too ("US", "IT"). What has no vowel letter ("TV", "GP") needs no list."""
SYMBOLS = MappingProxyType(
    {"%": "percent", "&": "and", "+": "plus", "@": "at", "$": "dollars", "£": "pounds"}
    | {"€": "euros"}
)

_TOKEN = re.compile(
    r"(?P<money>[$£€])?(?P<figures>\d+(?:,\d{3})*)(?:(?P<ordinal>st|nd|rd|th)\b|'?s\b)?"
    r"(?:(?P<mark>[.:])(?P<rest>\d+))?"
    r"|(?P<initials>(?:[a-z]\.)+[a-z]\b)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<symbol>[%&+@])",
    re.IGNORECASE,
)
_STRETCHED = re.compile(r"(.)\1{2,}")


def count_syllables(word: str) -> int:
    """Syllables of one written word as said; 0 where nothing in it is said ("-", "...").

    Figures, money, initials, hyphened words and contractions are read as one says them.
    """
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return sum(_of_token(found) for found in _TOKEN.finditer(plain))


def syllables_of(word: str, known: Mapping[str, int]) -> int:
    """Syllables of a word of small letters and inner apostrophes, at least 1.

    A contraction that is not known itself is its first part, known or not, and its ending.
    """
    if word in known:
        return known[word]
    head, apostrophe, ending = word.rpartition("'")
    if not apostrophe:
        return syllables_by_spelling(word)
    return syllables_of(head, known) + added_by_ending(head, ending)


@functools.cache
def table() -> Mapping[str, int]:
    """Syllables of the words that the rules get wrong; read once."""
    counts: dict[str, int] = {}
    count = 0
    text = resources.files(__package__).joinpath("syllables.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.isdigit():
            count = int(line)
        elif not line.startswith("#"):
            counts.update(dict.fromkeys(line.split(), count))
    return MappingProxyType(counts | SAID)


def _of_token(found: re.Match[str]) -> int:
    if found["figures"]:
        return sum(syllables_of(word, table()) for word in _in_words(found))
    if initials := found["initials"] or (found["word"] if found["word"] in CAPITALS else None):
        return sum(syllables_by_spelling(letter) for letter in initials.lower() if letter != ".")
    if word := found["word"]:
        return syllables_of(_STRETCHED.sub(r"\1", word.lower()), table())
    return syllables_of(SYMBOLS[found["symbol"]], table())


def _in_words(found: re.Match[str]) -> tuple[str, ...]:
    """What one says for "7:30", "$5.50" (five dollars fifty), "2.5" (two point five), "3:00"."""
    figures, rest = found["figures"], found["rest"] or ""
    words = (ordinal_in_words if found["ordinal"] else number_in_words)(figures)
    if found["money"]:
        words = (*words, SYMBOLS[found["money"]])
    if found["mark"] == "." and not found["money"]:
        return (*words, "point", *digit_by_digit(rest))
    return (*words, *number_in_words(rest)) if rest.strip("0") else words
