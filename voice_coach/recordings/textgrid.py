"""Praat TextGrids, long or short: each interval tier is a speaker, named as the tier.

Praat itself reads both forms by one rule, taken here too: only numbers, quoted texts and flags that
stand free count, everything between them is decoration. A tier whose intervals are single words
(as forced aligners write it, "Maya - words") is joined at pauses, its word times kept; phones and
points are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voice_coach.conversation import Span, Turn, Word, spread
from voice_coach.recordings.place import Place

WORD_GAP_S = 0.25
"""Silence between timed words that parts two utterances: the least that is a pause (de Jong)."""
SILENCES = frozenset({"sp", "sil", "<sil>", "<p>", "<p:>", "#"})
"""What forced aligners write for silence."""
_PHONES = re.compile(r"(?:.*\W)?(?:phones?|phonemes?|segments?|syllables?)", re.IGNORECASE)
_WORDS = re.compile(r"\W*\bwords?$", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<text>(?:[^"]|"")*)"'
    r"|(?<!\S)(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?!\S)"
    r"|(?P<flag><\w+>)|!.*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    kind: str
    place: Place


class _Reader:
    """The free-standing numbers, texts and flags of a TextGrid, one after another."""

    def __init__(self, text: str, path: Path) -> None:
        self._tokens = _tokens(text, path)
        self._place = Place(path=path, line=1)

    def take(self, kind: str, what: str) -> _Token:
        """The next token. Raises UserError where it is of another kind, or there is none."""
        token = next(self._tokens, None)
        if token is None:
            raise self._place.fault(
                f"the file ends where {what} should be", "save it from Praat again"
            )
        self._place = token.place
        if token.kind != kind:
            raise token.place.fault(
                f"“{token.text[:20]}” where {what} should be", "save it from Praat again"
            )
        return token

    def count(self, what: str) -> int:
        token = self.take("number", what)
        if not token.text.isdigit():
            raise token.place.fault(f"“{token.text}” is not {what}", "save it from Praat again")
        return int(token.text)


def read_textgrid(text: str, path: Path) -> tuple[Turn, ...]:
    """The intervals that hold text, tier by tier. Raises UserError naming file, line and mend."""
    reader = _Reader(text, path)
    reader.take("text", "“ooTextFile”")
    kind = reader.take("text", "“TextGrid”")
    if kind.text != "TextGrid":
        raise kind.place.fault(f"a {kind.text} and no TextGrid", "save the TextGrid from Praat")
    reader.take("number", "the start")
    reader.take("number", "the end")
    if reader.take("flag", "<exists>").text != "<exists>":
        return ()
    return tuple(turn for _ in range(reader.count("the number of tiers")) for turn in _tier(reader))


def _tier(reader: _Reader) -> Iterator[Turn]:
    kind = reader.take("text", "a kind of tier")
    name = reader.take("text", "a tier's name").text.strip()
    reader.take("number", "the tier's start")
    reader.take("number", "the tier's end")
    count = reader.count("the number of intervals")
    if kind.text == "TextTier":
        for _ in range(count):
            reader.take("number", "a time")
            reader.take("text", "a mark")
        return
    if kind.text != "IntervalTier":
        raise kind.place.fault(f"an unknown kind of tier, {kind.text}", "make it an IntervalTier")
    intervals = [_interval(reader) for _ in range(count)]
    if not name:
        raise kind.place.fault("a tier without a name", "name it after the speaker")
    if _PHONES.fullmatch(name):
        return
    held = [(span, text) for span, text in intervals if text]
    speaker = _WORDS.sub("", name) or name
    if _WORDS.search(name) and all(len(text.split()) == 1 for _, text in held):
        yield from _from_words(speaker, [each for each in held if each[1] not in SILENCES])
        return
    for span, text in held:
        yield Turn(speaker=speaker, span=span, words=spread(text, span))


def _interval(reader: _Reader) -> tuple[Span, str]:
    start = reader.take("number", "an interval's start")
    end = reader.take("number", "an interval's end")
    text = reader.take("text", "an interval's text").text
    return end.place.span(start.text, end.text), " ".join(text.split())


def _from_words(speaker: str, held: list[tuple[Span, str]]) -> Iterator[Turn]:
    words: list[Word] = []
    for span, text in held:
        if words and span.start_s - words[-1].span.end_s >= WORD_GAP_S:
            yield _turn(speaker, words)
            words = []
        words.append(Word(text=text, span=span))
    if words:
        yield _turn(speaker, words)


def _turn(speaker: str, words: list[Word]) -> Turn:
    span = Span(start_s=words[0].span.start_s, end_s=words[-1].span.end_s)
    return Turn(speaker=speaker, span=span, words=tuple(words))


def _tokens(text: str, path: Path) -> Iterator[_Token]:
    line, seen = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        kind = match.lastgroup
        if kind is not None:
            found = match[kind].replace('""', '"')
            yield _Token(text=found, kind=kind, place=Place(path=path, line=line))
