"""The recorded replies that come with the program, for demonstrations and tests."""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import UserError


def fixture(case: str) -> Path:
    """The folder of one recorded reply: reply.wav, truth.json, SOURCE.md.

    Looked for inside an installed package, then beside a checkout's. Raises UserError where it is
    in neither.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "bundled" / "audio_fixtures", package.parent / "audio_fixtures"):
        if (folder / case / "truth.json").is_file():
            return folder / case
    raise UserError(f"The recorded reply '{case}' is missing. Install Voice Coach again.")
