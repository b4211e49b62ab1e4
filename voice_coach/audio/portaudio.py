"""The sound library: loading it, keeping it quiet while it looks around, looking again."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_coach.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = {
    "darwin": "brew install portaudio",
    "linux": "sudo apt-get install libportaudio2 (or your system's PortAudio package)",
    "win32": "python -m pip install --force-reinstall sounddevice",
}


class _Streams:
    """How many streams are open: while one is, PortAudio must not be initialised again."""

    open = 0


def load(platform: str = sys.platform) -> Any:
    """The sounddevice module.

    Raises UserError naming the package to install where PortAudio is missing.
    """
    try:
        with quiet():
            import sounddevice
    except OSError as error:
        mend = _PACKAGE.get(platform, _PACKAGE["linux"])
        raise UserError(
            f"The sound library PortAudio is missing. Install it with: {mend}. "
            "Until then, practise with recordings: voice-coach practice --replies FILE…"
        ) from error
    return sounddevice


def refresh() -> None:
    """Look for devices again: PortAudio's list is frozen when it is initialised.

    Only between turns: raises RuntimeError while a stream is open, which would be pulled away.
    """
    if _Streams.open:
        raise RuntimeError("devices can be looked for again only while no stream is open")
    sounddevice = load()
    # Documented by sounddevice as the only way, though their names begin with an underscore.
    with quiet():
        sounddevice._terminate()  # noqa: SLF001
        sounddevice._initialize()  # noqa: SLF001


def hold() -> None:
    """A stream was opened."""
    _Streams.open += 1


def release() -> None:
    """A stream was closed."""
    _Streams.open -= 1


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence what C libraries write to stderr: ALSA and JACK report devices that are not there.

    For initialising and opening only; the program's own messages must not fall in it.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr, so there is nothing to silence
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


@contextlib.contextmanager
def chatter_to(log: Path) -> Iterator[None]:
    """Send what C libraries write to stderr to a file; Python's own stderr stays where it is.

    ALSA reports each late block in the middle of the screen while a stream runs; in the file it
    helps whoever looks for a fault. The file is begun anew each time. Raises UserError where it
    cannot be written.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr, so there is nothing to redirect
        yield
        return
    try:
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        os.close(kept)
        raise UserError(
            f"'{log}' cannot be written ({error.strerror}). Move it away, or make its folder one "
            "that you may write to."
        ) from error
    before = sys.stderr
    try:
        before.flush()
        sys.stderr = os.fdopen(kept, "w", encoding="utf-8", errors="replace", closefd=False)
        os.dup2(file, 2)
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = before
        os.dup2(kept, 2)
        os.close(file)
        os.close(kept)
