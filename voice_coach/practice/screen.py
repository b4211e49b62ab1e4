"""The console that a sitting is shown on, also where it has few characters.

A terminal or a pipe may be set to an encoding without typographic quotes and blocks (Windows'
legacy code pages, ``LC_ALL=C`` with UTF-8 mode off). What it lacks is then shown as near as can be.
"""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Mapping
from types import MappingProxyType

from rich.console import Console

NEAREST: Mapping[str, str] = MappingProxyType(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...", "→": "->",
     "▕": "|", "█": "#", "▏": "|"}
)  # fmt: skip
"""What stands in for a character that cannot be shown; "?" for all others."""


def open_console() -> Console:
    """A console on stdout that never fails over a character."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("voice-coach-nearest", _nearest)
        sys.stdout.reconfigure(errors="voice-coach-nearest")
    return Console(highlight=False)


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(NEAREST.get(char, "?") for char in missing), error.end
