"""Syllables of an English word by its spelling alone, for words that no dictionary has.

Runs of vowel letters are counted, less the silent ones, plus where one run holds two vowels::

    w-o-nd-e-rf-u-l    3 runs                    wonderful     3
    m-o-v-e-d          2 runs, silent e          moved         1
    r-a-d-io           3 runs, "io" parts        radio         3

The rules are written for common words; names from other languages are where they fail.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"[aeiouy]+")
_SPOKEN_END = re.compile(r"(?:[^aeiouylr]le[sd]?|(?:[sxz]|ch|sh|[cg])es)$")
"""Ends whose e is spoken after all: table, settled, houses."""
_SILENT = re.compile(
    r"(?<=[^aeiouy])e$"  # love
    r"|(?<=[^aeiouytd])ed$"  # moved
    r"|(?<=[^aeiouy])es$"  # loves
    r"|(?<=[gq])ue(?=s?$)"  # colleague
    r"|(?<=[^aeiouyl])e(?=(?:ly|ments?|ful|fully|less|lessly|ness|some|man|men|woman)$)"  # lonely
    r"|(?<=[^aeiouyl])e(?=(?:works?|body|where|thing)$)"  # somebody
    r"|(?<=som)e(?=[^aeiouy])|(?<=peopl)e|(?<=^for|^hom)e(?=[bcdfghkmpw])"  # someone, homework
    r"|(?<=ic)a(?=lly)|(?<=ev)e(?=ry|ning)"  # basically, every
)
_PARTED = re.compile(
    r"(?<!t)i(?=a(?!ge|[ln]))|(?<![ctsg])(?<!sh)(?<!ch)i(?=a[ln])"  # diary, Canadian
    r"|(?<![ctsglnx])(?<!sh)i(?=on)|(?<!g)i(?=o(?![nu]))|(?<![ctgxn])i(?=ou)"  # radio, various
    r"|(?<=[lnptdcrkfbgvz])i(?=ers?$|est$)|i(?=et(?![aeiz]))|ii"  # easier, quiet
    r"|(?<=[bdlnrv])i(?=en[ct])|i(?=u[ms])"  # audience, medium
    r"|(?<=[aeioui]y)(?=a|er|ing|o|i)|(?<!^)(?<![aeou])y(?=ing|ers?$|an)"  # player, trying
    r"|(?<!g)e(?=o(?![uprvfn]))|e(?=an?$)(?<![aeioul]e)|(?<=^re)(?=i(?!n|[cdg])|o)"  # video, idea
    r"|(?<![qgo])u(?=a)(?!ar[a-z]|ade)|(?<![qgaeo])u(?=i)(?!ia|i[tlscrk])"  # usual, ruin
    r"|(?<![qgaeo])u(?=ou|el|et|en)|au(?=er)"  # strenuous, cruel
    r"|(?<=[aeio])(?=ings?$)"  # being
    r"|s(?=ms?$)|(?<=[^aeiouyr]r)(?=es?$)|^mc"  # sarcasm, theatre, McCoy
)


_HISSING = re.compile(r"(?:[sxz]|[cs]h|[csgz]e)$")
_CONSONANT = re.compile(r"[^aeiouywrh]e?$")


def syllables_by_spelling(word: str) -> int:
    """Syllables of a word of plain small letters, at least 1; letter names without a vowel."""
    if not _RUN.search(word):
        return len(word) + 2 * word.count("w")
    written = word if _SPOKEN_END.search(word) else _SILENT.sub("", word)
    return max(1, len(_RUN.findall(written)) + len(_PARTED.findall(word)))


def added_by_ending(head: str, ending: str) -> int:
    """Syllables that what follows the apostrophe adds to what stands before it: "Liz", "s" 1.

    Less than none where the head is no syllable of its own ("d'you").
    """
    match ending:
        case "s":
            return int(bool(_HISSING.search(head)))  # Liz's, but Tom's
        case "d":
            return int(head.endswith(("t", "d", "te", "de")))  # it'd, but she'd
        case "ll" | "ve" | "re":
            return int(bool(_CONSONANT.search(head)))  # that'll, but she'll
        case "t":
            return int(bool(re.search("[^aeiou]n$", head)))  # couldn't, but don't
        case "m":
            return 0
        case _:
            alone = not _RUN.search(head)
            return syllables_by_spelling(ending) - (syllables_by_spelling(head) if alone else 0)
