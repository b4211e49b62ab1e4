"""What the person asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voice_coach.coaching.voices import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One practice sitting as asked for; None where nothing was said.

    ``come_in_s`` is when each recorded reply starts, seconds from the line's end; by default what
    a truth.json beside the file says, else 0.
    """

    scenario: str | None = None
    replies: tuple[Path, ...] = ()
    fast: bool = False
    come_in_s: float | None = None
    voice: Engine | None = None
    playback: bool = True
    read_setting: bool = True
    input_name: str | None = None
    output_name: str | None = None
    model: str | None = None
    patience_s: float | None = None
    record: bool = False
    demo: bool = False
    events: Path | None = None
