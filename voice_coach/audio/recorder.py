"""Recording to disk that survives a crash."""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.errors import UserError

FLUSH_S = 1.0
"""Sound that may be lost when the program is killed. Chosen."""

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")

DISK_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""Error numbers that mean no more can be written: disk full, file too large, quota used up."""


class Recorder:
    """Writes 16 kHz mono 16-bit WAV, readable at any moment: the header is renewed every second.

    The samples are written before the header that counts them, so a kill between the two leaves
    a file that is a little short and still right. Only its owner can read it.
    """

    def __init__(self, path: Path) -> None:
        """Begin a new file. Raises UserError where it exists already or cannot be made."""
        self.path = path
        self._samples = 0
        self._flushed = 0
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
        except FileExistsError as error:
            raise UserError(
                f"There is a recording '{path}' already. Move it away or choose another name."
            ) from error
        except OSError as error:
            raise UserError(
                f"The recording '{path}' cannot be made ({error.strerror}). "
                "Choose a folder you may write to."
            ) from error
        self._write(lambda: self._put(self._header()))

    @property
    def duration_s(self) -> float:
        """Seconds recorded."""
        return self._samples / SPEECH_RATE_HZ

    @property
    def closed(self) -> bool:
        """Whether recording has ended, by ``close`` or by a full disk."""
        return self._file.closed

    def write(self, audio: Audio) -> None:
        """Append sound at 16 kHz.

        Raises UserError where the disk is full or gone: the recording ends there, what it holds
        stays readable. Raises ValueError for another rate or a closed recorder.
        """
        if audio.rate_hz != SPEECH_RATE_HZ:
            raise ValueError(f"a recorder takes {SPEECH_RATE_HZ} Hz, got {audio.rate_hz}")
        if self.closed:
            raise ValueError(f"the recording {self.path} is closed")
        pcm = np.rint(np.clip(audio.samples, -1.0, 1.0) * 32767.0).astype("<i2")
        self._write(lambda: self._put(pcm.tobytes()))
        self._samples += len(audio)
        if self._samples - self._flushed >= FLUSH_S * SPEECH_RATE_HZ:
            self.flush()

    def flush(self) -> None:
        """Make the header count everything written so far."""
        self._write(self._renew_header)

    def close(self) -> None:
        """End the recording. Closing twice does nothing."""
        if not self.closed:
            self.flush()
            self._file.close()

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _header(self) -> bytes:
        """RIFF/WAVE header for the samples so far (Microsoft's RIFF specification, PCM)."""
        size = 2 * self._samples
        pcm = (16, 1, 1, SPEECH_RATE_HZ, 2 * SPEECH_RATE_HZ, 2, 16)
        return _HEADER.pack(b"RIFF", 36 + size, b"WAVE", b"fmt ", *pcm, b"data", size)

    def _renew_header(self) -> None:
        self._file.seek(0)
        self._put(self._header())
        self._file.seek(0, os.SEEK_END)
        self._flushed = self._samples

    def _put(self, data: bytes) -> None:
        """Write all of it: an unbuffered file may take a part and say so."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def _write(self, action: Callable[[], None]) -> None:
        """Do it, or end the recording with its header right and say why."""
        try:
            action()
        except OSError as error:
            with contextlib.suppress(OSError):  # the last header still tells the truth
                self._renew_header()
                self._file.truncate(_HEADER.size + 2 * self._samples)
            self._file.close()
            why = "the disk is full" if error.errno in DISK_FULL else f"{error.strerror}"
            raise UserError(
                f"Recording to '{self.path}' stopped: {why}. Make room and start it again; "
                f"the {self.duration_s:.0f} seconds until now are kept."
            ) from error
