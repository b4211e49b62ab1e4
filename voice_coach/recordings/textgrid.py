"""Praat TextGrids, long or short: each interval tier is a speaker, named as the tier.

Praat itself reads both forms by one rule, taken here too: only numbers, quoted texts and flags that
stand free count, everything between them is decoration. A tier whose intervals are single words
(as forced aligners write it, "Maya - words") times the words of the tier "Maya", or is joined at
pauses where there is none. Phones and points are passed over, and so are the tiers that say what
was found in a conversation.

What is written here, in the long form::

    Maya            what she said, utterance by utterance
    Maya - words    each word, where a recording timed them
    Maya - moves    what her replies do
    …               the same for each speaker
    overlaps        "interruption: Leo over Maya", or why it cannot be told
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from voice_coach.conversation import Span, Turn, Word, spread
from voice_coach.recordings.analysis import Analysis
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.place import Place
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable

WORD_GAP_S = 0.25
"""Silence between timed words that parts two utterances: the least that is a pause (de Jong)."""
DIGITS, STEP_S = 3, 0.001
"""Times are written to a thousandth of a second, and nothing is shorter."""
SILENCES = frozenset({"sp", "sil", "<sil>", "<p>", "<p:>", "#"})
"""What forced aligners write for silence."""
_PHONES = re.compile(r"(?:.*\W)?(?:phones?|phonemes?|segments?|syllables?)", re.IGNORECASE)
_FOUND = re.compile(r"(?:.*\W)?moves|overlaps", re.IGNORECASE)
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
    count = reader.count("the number of tiers")
    tiers = [tier for _ in range(count) if (tier := _tier(reader)) is not None]
    return tuple(turn for tier in tiers for turn in _turns(tier, tiers))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tier:
    """A speaker's intervals that hold text; ``of_words``: a word each."""

    speaker: str
    of_words: bool
    held: tuple[tuple[Span, str], ...]


def _tier(reader: _Reader) -> _Tier | None:
    """The next tier; None where it holds nothing that was said."""
    kind = reader.take("text", "a kind of tier")
    name = reader.take("text", "a tier's name").text.strip()
    reader.take("number", "the tier's start")
    reader.take("number", "the tier's end")
    count = reader.count("the number of intervals")
    if kind.text == "TextTier":
        for _ in range(count):
            reader.take("number", "a time")
            reader.take("text", "a mark")
        return None
    if kind.text != "IntervalTier":
        raise kind.place.fault(f"an unknown kind of tier, {kind.text}", "make it an IntervalTier")
    intervals = [_interval(reader) for _ in range(count)]
    if not name:
        raise kind.place.fault("a tier without a name", "name it after the speaker")
    if _PHONES.fullmatch(name) or _FOUND.fullmatch(name):
        return None
    held = [(span, text) for span, text in intervals if text]
    if _WORDS.search(name) and all(len(text.split()) == 1 for _, text in held):
        return _Tier(
            speaker=_WORDS.sub("", name) or name,
            of_words=True,
            held=tuple(each for each in held if each[1] not in SILENCES),
        )
    return _Tier(speaker=_WORDS.sub("", name) or name, of_words=False, held=tuple(held))


def _turns(tier: _Tier, tiers: Sequence[_Tier]) -> Iterator[Turn]:
    """What a tier says that no other says for the same speaker."""
    own = [each for each in tiers if each.speaker == tier.speaker]
    if tier.of_words:
        if all(each.of_words for each in own):
            yield from _from_words(tier.speaker, tier.held)
        return
    words = sorted(word for each in own if each.of_words for word in each.held)
    middles_s = [span.middle_s for span, _ in words]
    for span, text in tier.held:
        inside = words[bisect_left(middles_s, span.start_s) : bisect_left(middles_s, span.end_s)]
        timed = " ".join(word for _, word in inside) == text
        yield Turn(
            speaker=tier.speaker,
            span=span,
            words=tuple(Word(text=word, span=when) for when, word in inside)
            if timed
            else spread(text, span),
        )


def _interval(reader: _Reader) -> tuple[Span, str]:
    start = reader.take("number", "an interval's start")
    end = reader.take("number", "an interval's end")
    text = reader.take("text", "an interval's text").text
    return end.place.span(start.text, end.text), " ".join(text.split())


def _from_words(speaker: str, held: Iterable[tuple[Span, str]]) -> Iterator[Turn]:
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


Labels = list[tuple[Span, str]]


def as_textgrid(analysis: Analysis, heard: Heard | None, _recording: str) -> str:
    """The conversation as tiers; words only where they were heard, not guessed by a transcript."""
    tiers = list(_told(analysis, with_words=heard is not None))
    end_s = max(
        [round(analysis.duration_s, DIGITS), *(span.end_s for _, held in tiers for span, _ in held)]
    )
    void = analysis.overlaps_void
    overlaps = (
        [(Span(start_s=0.0, end_s=end_s), not_told(void))]
        if void is not None
        else _parted(
            (each.span, f"{each.kind}: {each.by} over {each.over}") for each in analysis.overlaps
        )
    )
    tiers.append(("overlaps", overlaps))
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", *_bounds(0.0, end_s)]
    lines += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (name, held) in enumerate(tiers, start=1):
        lines.append(f"    item [{number}]:")
        lines += (f"        {line}" for line in _tier_lines(name, _filled(held, end_s), end_s))
    return "\n".join(lines) + "\n"


def _told(analysis: Analysis, *, with_words: bool) -> Iterator[tuple[str, Labels]]:
    """Name and labels of each speaker's tiers; the labels follow one another."""
    for name in dict.fromkeys(turn.speaker for turn in analysis.utterances):
        own = [turn for turn in analysis.utterances if turn.speaker == name]
        yield name, _in_a_row((turn.span, turn.text) for turn in own)
        if with_words:
            words = (word for turn in own for word in turn.words)
            yield (
                f"{name} - words",
                _in_a_row((word.span, "_".join(word.text.split())) for word in words),
            )
        moves = ((span, move.move) for span, move in analysis.moves_of(name))
        yield f"{name} - moves", _parted(moves)


def _in_a_row(labels: Iterable[tuple[Span, str]]) -> Labels:
    """The same in order, none before the end of the one before it or shorter than STEP_S."""
    row: Labels = []
    at_s = 0.0
    for span, text in sorted(labels):
        start_s = max(at_s, round(span.start_s, DIGITS))
        at_s = max(round(start_s + STEP_S, DIGITS), round(span.end_s, DIGITS))
        row.append((Span(start_s=start_s, end_s=at_s), text))
    return row


def _parted(labels: Iterable[tuple[Span, str]]) -> Labels:
    """Labels that may cover one another, as a row: what two cover is named after both.

    ::

        [---- a ----)                [-- a --)[-- a; b --)[-- b --)
                 [---- b ----)
    """
    given = list(labels)
    edges = sorted(
        {round(edge, DIGITS) for span, _ in given for edge in (span.start_s, span.end_s)}
    )
    parts = []
    for start_s, end_s in pairwise(edges):
        part = Span(start_s=start_s, end_s=end_s)
        if covering := [text for span, text in given if part.middle_s in span]:
            parts.append((part, "; ".join(dict.fromkeys(covering))))
    return parts


def _filled(row: Labels, end_s: float) -> Labels:
    """The row with empty labels between, up to the end: Praat wants no gaps."""
    edges = [0.0, *(edge for span, _ in row for edge in (span.start_s, span.end_s)), end_s]
    silences = [
        (Span(start_s=start_s, end_s=stop_s), "")
        for start_s, stop_s in zip(edges[::2], edges[1::2], strict=True)
        if stop_s > start_s
    ]
    return sorted([*row, *silences])


def _tier_lines(name: str, intervals: Labels, end_s: float) -> Iterator[str]:
    yield 'class = "IntervalTier"'
    yield f"name = {_quoted(name)}"
    yield from _bounds(0.0, end_s)
    yield f"intervals: size = {len(intervals)}"
    for number, (span, text) in enumerate(intervals, start=1):
        yield f"intervals [{number}]:"
        yield from (f"    {line}" for line in _bounds(span.start_s, span.end_s))
        yield f"    text = {_quoted(text)}"


def _bounds(start_s: float, end_s: float) -> list[str]:
    return [f"xmin = {start_s:.{DIGITS}f}", f"xmax = {end_s:.{DIGITS}f}"]


def _quoted(text: str) -> str:
    plain = " ".join(printable(text).split())
    return '"' + plain.replace('"', '""') + '"'
