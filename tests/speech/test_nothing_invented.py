"""No words where nobody speaks: silence, rooms, machines, taps, music; alone and mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline, text_of
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.listener import Ended, Happening, ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.transcriber import Transcriber

pytestmark = pytest.mark.model

Samples = npt.NDArray[np.float32]
TEN_MINUTES_S = 600.0
EACH_S = 20.0
SEED = 7


def level(samples: Samples, level_db: float) -> Samples:
    now_db = Audio(samples, SPEECH_RATE_HZ).level_db
    return np.clip(samples * np.float32(10 ** ((level_db - now_db) / 20)), -1, 1)


def looped(samples: Samples, seconds: float) -> Samples:
    return np.resize(samples, round(seconds * SPEECH_RATE_HZ)).astype(np.float32)


def white(rng: np.random.Generator, seconds: float) -> Samples:
    return rng.standard_normal(round(seconds * SPEECH_RATE_HZ)).astype(np.float32)


def coloured(rng: np.random.Generator, seconds: float, slope: float) -> Samples:
    """Noise whose power falls with frequency: slope 1 is pink, 2 is brown, a distant road."""
    spectrum = np.fft.rfft(white(rng, seconds))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (slope / 2)
    spectrum[0] = 0
    return np.fft.irfft(spectrum).astype(np.float32)


def hum(seconds: float) -> Samples:
    at_s = np.arange(round(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    return sum(np.sin(2 * np.pi * 50 * n * at_s) / n for n in range(1, 8)).astype(np.float32)


def keys(rng: np.random.Generator, seconds: float) -> Samples:
    """Typing: bursts of a few milliseconds, six a second, unevenly."""
    out = white(rng, seconds) * 0.003
    at_s = 0.0
    while (at_s := at_s + rng.exponential(1 / 6)) < seconds - 0.1:
        click = white(rng, 0.03) * np.exp(-np.arange(480) / rng.uniform(30, 120))
        start = round(at_s * SPEECH_RATE_HZ)
        out[start : start + 480] += click.astype(np.float32)
    return out


def music(rng: np.random.Generator, seconds: float) -> Samples:
    """Chords under a tune, plucked and with vibrato."""
    out = np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32)
    beat = SPEECH_RATE_HZ // 2
    at_s = np.arange(2 * beat) / SPEECH_RATE_HZ
    chords = ([0, 4, 7], [9, 0, 4], [5, 9, 0], [7, 11, 2])
    for number, start in enumerate(range(0, len(out) - 2 * beat, beat)):
        chord = chords[number // 4 % 4]
        for note in (*chord, 12 + int(rng.choice(chord))):
            pitch_hz = 220 * 2 ** (note / 12)
            bend = 0.004 * np.sin(2 * np.pi * 5.5 * at_s) / 5.5
            tone = sum(np.sin(2 * np.pi * pitch_hz * n * (at_s + bend)) / n**2 for n in range(1, 6))
            out[start : start + 2 * beat] += (tone * np.exp(-at_s * 3)).astype(np.float32)
    return out


def made(seconds: float) -> dict[str, Samples]:
    rng = np.random.default_rng(SEED)
    return {
        "silence": np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32),
        "hiss": level(white(rng, seconds), -50),
        "loud hiss": level(white(rng, seconds), -20),
        "room": level(coloured(rng, seconds, 1), -40),
        "road": level(coloured(rng, seconds, 2), -25),
        "hum": level(hum(seconds), -35),
        "keyboard": level(keys(rng, seconds), -35),
        "loud keyboard": level(keys(rng, seconds), -22),
        "music": level(music(rng, seconds), -22),
        "quiet music": level(music(rng, seconds), -40),
    }


def recorded(data: Path, seconds: float) -> dict[str, Samples]:
    found = {}
    for folder in ("esc50", "short_noises"):
        for path in sorted((data / "audio" / "noise" / folder).glob("*.wav")):
            samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
            sound = Audio(np.ascontiguousarray(samples.mean(axis=1)), rate_hz)
            found[path.stem] = looped(sound.at_rate(SPEECH_RATE_HZ).samples, seconds)
    return found


def ten_minutes(sounds: dict[str, Samples]) -> Iterator[tuple[str, Samples]]:
    """Every sound alone, then pairs at mixed levels until the time is full."""
    yield from sounds.items()
    rng = np.random.default_rng(SEED)
    names = sorted(sounds)
    for _ in range(round(TEN_MINUTES_S / EACH_S) - len(sounds)):
        one, other = rng.choice(names, 2, replace=False)
        loud, soft = rng.uniform(0.3, 1.2), rng.uniform(0.1, 0.6)
        mixed = sounds[one] * np.float32(loud) + sounds[other] * np.float32(soft)
        yield f"{one} and {other}", np.clip(mixed, -1, 1).astype(np.float32)


def words_heard(
    transcriber: Transcriber,
    feed_all: Callable[..., list[Happening]],
    sounds: Iterator[tuple[str, Samples]],
) -> dict[str, str]:
    live = LiveTranscriber(lambda: transcriber, synchronous=True)
    heard = {}
    for name, samples in sounds:
        listener = ReplyListener(ActivityDetector(), live)
        happened = feed_all(listener, Audio(samples, SPEECH_RATE_HZ))
        ended = [each for each in happened if isinstance(each, Ended)]
        if last := listener.finish(len(samples) / SPEECH_RATE_HZ):
            ended.append(last)
        if text := " ".join(text_of(each.words) for each in ended).strip():
            heard[name] = text
    return heard


def test_nothing_in_ten_minutes(
    transcriber: Transcriber, feed_all: Callable[..., list[Happening]], shared_data: Path
) -> None:
    sounds = {**made(EACH_S), **recorded(shared_data, EACH_S)}
    assert len(sounds) > 15
    assert words_heard(transcriber, feed_all, ten_minutes(sounds)) == {}


def test_nothing_in_sounds_made_here(
    transcriber: Transcriber, feed_all: Callable[..., list[Happening]]
) -> None:
    assert words_heard(transcriber, feed_all, iter(made(6.0).items())) == {}


@pytest.mark.parametrize("name", sorted(made(0.1)))
def test_nothing_even_where_the_detector_is_fooled(name: str, transcriber: Transcriber) -> None:
    samples = made(6.0)[name]
    everywhere = Timeline.of([Span(start_s=0.5, end_s=5.5)])
    assert transcriber.transcribe(Audio(samples, SPEECH_RATE_HZ), everywhere) == ()
