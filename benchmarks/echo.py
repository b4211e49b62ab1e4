"""Talking over an open loudspeaker: ``benchmarks/echo.py [--minutes 60] [--trials 5] [--webrtc]``.

The partner's voice (the project's own, from audio_fixtures) sounds in eight real rooms' impulse
responses and comes back to the microphone 10, 20 and 30 dB quieter than it was played, 20 ms late,
over soft noise. As in a sitting, the short sound comes first and calibrates. Then

- silence: nobody answers; every voice found over a line is false;
- talk: in each line somebody (read sentences of TIMIT, whose starts are marked by hand; for
  measuring only) comes in at some time, as loud as the echo or 10 dB quieter, and is found where a
  voice starts within 150 ms of the true start;
- real: recordings of laptops and telephones on which both talk all the time (AEC challenge). Who
  talks when is not known, so only what the calibration makes of them is shown.

Where the calibration says that the echo is not cancelled, interruptions are not scored: "declared".
Where it says that a quieter voice is lost in the noise of the room, they are scored "with a caveat"
(the line was let finish "as far as could be heard"); quieter talkers there count apart.
With --webrtc also WebRTC's canceller (AEC3), with the same voice detector behind it; the program
does without it, so the package pywebrtc-audio must be installed for this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile

from voice_coach.audio.calibration import Calibration, calibrate, chime
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.scoring.interruptions import overlaps_with_line
from voice_coach.speech.activity import ActivityDetector, spans_of
from voice_coach.speech.over_line import SHORTEST_VOICE_S, OverLine, gain_for

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
FIXTURES = Path(__file__).resolve().parent.parent / "audio_fixtures"
ECHOES_DB = (-10.0, -20.0, -30.0)
NOISE_DB = -65.0
DELAY_S = 0.020
PLAYED_DB = -20.0
WITHIN_S = 0.150
LINE_S = 6.0
GAP_S = 1.0
LEVELS_DB = {0.0: 0.95, -10.0: 0.80}


@dataclass(kw_only=True)
class Count:
    """What was found in one kind of scene."""

    minutes: float = 0.0
    unscored: float = 0.0
    voices: int = 0
    interruptions: int = 0
    trials: int = 0
    found: int = 0
    declared: int = 0
    caveat: int = 0
    caveat_found: int = 0
    late_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was played, what was heard, the lines, and when somebody truly came in."""

    far: np.ndarray
    near: np.ndarray
    lines: tuple[Span, ...]
    starts_s: tuple[float, ...]
    first: int
    name: str = ""


def rooms(folder: Path) -> dict[str, np.ndarray]:
    """The responses from their direct sound on, of unit energy."""
    found = {}
    for path in sorted(folder.glob("*.wav")):
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        response = Audio(np.ascontiguousarray(samples[:, 0]), rate_hz).at_rate(SPEECH_RATE_HZ)
        direct = max(0, int(np.argmax(np.abs(response.samples))) - 20)
        kept = response.samples[direct:]
        found[path.stem] = kept / np.sqrt(np.sum(kept**2))
    return found


def partner() -> list[np.ndarray]:
    """Lines of LINE_S and more."""
    lines: list[np.ndarray] = []
    open_line: list[np.ndarray] = []
    for path in sorted(FIXTURES.glob("*/reply.wav")):
        if path.parent.name in {"silent", "noisy"}:
            continue
        open_line.append(levelled(read_recording(path).audio.samples, PLAYED_DB))
        if sum(map(len, open_line)) >= LINE_S * SPEECH_RATE_HZ:
            lines.append(np.concatenate(open_line))
            open_line = []
    return lines


def people(folder: Path) -> list[np.ndarray]:
    """Sentences from the first marked phone to the last."""
    found = []
    for path in sorted(folder.glob("*/*.phn")):
        rows = [row.split() for row in path.read_text(encoding="utf-8").splitlines()]
        samples, _ = soundfile.read(path.with_suffix(".wav"), dtype="float32")
        found.append(samples[int(rows[0][1]) : int(rows[-1][0])])
    return found


def active_db(samples: np.ndarray) -> float:
    """Level of the pieces of 20 ms that are within 30 dB of the loudest."""
    pieces = samples[: len(samples) // 320 * 320].reshape(-1, 320).astype(np.float64)
    power = np.mean(pieces**2, axis=1)
    return float(10 * np.log10(np.mean(power[power > power.max() / 1000])))


def levelled(samples: np.ndarray, level_db: float) -> np.ndarray:
    return (samples * 10 ** ((level_db - active_db(samples)) / 20)).astype(np.float32)


def convolved(samples: np.ndarray, response: np.ndarray) -> np.ndarray:
    size = 1 << (len(samples) + len(response)).bit_length()
    product = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[: len(samples)]


def scene(
    room: np.ndarray,
    echo_db: float,
    lines: Sequence[np.ndarray],
    random: np.random.Generator,
    *,
    talkers: Sequence[np.ndarray] = (),
    level_db: float = 0.0,
) -> Scene:
    """The short sound, then the lines; a talker in each line where there are talkers."""
    rate, gap = SPEECH_RATE_HZ, np.zeros(round(GAP_S * SPEECH_RATE_HZ), np.float32)
    parts = [gap, chime(rate).samples, gap]
    first = sum(map(len, parts))
    spans = []
    at = first
    for line in lines:
        spans.append(Span(start_s=at / rate, end_s=(at + len(line)) / rate))
        parts += [line, gap]
        at += len(line) + len(gap)
    far = np.concatenate(parts)
    delay = np.zeros(round(DELAY_S * rate))
    echo = np.concatenate([delay, convolved(far, room)])[: len(far)] * 10 ** (echo_db / 20)
    near = echo + random.standard_normal(len(far)) * 10 ** (NOISE_DB / 20)
    loud_db = active_db(echo[first:])
    starts = []
    for span in spans if talkers else ():
        talker = talkers[int(random.integers(len(talkers)))]
        voice = talker[: round(rate * random.uniform(1.0, 2.0))]
        start = round(rate * random.uniform(span.start_s + 0.5, span.end_s - 1.5))
        near[start : start + len(voice)] += levelled(voice, loud_db + level_db)[: len(near) - start]
        starts.append(start / rate)
    return Scene(
        far=far,
        near=near.astype(np.float32),
        lines=tuple(spans),
        starts_s=tuple(starts),
        first=first,
    )


def ours(made: Scene) -> tuple[Calibration, list[Timeline]]:
    """As in a sitting: calibrate with the short sound, then listen over each line."""
    rate = SPEECH_RATE_HZ
    sound = slice(0, made.first)
    found, canceller = calibrate(Audio(made.far[sound], rate), Audio(made.near[sound], rate))
    if not found.cancelled:
        return found, [Timeline()] * len(made.lines)
    began_s = made.first / rate
    over_line = OverLine(ActivityDetector(), canceller, calibration=found, began_s=began_s)
    shift = round(found.shift_s * rate)
    far = np.concatenate([np.zeros(max(0, shift), np.float32), made.far])
    far = far[max(0, -shift) :][: len(made.near)]
    heard = []
    at = made.first
    for line in made.lines:
        over_line.listen()
        until = round((line.end_s + GAP_S / 2) * rate)
        over_line.feed(made.near[at:until], far[at:until])
        heard.append(over_line.voices)
        at = until
    return found, heard


def webrtc(made: Scene) -> list[Timeline]:
    """WebRTC's canceller, then the same detector."""
    from pywebrtc_audio import AudioProcessor

    canceller = AudioProcessor(
        sample_rate=SPEECH_RATE_HZ, echo_cancellation=True, stream_delay_ms=round(1000 * DELAY_S)
    )
    cleaned = canceller.process(made.near, made.far) * gain_for(active_db(made.near[made.first :]))
    frames = cleaned[: len(cleaned) // 512 * 512].reshape(-1, 512).astype(np.float32)
    detector = ActivityDetector()
    probability = np.concatenate(
        [detector.process_all(frames[at : at + 256]) for at in range(0, len(frames), 256)]
    )
    voices = [
        span for span in spans_of(probability.tolist()) if span.duration_s >= SHORTEST_VOICE_S
    ]
    return [
        Timeline.of(
            span for span in voices if span.start_s < line.end_s and span.end_s > line.start_s
        )
        for line in made.lines
    ]


def note(
    count: Count,
    made: Scene,
    heard: Sequence[Timeline],
    *,
    declared: bool,
    caveat: bool = False,
) -> None:
    """Add one scene to the count."""
    count.declared += declared * max(1, len(made.starts_s))
    minutes = sum(line.duration_s for line in made.lines) / 60
    if not made.starts_s:
        count.minutes += 0.0 if declared else minutes
        count.unscored += minutes if declared else 0.0
    if declared:
        return
    for number, (line, voices) in enumerate(zip(made.lines, heard, strict=True)):
        over = voices.within(line)
        if not made.starts_s:
            count.voices += len(over.spans)
            kinds = overlaps_with_line(voices, (), line, by="you", over="Maya", worded=False)
            count.interruptions += sum(overlap.kind == "interruption" for overlap in kinds)
            continue
        late = [span.start_s - made.starts_s[number] for span in voices]
        nearest = min(late, key=abs, default=np.inf)
        if caveat:
            count.caveat += 1
            count.caveat_found += abs(nearest) <= WITHIN_S
            continue
        count.trials += 1
        count.found += abs(nearest) <= WITHIN_S
        count.late_s.append(nearest)


def told(kind: str, made: Scene, found: Calibration, heard: Sequence[Timeline]) -> str:
    """One scene in a line: what the calibration found, and every voice against the truth."""
    voices = [
        f"{span.start_s - line.start_s:.2f}-{span.end_s - line.start_s:.2f}"
        for line, voices in zip(made.lines, heard, strict=True)
        for span in voices
    ]
    true = [
        f"{start_s - line.start_s:.2f}"
        for line, start_s in zip(made.lines, made.starts_s, strict=False)
    ]
    return (
        f"{made.name[:30]} {kind}: {1000 * found.delay_s:.0f} ms, level {found.level_db:.0f}, "
        f"loss {found.erle_db:.1f}, left {found.left_db:.1f} dB; true {true}, heard {voices}"
    )


def scenes(
    echoing: dict[str, np.ndarray], talkers: list[np.ndarray], minutes: float, trials: int
) -> Iterator[tuple[str, Scene]]:
    lines = partner()
    cells = [(name, echo_db) for name in echoing for echo_db in ECHOES_DB]
    mean_s = float(np.mean([len(line) for line in lines])) / SPEECH_RATE_HZ
    silent = max(1, round(60 * minutes / len(cells) / mean_s))
    for seed, (name, echo_db) in enumerate(cells):
        random = np.random.default_rng(seed)

        def some(count: int, random: np.random.Generator = random) -> list[np.ndarray]:
            return [lines[at] for at in random.integers(len(lines), size=count)]

        made = scene(echoing[name], echo_db, some(silent), random)
        title = f"{name} {echo_db:.0f} dB"
        yield "silence", replace(made, name=title)
        for level_db in LEVELS_DB if trials else ():
            made = scene(
                echoing[name], echo_db, some(trials), random, talkers=talkers, level_db=level_db
            )
            yield f"talk {level_db:+.0f} dB", replace(made, name=title)


def level_of(kind: str) -> float:
    """The level in dB in the name of a kind of scene in which somebody talks."""
    return float(kind.split()[1])


def show(title: str, counts: dict[str, Count]) -> bool:
    """Print what was found; whether every target is met."""
    print(title)
    met = True
    for kind, count in counts.items():
        if kind == "silence":
            met &= not count.interruptions
            print(
                f"  false interruptions in {count.minutes:.0f} minutes of lines (target 0): "
                f"{count.interruptions}; voices of any length: {count.voices}; "
                f"declared not scored: {count.declared} scenes, {count.unscored:.0f} minutes"
            )
            continue
        target = LEVELS_DB[level_of(kind)]
        share = count.found / count.trials if count.trials else 0.0
        met &= share >= target or not count.trials
        late = np.array(count.late_s)
        missed = np.mean(np.abs(late) > 1.0)
        print(
            f"  {kind}: found within {1000 * WITHIN_S:.0f} ms {share:.1%} of {count.trials} "
            f"(target {target:.0%}); not within a second {missed:.1%}; "
            f"declared not scored: {count.declared}; scored with a caveat (lost in the noise of "
            f"the room): {count.caveat}, {count.caveat_found} of them found"
        )
    return met


def real(folder: Path) -> None:
    print("real recordings, both talking all the time: what the calibration makes of them")
    for path in sorted(folder.glob("*_lpb.wav")):
        played = read_recording(path).audio.at_rate(SPEECH_RATE_HZ)
        mic = path.with_name(path.name.replace("_lpb", "_mic"))
        heard = read_recording(mic).audio.at_rate(SPEECH_RATE_HZ)
        found, _ = calibrate(played, heard)
        verdict = "cancelled" if found.cancelled else "not scored" if found.heard else "not heard"
        print(
            f"  {path.stem[-35:]:36} delay {1000 * found.delay_s:4.0f} ms, "
            f"loss {found.erle_db:4.1f} dB: {verdict}"
        )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--trials", type=int, default=5, help="talkers a room, echo and level")
    options.add_argument("--webrtc", action="store_true", help="compare with WebRTC's canceller")
    asked = options.parse_args()
    echoing = rooms(asked.data / "noise" / "rir")
    talkers = people(asked.data / "words" / "timit_nltk")
    if not echoing or not talkers:
        print("skipped: the rooms and voices (../shared/data) are not here")
        return 0
    counts: dict[str, Count] = {}
    others: dict[str, Count] = {}
    losses = []
    for kind, made in scenes(echoing, talkers, asked.minutes, asked.trials):
        found, heard = ours(made)
        losses.append(found.erle_db)
        softer = kind.startswith("talk") and level_of(kind) < 0.0
        note(
            counts.setdefault(kind, Count()),
            made,
            heard,
            declared=not found.cancelled,
            caveat=softer and not found.softer_heard,
        )
        print(told(kind, made, found, heard), file=sys.stderr, flush=True)
        if asked.webrtc:
            note(others.setdefault(kind, Count()), made, webrtc(made), declared=False)
    met = show("ours", counts)
    low, middle, high = np.percentile(losses, (0, 50, 100))
    print(f"  echo return loss enhancement on the short sound: {low:.0f}, {middle:.0f}, {high:.0f}")
    if others:
        show("WebRTC's canceller", others)
    real(asked.data / "noise" / "aec_doubletalk")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
