"""Files written whole or not at all, for their owner only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.home import write_private


def write(path: Path, content: str | bytes) -> None:
    """Write what was found in a recording. Raises UserError."""
    try:
        write_private(path, content)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.with_name(f"{path.name}.new").unlink(missing_ok=True)
        raise UserError(
            f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error


def check_outputs(paths: Sequence[Path], source: Path | None) -> None:
    """Before the work: raise UserError where one of them cannot be written.

    That is where it is the ``source`` itself, another of them, a folder, or in a folder that does
    not exist or takes no files.
    """
    for place, path in enumerate(paths):
        if source is not None and _same(path, source):
            raise UserError(f"{path} is the recording itself: name another file to write to.")
        if path.is_dir():
            raise UserError(f"{path} is a folder: name a file in it.")
        if not path.parent.is_dir():
            raise UserError(f"{path} cannot be written: there is no folder {path.parent}.")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UserError(
                f"{path} cannot be written: the folder {path.parent} is read-only. Name another."
            )
        if any(_same(path, other) for other in paths[:place]):
            raise UserError(f"{path} is named twice: give each output its own file.")


def _same(path: Path, other: Path) -> bool:
    if path.exists() and other.exists():
        return path.samefile(other)
    return path.resolve() == other.resolve()
