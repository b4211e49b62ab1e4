"""Times as people read them."""

from __future__ import annotations

from voice_coach.conversation import Span


def clock(seconds: float) -> str:
    """Minutes and seconds, like 1:05; from an hour on, hours too."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def stretch(span: Span) -> str:
    """From when to when, like 1:00–2:00."""
    return f"{clock(span.start_s)}–{clock(span.end_s)}"
