"""A conversation over time: cut into windows, each with every speaker's part in it.

::

    0:00          2:00          4:00     5:20
    [-------------|-------------|--------)      windows of two minutes; the rest joins the last
       [-----turn-----)                         where it is under a minute
       counts here    words and voice here, too

A turn, an interruption and a move count in the window in which they start, a word likewise, so that
the windows' counts add up to the whole's. Voice and the time of a turn are parted at the borders.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from voice_coach.conversation import Measure, Measured, Overlap, Span, Unmeasured, Word, spoken
from voice_coach.recordings.measures import (
    FEWEST_TONE_S,
    NO_SOUND,
    NO_WORDS,
    TOO_LITTLE_VOICE,
    tone_in,
)
from voice_coach.recordings.own import Own
from voice_coach.scoring.pacing import FEWEST_WORDS
from voice_coach.scoring.scorecard import MoveKind
from voice_coach.scoring.track import semitones

LENGTHS_S = (60.0, 120.0, 180.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0)
"""A window is one of these: the shortest that gives MOST_WINDOWS or fewer. From five minutes up to
twelve hours that is five windows to twelve. Chosen: a table that fits on a page."""
MOST_WINDOWS = 12
SHORTEST_S = 60.0
"""No window is shorter: a turn or two would make its figures. Chosen."""
FEWEST_PACE_WORDS = 40
"""Fewer words give a window no pace. In fourteen group talks (GAP) the pace over 40 to 60 words lay
12 % off the speaker's own in the median, over 8 to 12 words 28 %. Chosen."""
MOST_WINDOW_TONE_S = 60.0
"""About so much of a speaker's voice in a window is enough for its pitch and level. Chosen."""
ROUNDING_S = 1e-6
TOO_SHORT_FOR_TWO = "too short for two windows, which are a minute or longer"
NOBODY = "nobody spoke here"
NO_REPLY_HERE = "no turn here answers another's words"
TOO_FEW_WORDS = f"under {FEWEST_PACE_WORDS} words here in turns of {FEWEST_WORDS} or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One speaker's part in a window.

    ``share`` is of everybody's speech in it, 0 to 1. ``turns``, ``words``, ``interruptions`` and
    ``moves`` count what starts in it; ``moves_by_kind`` parts the moves, commonest first.
    ``pitch_rise_semitones`` and ``level_rise_db`` are against the speaker's own voice over the
    whole recording, never against anybody else's.
    """

    name: str
    speech_s: float
    share: Measure
    turns: int
    interruptions: Measure
    words: int
    words_per_min: Measure
    moves: Measure
    moves_by_kind: Mapping[MoveKind, int]
    pitch_rise_semitones: Measure
    level_rise_db: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of the conversation and everybody's part in it, in the order of the speakers."""

    span: Span
    parts: tuple[Part, ...]


def window_length_s(duration_s: float) -> float:
    """How long the windows of a conversation are, in seconds."""
    return next(
        (length_s for length_s in LENGTHS_S if duration_s <= MOST_WINDOWS * length_s), LENGTHS_S[-1]
    )


def spans_of(duration_s: float, length_s: float | None = None) -> tuple[Span, ...]:
    """The windows of a conversation, from second 0; none where there would not be two.

    ``length_s`` as :func:`window_length_s` has it, unless given. What is left at the end is a
    window of its own where it lasts SHORTEST_S or more, and else belongs to the last.
    Raises ValueError for a length under SHORTEST_S.
    """
    length_s = window_length_s(duration_s) if length_s is None else length_s
    if not length_s >= SHORTEST_S:
        raise ValueError(f"a window lasts {SHORTEST_S:.0f} s or more: {length_s}")
    whole = int((duration_s + ROUNDING_S) // length_s)
    rest_s = duration_s - whole * length_s
    count = whole + (rest_s >= SHORTEST_S - ROUNDING_S)
    if count < 2:
        return ()
    edges_s = [length_s * number for number in range(count)]
    return tuple(
        Span(start_s=start_s, end_s=end_s)
        for start_s, end_s in zip(edges_s, [*edges_s[1:], duration_s], strict=True)
    )


def windows_of(
    spans: Sequence[Span],
    speakers: Sequence[Own],
    usual: Mapping[str, Mapping[str, Measure]],
    overlaps: Sequence[Overlap],
    *,
    overlaps_void: str | None = None,
) -> tuple[Window, ...]:
    """Everybody's part in each of these windows, which follow on one another from second 0.

    ``usual``: by name the measures of each over the whole, with the tone to compare with.
    ``overlaps_void``: why talk over one another cannot be told, or None.
    """
    starts_s = [span.start_s for span in spans]
    cuts = [overlap for overlap in overlaps if overlap.kind == "interruption"]
    counts = [_counted(own, cuts, starts_s) for own in speakers]
    windows = []
    for number, span in enumerate(spans):
        all_s = sum(own.activity.within(span).duration_s for own in speakers)
        parts = tuple(
            _part(own, span, counted.within(number), all_s, usual[own.name], overlaps_void)
            for own, counted in zip(speakers, counts, strict=True)
        )
        windows.append(Window(span=span, parts=parts))
    return tuple(windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """What of a speaker starts in one window; ``paced`` are words of turns that have a pace."""

    turns: int
    words: int
    paced: int
    cuts: int
    moves: Mapping[MoveKind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The same for all windows, by their number."""

    turns: Counter[int]
    words: Counter[int]
    paced: Counter[int]
    cuts: Counter[int]
    moves: Mapping[int, Counter[MoveKind]]

    def within(self, number: int) -> _Here:
        moves = self.moves.get(number, Counter[MoveKind]())
        return _Here(
            turns=self.turns[number],
            words=self.words[number],
            paced=self.paced[number],
            cuts=self.cuts[number],
            moves=dict(moves.most_common()),
        )


def _counted(own: Own, cuts: Sequence[Overlap], starts_s: Sequence[float]) -> _Counted:
    def places(spans: Iterable[Span]) -> Iterable[int]:
        """The window of each; one that starts beyond the ends is in the first or last."""
        return (max(0, bisect_right(starts_s, span.start_s) - 1) for span in spans)

    moves: dict[int, Counter[MoveKind]] = {}
    made = [(reply, move) for reply in own.replies for move in reply.judged.moves]
    times = (reply.when(move) for reply, move in made)
    for (_, move), number in zip(made, places(times), strict=True):
        moves.setdefault(number, Counter())[move.move] += 1
    paced = (word.span for turn in own.turns for word in _paced(spoken(turn.words)))
    return _Counted(
        turns=Counter(places(turn.span for turn in own.turns)),
        words=Counter(places(word.span for word in own.words)),
        paced=Counter(places(paced)),
        cuts=Counter(places(cut.span for cut in cuts if cut.by == own.name)),
        moves=moves,
    )


def _paced(words: Sequence[Word]) -> Sequence[Word]:
    """The words of a turn where they are enough for a pace, else none."""
    return words if len(words) >= FEWEST_WORDS else ()


def _part(
    own: Own,
    window: Span,
    here: _Here,
    all_s: float,
    usual: Mapping[str, Measure],
    overlaps_void: str | None,
) -> Part:
    """``all_s``: seconds of everybody's speech in the window."""
    speech_s = own.activity.within(window).duration_s
    pitch_rise, level_rise = _tone(own, window, usual)
    return Part(
        name=own.name,
        speech_s=speech_s,
        share=Measured(value=speech_s / all_s, unit="share")
        if all_s
        else Unmeasured(reason=NOBODY, unit="share"),
        turns=here.turns,
        interruptions=Measured(value=here.cuts, unit="interruptions")
        if overlaps_void is None
        else Unmeasured(reason=overlaps_void, unit="interruptions"),
        words=here.words,
        words_per_min=_pace(own, window, here),
        moves=_moves(own, window, here),
        moves_by_kind=here.moves,
        pitch_rise_semitones=pitch_rise,
        level_rise_db=level_rise,
    )


def _moves(own: Own, window: Span, here: _Here) -> Measure:
    unit = "moves"
    if here.moves or any(reply.span.meets(window) for reply in own.replies):
        return Measured(value=sum(here.moves.values()), unit=unit)
    return Unmeasured(reason=NO_REPLY_HERE if own.words else NO_WORDS, unit=unit)


def _pace(own: Own, window: Span, here: _Here) -> Measure:
    """Words a minute over the turns that are long enough: their words and their time here."""
    unit = "words/min"
    if not own.words:
        return Unmeasured(reason=NO_WORDS, unit=unit)
    meeting = [turn for turn in own.turns if turn.span.meets(window)]
    long = [turn.span for turn in meeting if _paced(spoken(turn.words))]
    seconds = sum((span & window).duration_s for span in long)
    if here.paced < FEWEST_PACE_WORDS or not seconds:
        return Unmeasured(reason=TOO_FEW_WORDS, unit=unit)
    return Measured(value=60.0 * here.paced / seconds, unit=unit)


def _tone(own: Own, window: Span, usual: Mapping[str, Measure]) -> tuple[Measure, Measure]:
    """How far pitch (semitones) and level (dB) lie above the speaker's own over all."""
    if own.voice is None:
        return _unmeasured(NO_SOUND)
    alone = own.alone.within(window)
    if alone.duration_s < FEWEST_TONE_S:
        return _unmeasured(f"{TOO_LITTLE_VOICE} here")
    here = tone_in(own.voice, alone, MOST_WINDOW_TONE_S)
    return (
        _rise(here["pitch_median_hz"], usual["pitch_median_hz"], "semitones", semitones),
        _rise(here["level_db"], usual["level_db"], "dB", lambda now, before: now - before),
    )


def _unmeasured(reason: str) -> tuple[Measure, Measure]:
    return Unmeasured(reason=reason, unit="semitones"), Unmeasured(reason=reason, unit="dB")


def _rise(
    here: Measure, usual: Measure, unit: str, above: Callable[[float, float], float]
) -> Measure:
    if isinstance(here, Unmeasured):
        return Unmeasured(reason=here.reason, unit=unit)
    if isinstance(usual, Unmeasured):
        return Unmeasured(reason=usual.reason, unit=unit)
    return Measured(value=above(here.value, usual.value), unit=unit)
