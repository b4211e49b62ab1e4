"""Rendered sentences kept, so that a line is rendered once and then starts at once.

A kept file is a 16-bit FLAC with the SHA-256 of those bytes after it: a damaged file is noticed and
the sentence rendered anew. Nothing here ever fails a line: where the disk refuses, the sound is
kept in memory only, and that is said once in the log.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_coach.audio.samples import Audio

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

MAX_BYTES = 200_000_000
"""Chosen: some five thousand sentences."""

MEMORY_SENTENCES = 48
"""How many sentences also stay in memory, about 0.3 MB each. Chosen: more than a sitting's next."""

DIGEST_BYTES = 32
PRIVATE_FOLDER = 0o700


class Rendering(Protocol):
    """What the cache asks of a voice."""

    @property
    def name(self) -> str:
        """What tells this voice from every other."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different."""

    def render(self, text: str) -> Audio:
        """The text spoken."""


class VoiceCache:
    """Sentences by text, voice and version, in ``folder`` up to ``max_bytes``.

    The least recently used go first. With ``folder`` None sounds are kept in memory only, which
    suits feedback that quotes a person. Safe to use from several threads; a thread that needs the
    sentence another is rendering waits for it.
    """

    def __init__(self, folder: Path | None, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._memory: OrderedDict[str, Audio] = OrderedDict()
        self._memory_lock = Lock()
        self._rendering = Lock()
        self._complained = False

    def render(self, voice: Rendering, text: str) -> Audio:
        """The text in this voice: kept from before, or rendered now and kept.

        Raises what the voice raises, and nothing else.
        """
        key = _key(voice, text)
        kept = self._recalled(key)
        if kept is not None:
            return kept
        with self._rendering:
            kept = self._recalled(key)
            if kept is None:
                kept = voice.render(text)
                self._keep(key, kept)
        return kept

    def _recalled(self, key: str) -> Audio | None:
        with self._memory_lock:
            audio = self._memory.get(key)
            if audio is not None:
                self._memory.move_to_end(key)
                return audio
        audio = self._read(key)
        if audio is not None:
            self._remember(key, audio)
        return audio

    def _remember(self, key: str, audio: Audio) -> None:
        with self._memory_lock:
            self._memory[key] = audio
            while len(self._memory) > MEMORY_SENTENCES:
                self._memory.popitem(last=False)

    def _read(self, key: str) -> Audio | None:
        """What the disk holds under this key, whole; None where it holds nothing usable."""
        if self._folder is None:
            return None
        path = self._folder / f"{key}.flac"
        try:
            stored = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(error)
            return None
        packed, digest = stored[:-DIGEST_BYTES], stored[-DIGEST_BYTES:]
        if hashlib.sha256(packed).digest() != digest:
            return None
        try:
            os.utime(path)
        except OSError as error:  # read-only: still good to hear
            self._complain(error)
        return _unpacked(packed)

    def _keep(self, key: str, audio: Audio) -> None:
        self._remember(key, audio)
        if self._folder is None or not len(audio):
            return
        packed = _packed(audio)
        stored = packed + hashlib.sha256(packed).digest()
        try:
            self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            _write_whole(self._folder / f"{key}.flac", stored)
            self._shrink(keeping=f"{key}.flac")
        except OSError as error:
            self._complain(error)

    def _shrink(self, keeping: str) -> None:
        """Remove the least recently used until the rest fits; the newest one always stays."""
        if self._folder is None:
            return
        found = sorted(_sizes(self._folder), key=lambda entry: entry[0])
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= self._max_bytes:
                return
            if path.name != keeping:
                path.unlink(missing_ok=True)
                total -= size

    def _complain(self, error: OSError) -> None:
        if not self._complained:
            self._complained = True
            log.warning(
                "Spoken lines cannot be kept in %s (%s): they are rendered each time instead.",
                self._folder,
                error.strerror or error,
            )


def _key(voice: Rendering, text: str) -> str:
    return hashlib.sha256(f"{text}\0{voice.name}\0{voice.version}".encode()).hexdigest()


def _sizes(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Last use in nanoseconds, bytes and path of each kept file."""
    for path in folder.glob("*.flac"):
        try:
            status = path.stat()
        except FileNotFoundError:  # another process removed it meanwhile
            continue
        yield status.st_mtime_ns, status.st_size, path


def _write_whole(path: Path, stored: bytes) -> None:
    """All of it or nothing, readable by the owner only."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
        fresh = Path(file.name)
        try:
            file.write(stored)
            file.close()
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def _packed(audio: Audio) -> bytes:
    import soundfile

    packed = io.BytesIO()
    soundfile.write(packed, audio.samples, audio.rate_hz, format="FLAC", subtype="PCM_16")
    return packed.getvalue()


def _unpacked(packed: bytes) -> Audio:
    import soundfile

    samples, rate_hz = soundfile.read(io.BytesIO(packed), dtype="float32")
    return Audio(np.asarray(samples, np.float32), int(rate_hz))
