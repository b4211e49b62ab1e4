"""Cutting sound into windows the recogniser can read at once, at the silences.

::

    voice     [--)  [----)                 [---)  [-------)
    pieces   [--------------)            [------------------)     voice with padding
    windows  [---------------------- 1 ----------------------)     until MAX_WINDOW_S is full
"""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.conversation import Span, Timeline

MAX_WINDOW_S = 25.0
"""Whisper reads 30 s at once; the rest is room for padding. Chosen."""

PAD_S = 1.0
"""Kept on either side of a voice, so that soft beginnings and ends are heard. Chosen; silences
of more than twice this are shortened to twice this."""


def windows_of(activity: Timeline, duration_s: float) -> tuple[tuple[Span, ...], ...]:
    """The pieces of sound to read together, window by window; silence is left out.

    ``duration_s`` is that of the whole sound. A voice that never pauses for longer than
    MAX_WINDOW_S stays in one window; the recogniser moves on within it by itself.
    """
    windows: list[tuple[Span, ...]] = []
    group: list[Span] = []
    for span in activity:
        while group and _length_s([*group, span]) > MAX_WINDOW_S:
            cut = cut_of(group, span)
            windows.append(tuple(group[:cut]))
            group = group[cut:]
        group.append(span)
    if group:
        windows.append(tuple(group))
    return tuple(_padded(window, activity, duration_s) for window in windows)


def cut_of(group: Sequence[Span], following: Span) -> int:
    """How many spans of a full group to read now: up to the longest silence in its later half."""
    spans = [*group, following]
    half_s = (spans[0].start_s + spans[-2].end_s) / 2
    cuts = [at for at in range(1, len(spans)) if spans[at].start_s >= half_s]
    return max(cuts, key=lambda at: (spans[at - 1].gap_s(spans[at]), at))


def source_time_s(pieces: Sequence[Span], time_s: float) -> float:
    """The time in the whole sound of a time in the joined pieces; beyond them, their end."""
    for piece in pieces:
        if time_s < piece.duration_s:
            return piece.start_s + time_s
        time_s -= piece.duration_s
    return pieces[-1].end_s


def _length_s(spans: Sequence[Span]) -> float:
    """How long the spans are when read together, long silences shortened."""
    voices = Timeline.of(spans)
    silence_s = sum(min(gap.duration_s, 2 * PAD_S) for gap in voices.gaps())
    return voices.duration_s + silence_s


def _padded(window: tuple[Span, ...], activity: Timeline, duration_s: float) -> tuple[Span, ...]:
    """The window's spans with padding, never reaching into speech of the windows beside it."""
    before = [span.end_s for span in activity if span.end_s <= window[0].start_s]
    after = [span.start_s for span in activity if span.start_s >= window[-1].end_s]
    least_s = (before[-1] + window[0].start_s) / 2 if before else 0.0
    most_s = (after[0] + window[-1].end_s) / 2 if after else duration_s
    pieces = Timeline.of(
        Span(start_s=max(least_s, span.start_s - PAD_S), end_s=min(most_s, span.end_s + PAD_S))
        for span in window
    )
    return pieces.spans
