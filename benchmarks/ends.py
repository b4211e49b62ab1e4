"""Where a reply begins and ends, against hand-set times: ``benchmarks/ends.py``.

Each turn is heard frame by frame as in a sitting (voice activity, end of turn after two seconds of
silence); its start and end are then put right by the level, as the scorecard has them. Measured on:

- read, joined: TIMIT sentences (for measuring only) of each speaker, three seconds of the
  recording's own background before each; a turn is from its first word to its last. Also with pink
  noise added, 20 and 10 dB under the whole.
- phone, one speaker a channel: SpokenWOZ (CC BY-NC 4.0, for measuring only), turns parted by the
  same two seconds. Mind that nobody set these times by hand: every start in these files is a
  multiple of 32 ms less 30 ms, every end one plus 30 ms. They are the frames of the detector that
  we use too (Silero), with its padding, and tell where the padding lies rather than where a voice
  ends: by the hand-set times of TIMIT a voice ends some 90 ms before it.

Beside ours, the edges of voice activity as they come. Errors in milliseconds, later is positive.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import soundfile
from pauses import EDGE, pink

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.scoring.quiet import edged_by_level
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.endpoint import PATIENCE_S, Change, Endpoint, TurnEnded

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
BETWEEN_S = 3.0
TARGET_MEDIAN_S, TARGET_P95_S = 0.05, 0.15

Way = Callable[[Audio, TurnEnded], Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A sound, its true turns, and those that we hear."""

    sound: Audio
    truth: tuple[Span, ...]
    heard: tuple[TurnEnded, ...]

    def pairs(self) -> Iterator[tuple[Span, TurnEnded]]:
        """Turns that meet each other and no third one."""
        for span in self.truth:
            ours = [turn for turn in self.heard if turn.span.meets(span)]
            if len(ours) == 1 and sum(ours[0].span.meets(other) for other in self.truth) == 1:
                yield span, ours[0]


def turns_in(sound: Audio) -> tuple[TurnEnded, ...]:
    """The turns of a sound as a sitting hears them, frame by frame."""
    detector, endpoint = ActivityDetector(), Endpoint()
    frames = np.pad(sound.samples, (0, -len(sound) % FRAME)).reshape(-1, FRAME)
    changes: list[Change] = []
    for at, probability in enumerate(detector.process_all(frames)):
        changes += endpoint.process(float(probability), at * FRAME_S, (at + 1) * FRAME_S)
    changes += endpoint.finish()
    return tuple(change for change in changes if isinstance(change, TurnEnded))


def recording(samples: np.ndarray, truth: Sequence[Span]) -> Recording:
    sound = Audio(samples.astype(np.float32), SPEECH_RATE_HZ)
    return Recording(sound=sound, truth=tuple(truth), heard=turns_in(sound))


def joined(folder: Path, noise_db: float | None = None) -> Iterator[Recording]:
    paths = sorted(folder.glob("*/*.wrd"))
    for seed, (_, group) in enumerate(groupby(paths, key=lambda path: path.parent)):
        parts: list[np.ndarray] = []
        truth: list[Span] = []
        length = 0
        for path in group:
            samples, _ = soundfile.read(path.with_suffix(".wav"), dtype="float32")
            rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
            first, last = int(rows[0][0]), int(rows[-1][1])
            before = samples[: max(1, first - EDGE)]
            both_ways = np.concatenate([before, before[::-1]])
            between = np.resize(both_ways, round(BETWEEN_S * SPEECH_RATE_HZ))
            length += len(between)
            truth.append(
                Span(
                    start_s=(length + first) / SPEECH_RATE_HZ,
                    end_s=(length + last) / SPEECH_RATE_HZ,
                )
            )
            parts += [between, samples]
            length += len(samples)
        whole = np.concatenate([*parts, between])
        if noise_db is not None:
            whole = whole + pink(len(whole), seed) * np.std(whole) * 10 ** (noise_db / 20)
        yield recording(whole, truth)


def channels(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.glob("*.channels.rttm")):
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        samples, rate_hz = soundfile.read(
            path.with_name(path.name.replace(".channels.rttm", ".wav")), dtype="float32"
        )
        for channel, name in enumerate(sorted({row[7] for row in rows})):
            spans = Timeline.of(
                Span(start_s=float(row[3]), end_s=float(row[3]) + float(row[4]))
                for row in rows
                if row[7] == name
            )
            sound = Audio(samples[:, channel], rate_hz).at_rate(SPEECH_RATE_HZ)
            yield recording(sound.samples, spans.bridged(PATIENCE_S).spans)


def as_heard(_: Audio, turn: TurnEnded) -> Span:
    return turn.span


def by_level(sound: Audio, turn: TurnEnded) -> Span:
    return edged_by_level(turn.activity, sound).hull or turn.span


WAYS: dict[str, Way] = {"voice activity": as_heard, "ours": by_level}


def errors_s(rows: Sequence[Recording], way: Way) -> np.ndarray:
    """Our start and end less the true ones, shape (turns, 2)."""
    found = [
        (ours.start_s - span.start_s, ours.end_s - span.end_s)
        for row in rows
        for span, turn in row.pairs()
        for ours in [way(row.sound, turn)]
    ]
    return np.array(found).reshape(-1, 2)


def told(name: str, errors: np.ndarray) -> str:
    size = np.abs(errors) * 1000
    return (
        f"{name} {np.median(size):3.0f} / {np.percentile(size, 95):3.0f} "
        f"(median {np.median(errors) * 1000:+4.0f})"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    data = options.parse_args().data
    read = data / "words" / "timit_nltk"
    sets = {
        "read, joined": list(joined(read)),
        "read, joined, noise at -20 dB": list(joined(read, -20)),
        "read, joined, noise at -10 dB": list(joined(read, -10)),
        "phone, one speaker a channel": list(channels(data / "conversation" / "spokenwoz")),
    }
    if not all(sets.values()):
        print("skipped: the recordings with known turns (../shared/data) are not here")
        return 0
    print("error of starts and ends, ms: median / 95th percentile of its size (with its sign)")
    met = True
    for name, rows in sets.items():
        true = sum(len(row.truth) for row in rows)
        alike = sum(len(list(row.pairs())) for row in rows)
        print(f"  {name}: {alike} of {true} turns found one to one")
        for way, take in WAYS.items():
            both = errors_s(rows, take)
            cells = [told("start", both[:, 0]), told("end", both[:, 1]), told("both", both)]
            print(f"    {way:16}{', '.join(cells)}")
        if "noise" not in name:
            size = np.abs(errors_s(rows, by_level))
            median, p95 = np.median(size, axis=0), np.percentile(size, 95, axis=0)
            for edge, within in zip(
                ("starts", "ends"), (median <= TARGET_MEDIAN_S) & (p95 <= TARGET_P95_S), strict=True
            ):
                print(f"    {edge}: median 50 ms, 95 % 150 ms: {'met' if within else 'missed'}")
                met &= bool(within)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
