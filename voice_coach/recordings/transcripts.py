"""A timed transcript out of a file, whichever format it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from voice_coach.conversation import Turn
from voice_coach.errors import UserError
from voice_coach.recordings.captions import read_captions
from voice_coach.recordings.place import text_of_file
from voice_coach.recordings.rttm import read_rttm
from voice_coach.recordings.tabbed import read_tabbed
from voice_coach.recordings.textgrid import read_textgrid
from voice_coach.recordings.untold import why_untold

READERS: MappingProxyType[str, Callable[[str, Path], tuple[Turn, ...]]] = MappingProxyType(
    {
        ".tsv": read_tabbed,
        ".tab": read_tabbed,
        ".txt": read_tabbed,
        ".rttm": read_rttm,
        ".vtt": read_captions,
        ".srt": read_captions,
        ".textgrid": read_textgrid,
    }
)
"""Ending, in small letters → what reads it."""
MOST_SPEAKERS = 26
"""More is a sign that something else was read as names ("Note: ..."). Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said, in order of time.

    ``overlaps_void``: why the file cannot tell who spoke over whom, where it says so; or None.
    """

    utterances: tuple[Turn, ...]
    overlaps_void: str | None = None


def read_transcript(path: Path) -> Transcript:
    """A file read by its ending.

    Words have even shares of their utterance's time, or their own where the file times them (word
    tiers); none where the file holds no words (RTTM). Raises UserError, one line that names file,
    line and mend.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UserError(
            f"{path} is no transcript by its name: they end in {', '.join(sorted(READERS))}."
        )
    text = text_of_file(path)
    turns = sorted(reader(text, path), key=lambda turn: turn.span.start_s)
    if not turns:
        raise UserError(f"{path} holds nothing that was said: check that it is the right file.")
    speakers = {turn.speaker for turn in turns}
    if len(speakers) > MOST_SPEAKERS:
        raise UserError(
            f"{path} names {len(speakers)} speakers, {MOST_SPEAKERS} at most can be told apart: "
            "split it, or check its names."
        )
    return Transcript(utterances=tuple(turns), overlaps_void=why_untold(text))
