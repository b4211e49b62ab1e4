"""Make every recorded reply anew, with the project's own voices: ``python audio_fixtures/make.py``.

A reply is built of spoken pieces and exact silences, over the faint hiss of a microphone, so that
what is true of it is known by construction. The voices have no randomness and the noise has a fixed
seed: on one machine the same bytes come out each time.

An argument names another folder to write to.
"""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES, LINES, SCENARIO, Case

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.coaching.sound import LEAD_S, TAIL_S

if TYPE_CHECKING:
    import numpy.typing as npt

PAUSE_S = 0.25
"""Silences from here on are pauses (docs/scoring.md)."""

HISS_DB = -75.0
"""A real microphone is never exactly zero. Chosen: a good laptop's."""

EDGE_S = 0.15
"""Silence before the first and after the last sound. Chosen."""

SILENT_S = 3.0
SEED = 20_240_607

FRAME_S = 0.01
QUIET_RANGE_DB = 40.0
"""Frames this far under a piece's loud ones are silence inside of it. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words, and when they sound, in seconds from the start of the file."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A reply's sound, at 16 kHz, and what is true of it."""

    samples: npt.NDArray[np.float32]
    pieces: tuple[Piece, ...]
    pauses: tuple[tuple[float, float], ...]


def voice_of(case: Case) -> JoeVoice | HeartVoice:
    """The learner's voice in this case."""
    return HeartVoice(pace=case.pace) if case.speaker == "woman" else JoeVoice(pace=case.pace)


def inner_silences(audio: Audio) -> list[tuple[float, float]]:
    """Silences of a pause's length that the voice itself makes at a comma, seconds."""
    size = round(FRAME_S * audio.rate_hz)
    frames = audio.samples[: len(audio) // size * size].reshape(-1, size).astype(np.float64)
    levels = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    sounding = np.flatnonzero(levels > np.percentile(levels, 95) - QUIET_RANGE_DB)
    return [
        ((before + 1) * FRAME_S, after * FRAME_S)
        for before, after in itertools.pairwise(sounding)
        if (after - before - 1) * FRAME_S >= PAUSE_S
    ]


def built(case: Case) -> Built:
    """The case spoken; pieces and pauses timed by construction."""
    voice = voice_of(case)
    sound: list[npt.NDArray[np.float32]] = [_zeros(EDGE_S)]
    pieces: list[Piece] = []
    pauses: list[tuple[float, float]] = []
    at_s = EDGE_S
    for part in case.pieces:
        if isinstance(part, float):
            # a rendered piece already carries short silences at its edges
            filled = _zeros(part - TAIL_S - LEAD_S)
            if len(pieces) != case.apart or not case.apart:
                pauses.append((at_s - TAIL_S, at_s - TAIL_S + part))
        else:
            spoken = voice.render(part).at_rate(SPEECH_RATE_HZ)
            filled = spoken.samples
            pieces.append(
                Piece(text=part, start_s=at_s + LEAD_S, end_s=at_s + spoken.duration_s - TAIL_S)
            )
            pauses += [(at_s + start, at_s + end) for start, end in inner_silences(spoken)]
        sound.append(filled)
        at_s += len(filled) / SPEECH_RATE_HZ
    sound.append(_zeros(EDGE_S if pieces else SILENT_S))
    samples = _with_noise(np.concatenate(sound), case)
    return Built(samples=samples, pieces=tuple(pieces), pauses=tuple(pauses))


def _zeros(duration_s: float) -> npt.NDArray[np.float32]:
    return np.zeros(round(duration_s * SPEECH_RATE_HZ), np.float32)


def _with_noise(samples: npt.NDArray[np.float32], case: Case) -> npt.NDArray[np.float32]:
    """At the case's level, over hiss, and over a room's noise where the case wants one."""
    random = np.random.default_rng(SEED)
    heard = samples[np.abs(samples) > 0]
    level_db = Audio(heard.astype(np.float32), SPEECH_RATE_HZ).level_db
    gain = 10 ** ((case.level_db - level_db) / 20) if len(heard) else 1.0
    hiss = random.standard_normal(len(samples)) * 10 ** (HISS_DB / 20)
    mixed = samples * min(gain, 0.95 / max(float(np.abs(samples).max()), 1e-9)) + hiss
    if case.snr_db is not None:
        mixed += _room(len(samples), random) * 10 ** ((case.level_db - case.snr_db) / 20)
    return np.clip(mixed, -1, 1).astype(np.float32)


def _room(count: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Pink noise of level 0 dB, shape (count,): power falls with frequency, as in rooms."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0))
    noise: npt.NDArray[np.float64] = np.fft.irfft(spectrum, count)
    noise /= np.sqrt(np.mean(noise**2))
    return noise


def truth_of(case: Case, made: Built) -> dict[str, Any]:
    """What truth.json holds; times in seconds from the start of reply.wav."""
    first_sound_s = made.pieces[0].start_s if made.pieces else 0.0
    return {
        "scenario": SCENARIO,
        "line_id": case.line_id,
        "line": LINES[case.line_id],
        "text": " ".join(piece.text for piece in made.pieces),
        # the file starts a little before its first sound
        "come_in_s": round(case.come_in_s - first_sound_s, 3),
        "first_sound_s": round(case.come_in_s, 3),
        "duration_s": round(len(made.samples) / SPEECH_RATE_HZ, 3),
        "level_db": case.level_db if made.pieces else HISS_DB,
        "snr_db": case.snr_db,
        "pieces": [
            {"text": p.text, "start_s": round(p.start_s, 3), "end_s": round(p.end_s, 3)}
            for p in made.pieces
        ],
        "said_over_the_line": case.apart,
        "pauses": [{"start_s": round(s, 3), "end_s": round(e, 3)} for s, e in made.pauses],
        "voice": voice_of(case).name if made.pieces else None,
        "expect": {
            "listening": case.listening,
            "primary": case.primary,
            "interruptions": case.interruptions,
            "facets_high": list(case.facets_high),
        },
    }


def source_of(case: Case) -> str:
    """What SOURCE.md holds."""
    who = {"man": "joe (CC0)", "woman": "hibari's heart (Apache-2.0)"}[case.speaker]
    voice = f"spoken by the voice {who}" if case.pieces else "no voice"
    noise = "" if case.snr_db is None else f", pink noise {case.snr_db:g} dB under the speech"
    return (
        f"# {case.name}\n\nAn answer to `{SCENARIO}`, line `{case.line_id}`: {case.about}.\n\n"
        f"Made by this project with `python audio_fixtures/make.py`: {voice}, put together with\n"
        f"exact silences over the faint hiss of a microphone{noise}. No recording of a person is\n"
        "in it. Licence: as the project, MIT.\n"
    )


def main(folder: Path) -> None:
    """Write every case into the folder."""
    for case in CASES:
        made = built(case)
        into = folder / case.name
        into.mkdir(parents=True, exist_ok=True)
        soundfile.write(into / "reply.wav", made.samples, SPEECH_RATE_HZ, subtype="PCM_16")
        truth = json.dumps(truth_of(case, made), indent=2, ensure_ascii=False)
        (into / "truth.json").write_text(truth + "\n", encoding="utf-8")
        (into / "SOURCE.md").write_text(source_of(case), encoding="utf-8")
        print(f"{case.name}: {len(made.samples) / SPEECH_RATE_HZ:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
