"""Files written whole or not at all, for their owner only."""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.home import write_private


def write(path: Path, text: str) -> None:
    """Write what was found in a recording. Raises UserError."""
    try:
        write_private(path, text)
    except OSError as error:
        path.with_name(f"{path.name}.new").unlink(missing_ok=True)
        raise UserError(
            f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error


def check_output(path: Path, recording: Path) -> None:
    """Before the work: raise UserError where ``path`` is the recording itself, or cannot be."""
    if path.exists() and recording.exists() and path.samefile(recording):
        raise UserError(f"{path} is the recording itself: name another file to write to.")
    if path.is_dir():
        raise UserError(f"{path} is a folder: name a file in it.")
    if not path.parent.is_dir():
        raise UserError(f"{path} cannot be written: there is no folder {path.parent}.")
