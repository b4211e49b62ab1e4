"""Text that Markdown takes for nothing but text."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """The text on one line, with nothing in it that Markdown would take for its own."""
    return re.sub(r"([\\`*_<>\[\]#|~&])", r"\\\1", " ".join(text.split()))
