"""Where the program keeps what it keeps, and the person's choices.

Everything lies under one private folder, ``VOICE_COACH_HOME`` (by default the platform's own place
for application data). Nothing is written outside it but what a command names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from voice_coach.errors import UserError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
OURS = frozenset({"config.json", "history.sqlite3", "models", "voices"})
"""What tells a home of ours from anybody's folder."""


def home_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The private folder, made when missing and readable by its owner only.

    Raises UserError where it cannot be made or written to.
    """
    named = environ.get("VOICE_COACH_HOME")
    if named:
        home = Path(named).expanduser()
    else:
        from platformdirs import user_data_path

        home = user_data_path("voice-coach", appauthor=False)
    try:
        home.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if sys.platform != "win32" and home.stat().st_mode & 0o077:
            _refuse_shared(home)
            home.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise UserError(
            f"The folder for your history, {home}, cannot be made or kept private "
            f"({error.strerror}). Set VOICE_COACH_HOME to a folder of your own."
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise UserError(
            f"The folder for your history, {home}, is read-only. "
            "Make it writable, or set VOICE_COACH_HOME to another folder."
        )
    return home


def _refuse_shared(home: Path) -> None:
    """A folder others use must not be closed to them: only an empty one or our own may be."""
    held = {entry.name for entry in home.iterdir()}
    if held and not held & OURS:
        raise UserError(
            f"The folder {home} holds other things and is open to others. "
            "Set VOICE_COACH_HOME to an empty folder of your own."
        )


LEAST_PATIENCE_S = 0.5
MOST_PATIENCE_S = 15.0
"""Limits of the silence that ends a reply, seconds. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The person's remembered choices. None means: the program's own choice.

    ``input_device`` and ``output_device`` are device names; ``patience_s`` is the silence in
    seconds that ends a reply. ``echo`` holds, for each microphone and loudspeaker used together
    (:func:`pair_of`), the figures of how the one hears the other.
    """

    input_device: str | None = None
    output_device: str | None = None
    model: str | None = None
    patience_s: float | None = None
    echo: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def with_choices(self, **choices: Any) -> Config:
        """The same with these choices changed; those given as None stay as they are."""
        return replace(
            self, **{name: value for name, value in choices.items() if value is not None}
        )


def pair_of(microphone: str, loudspeaker: str) -> str:
    """What a microphone and a loudspeaker, by their names, are called together."""
    return f"{microphone} | {loudspeaker}"


def read_config(home: Path) -> Config:
    """The choices kept in the home folder; defaults where none are kept.

    Raises UserError where the file is damaged or holds a key it should not.
    """
    path = home / "config.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, ValueError) as error:
        raise UserError(
            f"Your settings in {path} cannot be read ({error}). "
            "Mend the file, or delete it to start with the defaults."
        ) from error
    known = {field.name for field in fields(Config)}
    if not isinstance(kept, dict) or not set(kept) <= known:
        strangers = sorted(set(kept) - known) if isinstance(kept, dict) else ["not an object"]
        raise UserError(
            f"Your settings in {path} hold something unknown: {', '.join(strangers)}. "
            "Take it out, or delete the file to start with the defaults."
        )
    patience_s = kept.get("patience_s")
    names = [kept.get(name) for name in known - {"patience_s", "echo"}]
    patient = patience_s is None or (
        isinstance(patience_s, int | float)
        and not isinstance(patience_s, bool)
        and LEAST_PATIENCE_S <= patience_s <= MOST_PATIENCE_S
    )
    named = all(name is None or isinstance(name, str) for name in names)
    if not patient or not named or not _figures(kept.get("echo", {})):
        raise UserError(
            f"Your settings in {path} hold a value that cannot be right. "
            "Mend it, or delete the file to start with the defaults."
        )
    return Config(**kept)


def _figures(echo: object) -> bool:
    """Whether this holds, by names, nothing but numbers by names."""
    return isinstance(echo, dict) and all(
        isinstance(pair, dict) and all(isinstance(value, int | float) for value in pair.values())
        for pair in echo.values()
    )


def write_config(home: Path, config: Config) -> None:
    """Keep the choices; the old file stays whole until the new one is written.

    Raises UserError where they cannot be written.
    """
    kept = {name: value for name, value in asdict(config).items() if value not in (None, {})}
    path = home / "config.json"
    try:
        write_private(path, json.dumps(kept, indent=2) + "\n")
    except OSError as error:
        raise UserError(
            f"Your settings cannot be kept in {path} ({error.strerror}). "
            "Make room or make the folder writable; today's choice still counts."
        ) from error


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file only its owner may read, all of it or nothing; text as UTF-8."""
    data = content.encode() if isinstance(content, str) else content
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, PRIVATE_FILE)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
