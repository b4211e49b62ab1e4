"""Any recording to sound on disk: each channel at 16 kHz, read piece by piece.

::

    talk.mp4 ── PyAV ──► channel 1, int16 at 16 kHz, in a file of its own      Track
                    └──► channel 2 …

Three hours of two channels are 700 MB: they lie in a folder that the caller makes and removes, and
only what is asked for is in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voice_coach.audio.recorder import DISK_FULL
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.errors import UserError

MOST_CHANNELS = 32
"""More is no recording of talk. Chosen."""
LONGEST_S = 12 * 3600.0
"""A longer recording is to be split. Chosen."""
FULL_SCALE = 32768.0

Told = Callable[[float, float | None], None]
"""Called now and then with the seconds done and of how many, None where that is not known."""


class Track:
    """One channel at SPEECH_RATE_HZ, on disk or in memory."""

    def __init__(self, samples: npt.NDArray[np.int16] | npt.NDArray[np.float32]) -> None:
        """Samples of shape (n,), int16 or float32 with full scale at ±1."""
        self._samples = samples

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self._samples) / SPEECH_RATE_HZ

    def between(self, start_s: float, end_s: float) -> Audio:
        """The part from start to end, seconds, clipped to what there is."""
        start = max(0, round(start_s * SPEECH_RATE_HZ))
        part = self._samples[start : max(start, round(end_s * SPEECH_RATE_HZ))]
        scale = FULL_SCALE if part.dtype == np.int16 else 1.0
        return Audio((part / scale).astype(np.float32), SPEECH_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A recording as decoded.

    ``rate_hz`` is the source's own. ``damaged_at_s``: where it could not be read any further; None
    where it was read to its end.
    """

    tracks: tuple[Track, ...]
    rate_hz: int
    damaged_at_s: float | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.tracks[0].duration_s


def decode(path: Path, folder: Path, told: Told = lambda *_: None) -> Media:
    """Decode the first sound of a recording into files in ``folder``.

    wav, flac, mp3, m4a, ogg, opus, mp4, webm and whatever else FFmpeg reads. A damaged end is left
    out and named. Raises UserError, one line, for what is missing, a folder, empty, without sound,
    unreadable, too long, and for a full disk.
    """
    import av

    _check(path)
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise UserError(
            f"'{path}' is no recording that can be read. Save it again as WAV, MP3 or MP4."
        ) from error
    with container, ExitStack() as stack:
        if not container.streams.audio:
            raise UserError(f"'{path}' holds pictures only, no sound: record it again with sound.")
        stream = container.streams.audio[0]
        count = stream.codec_context.channels
        if not 1 <= count <= MOST_CHANNELS:
            raise UserError(
                f"'{path}' has {count} channels; at most {MOST_CHANNELS} can be read. "
                "Mix it down, or split it."
            )
        whole_s = float(container.duration / av.time_base) if container.duration else None
        if whole_s is not None and whole_s > LONGEST_S:
            raise UserError(f"'{path}' is longer than {LONGEST_S / 3600:.0f} hours: split it.")
        files = [
            stack.enter_context((folder / f"channel-{n}.raw").open("wb")) for n in range(count)
        ]
        try:
            damaged = not _write(container, stream, files, lambda done_s: told(done_s, whole_s))
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            raise UserError(
                f"The disk is full: '{path}' needs about {_megabytes(whole_s, count)} MB in "
                f"{folder} while it is analysed. Make room, or set TMPDIR to another folder."
            ) from error
        rate_hz = stream.codec_context.sample_rate or SPEECH_RATE_HZ
    tracks = tuple(Track(_mapped(folder / f"channel-{n}.raw")) for n in range(count))
    if not tracks[0].duration_s:
        raise UserError(
            f"'{path}' holds no sound that can be read. Save it again, or copy it anew."
        )
    return Media(
        tracks=tracks,
        rate_hz=rate_hz,
        damaged_at_s=tracks[0].duration_s if damaged else None,
    )


def mixed(tracks: tuple[Track, ...]) -> Track:
    """All channels as one microphone would have heard them; the same track where there is one."""
    if len(tracks) == 1:
        return tracks[0]
    return _Mixed(tracks)


class _Mixed(Track):
    """Several channels, added up where they are asked for."""

    def __init__(self, tracks: tuple[Track, ...]) -> None:
        self._tracks = tracks

    @property
    def duration_s(self) -> float:
        return self._tracks[0].duration_s

    def between(self, start_s: float, end_s: float) -> Audio:
        parts = [track.between(start_s, end_s).samples for track in self._tracks]
        summed = np.clip(np.sum(parts, axis=0), -1.0, 1.0)
        return Audio(summed.astype(np.float32), SPEECH_RATE_HZ)


def _check(path: Path) -> None:
    if path.is_dir():
        raise UserError(f"'{path}' is a folder: name the recording in it, or give --out DIR.")
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise UserError(f"There is no file '{path}': check its name.") from error
    except OSError as error:
        raise UserError(f"'{path}' cannot be read ({error.strerror}): check its rights.") from error
    if not size:
        raise UserError(f"'{path}' is empty (0 bytes): copy or record it anew.")


def _write(container: Any, stream: Any, files: list[Any], told: Callable[[float], None]) -> bool:
    """Every channel's samples into its file; False where the end could not be read."""
    import av

    stream.thread_type = "AUTO"
    resampler = av.AudioResampler(format="s16p", rate=SPEECH_RATE_HZ)
    done = next_told = 0
    whole = True
    frames = container.decode(stream)
    while True:
        try:
            frame = next(frames, None)
        except (av.error.InvalidDataError, av.error.EOFError):
            whole, frame = False, None
        # A damaged recording's clock may jump; its samples are put one after another.
        if frame is not None:
            frame.pts = None
        with suppress(av.error.EOFError):
            for part in resampler.resample(frame):
                samples = part.to_ndarray()
                for file, channel in zip(files, samples, strict=True):
                    file.write(channel.astype("<i2").tobytes())
                done += samples.shape[1]
        if frame is None:
            return whole
        if done >= next_told:
            next_told = done + SPEECH_RATE_HZ * 30
            told(done / SPEECH_RATE_HZ)


def _mapped(path: Path) -> npt.NDArray[np.int16]:
    if not path.stat().st_size:
        return np.zeros(0, np.int16)
    return np.memmap(path, dtype="<i2", mode="r")


def _megabytes(whole_s: float | None, channels: int) -> int:
    return round((whole_s or 3600.0) * channels * 2 * SPEECH_RATE_HZ / 1e6) + 1
