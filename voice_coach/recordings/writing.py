"""Files written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import UserError


def write(path: Path, text: str) -> None:
    """Written beside and renamed, so that no half a file is left. Raises UserError."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error
