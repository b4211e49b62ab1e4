"""Any recording to sound on disk: each channel at 16 kHz, read piece by piece.

::

    talk.mp4 ── PyAV ──► channel 1, int16 at 16 kHz, in a file of its own      Track
                    └──► channel 2 …

Three hours of two channels are 700 MB: they lie in a folder that the caller makes and removes,
without a name where the system allows that, and only what is asked for is in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
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


JUMP_S = 0.2
"""Where the recording's own clock runs ahead of its sound by more, silence is put in. Chosen."""
INVERTED = 0.01
"""A mean of channels with less than this share of the louder one's power: they cancel. Chosen."""


class Track:
    """One channel at SPEECH_RATE_HZ, on disk or in memory."""

    def __init__(self, samples: npt.NDArray[np.int16] | npt.NDArray[np.float32]) -> None:
        """Samples of shape (n,), int16 or float32 with full scale at ±1."""
        self._samples = samples

    def close(self) -> None:
        """Let go of the file; the track is empty from then on."""
        self._samples = np.zeros(0, np.int16)

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

    def close(self) -> None:
        """Let go of the files, so that they can be removed."""
        for track in self.tracks:
            track.close()


def decode(path: Path, folder: Path, told: Told = lambda *_: None) -> Media:
    """Decode the first sound of a recording into files in ``folder``.

    wav, flac, mp3, m4a, ogg, opus, mp4, webm and whatever else FFmpeg reads. A damaged end is left
    out and named. Raises UserError, one line, for what is missing, a folder, empty, without sound,
    unreadable, too long, and for a full disk.
    """
    import av

    _check(path)
    try:
        # By its full path: FFmpeg takes "12:30.wav" for an address.
        container = av.open(f"file:{path.resolve()}", metadata_errors="ignore")
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
            for file in files:
                file.close()
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
    """The mean of several channels, taken where it is asked for."""

    def __init__(self, tracks: tuple[Track, ...]) -> None:
        self._tracks = tracks

    @property
    def duration_s(self) -> float:
        return self._tracks[0].duration_s

    def between(self, start_s: float, end_s: float) -> Audio:
        parts = np.stack([track.between(start_s, end_s).samples for track in self._tracks])
        mean = parts.mean(axis=0)
        powers = np.sum(parts.astype(np.float64) ** 2, axis=1)
        if np.sum(mean.astype(np.float64) ** 2) < INVERTED * powers.max(initial=0.0):
            mean = parts[int(np.argmax(powers))]  # one channel upside down: the mean is nothing
        return Audio(mean.astype(np.float32), SPEECH_RATE_HZ)


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
    frames = container.decode(stream)
    writer = _Writer(files)
    next_told_s = 0.0
    while True:
        try:
            frame = next(frames, None)
        except (av.error.FFmpegError, ValueError):
            writer.put(None)
            return False
        if frame is not None and len(frame.layout.channels) != len(files):
            writer.put(None)  # another recording was joined on
            return False
        writer.put(frame)
        if frame is None:
            return True
        if writer.done_s >= next_told_s:
            next_told_s = writer.done_s + 30.0
            told(writer.done_s)


class _Writer:
    """Frames to files, a file a channel, at SPEECH_RATE_HZ and without holes in time."""

    def __init__(self, files: list[Any]) -> None:
        self._files = files
        self._resampler: Any = None
        self._form: Any = None
        self._first_s: float | None = None
        self._count = 0

    @property
    def done_s(self) -> float:
        return self._count / SPEECH_RATE_HZ

    def put(self, frame: Any | None) -> None:
        """The next frame; None at the end."""
        import av

        if frame is None:
            if self._resampler is not None:
                self._put(self._resampler.resample(None))
            return
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            self._form = form
            self._resampler = av.AudioResampler(format="s16p", rate=SPEECH_RATE_HZ)
        if frame.time is not None:
            self._first_s = frame.time if self._first_s is None else self._first_s
            ahead_s = frame.time - self._first_s - self.done_s
            if JUMP_S < ahead_s < LONGEST_S:
                self._silence(round(ahead_s * SPEECH_RATE_HZ))
        frame.pts = None  # from here on samples count, not a clock that may run backwards
        self._put(self._resampler.resample(frame))

    def _put(self, parts: list[Any]) -> None:
        for part in parts:
            samples = part.to_ndarray()
            for file, channel in zip(self._files, samples, strict=True):
                file.write(channel.astype("<i2").tobytes())
            self._count += samples.shape[1]

    def _silence(self, count: int) -> None:
        for file in self._files:
            file.write(bytes(2 * count))
        self._count += count


def _mapped(path: Path) -> npt.NDArray[np.int16]:
    """The file's samples.

    Where the system allows, its name goes at once: nothing is left behind, however the program
    ends.
    """
    if not path.stat().st_size:
        return np.zeros(0, np.int16)
    mapped = np.memmap(path, dtype="<i2", mode="r")
    if os.name == "posix":
        path.unlink()
    return mapped


def _megabytes(whole_s: float | None, channels: int) -> int:
    return round((whole_s or 3600.0) * channels * 2 * SPEECH_RATE_HZ / 1e6) + 1
