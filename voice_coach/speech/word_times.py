"""Word times put right by the sound: a word lies where a voice was heard.

::

    voice      [-------)        [-------)
    Whisper      [--)[-------------)[--)     the word after a pause begins in the pause
    snapped    [----)           [--)[--)

Whisper's word times come from its attention, which wanders into pauses; when a voice was heard
is known to about 30 ms (median on TIMIT), so voices decide and Whisper only shares the time out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice_coach.conversation import Span, Timeline, Word

BRIDGE_S = 0.2
"""Silences this short belong to words (closures) and are not pauses. Chosen."""

EDGE_S = 0.35
"""A first or last word this close to the edge of a voice is stretched to it. Chosen."""

MIN_WORD_S = 0.04
"""No word is shorter: two steps of Whisper's clock."""


def snapped(words: Sequence[Word], activity: Timeline) -> tuple[Word, ...]:
    """The words, in order, each inside a span of activity; nothing changes without activity.

    Words come out ordered, none before the start of the one before it.
    """
    voices = activity.bridged(BRIDGE_S).spans
    if not voices:
        return tuple(words)
    homes: list[int] = []
    for word in words:
        home = max(range(len(voices)), key=lambda at: _closeness(word.span, voices[at]))
        homes.append(max(home, homes[-1]) if homes else home)
    put: list[Word] = []
    for at, voice in enumerate(voices):
        mine = [word for word, home in zip(words, homes, strict=True) if home == at]
        put.extend(_inside(mine, voice))
    return tuple(put)


def _closeness(word: Span, voice: Span) -> tuple[float, float]:
    """Most shared time first; where none is shared, least distance."""
    return (word & voice).duration_s, -word.gap_s(voice)


def _inside(words: list[Word], voice: Span) -> list[Word]:
    """Words of one voice, clipped to it, the outer ones stretched to its edges."""
    starts = [min(max(word.span.start_s, voice.start_s), voice.end_s) for word in words]
    ends = [min(max(word.span.end_s, voice.start_s), voice.end_s) for word in words]
    if words and starts[0] - voice.start_s <= EDGE_S:
        starts[0] = voice.start_s
    if words and voice.end_s - ends[-1] <= EDGE_S:
        ends[-1] = voice.end_s
    # Give words that were squeezed flat a little room, backwards from the end of the voice.
    latest_s = voice.end_s
    for at in range(len(words) - 1, -1, -1):
        room_s = min(MIN_WORD_S, voice.duration_s / len(words))
        ends[at] = min(ends[at], latest_s)
        starts[at] = min(starts[at], max(voice.start_s, ends[at] - room_s))
        latest_s = max(starts[at], voice.start_s + at * room_s)
    out: list[Word] = []
    for word, start_s, end_s in zip(words, starts, ends, strict=True):
        begin_s = max(start_s, out[-1].span.end_s) if out else start_s
        span = Span(start_s=begin_s, end_s=max(begin_s, end_s))
        out.append(replace(word, span=span))
    return out
