"""Word errors and word times of our path against plain faster-whisper with the same model.

Our path: frames of 32 ms into the ReplyListener, read in the open as a reply is. Plain: the
library's own transcribe() on the whole file, with our decoding options and with its defaults.
Run it as ``python benchmarks/words.py [--model base] [--limit N] [--data FOLDER]``.

Both texts are compared in lower case without punctuation, numbers up to ninety-nine spelt out;
the error is edit distance in words over words in the reference, summed over files.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Word, text_of
from voice_coach.home import home_dir
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.listener import Ended, ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model
from voice_coach.speech.transcriber import BEAM, Transcriber

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
TARGET_POINTS = 0.5

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "ok": "okay"}


def spelt(digits: str) -> str:
    """A number up to 99 in words; longer ones digit by digit are left as they are."""
    number = int(digits)
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")
    return digits


def plain_words(text: str) -> list[str]:
    """Words to compare: lower case, no punctuation, short numbers and titles spelt out."""
    lower = text.lower().replace("’", "'").replace("-", " ").replace("&", " and ")
    numbered = re.sub(r"\d+", lambda found: spelt(found.group()), lower)
    words = re.sub(r"[^a-z0-9' ]", " ", numbered).split()
    return [_TITLES.get(word, word) for word in words if word.strip("'")]


def word_errors(said: Sequence[str], read: Sequence[str]) -> int:
    """Least substitutions, insertions and deletions that turn one into the other."""
    row = list(range(len(read) + 1))
    for at, word in enumerate(said, 1):
        corner, row[0] = row[0], at
        for to, other in enumerate(read, 1):
            corner, row[to] = (
                row[to],
                min(row[to] + 1, row[to - 1] + 1, corner + (word != other)),
            )
    return row[-1]


@dataclass(slots=True)
class Tally:
    """Errors, words and seconds of one way of reading, by set of files."""

    errors: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0
    start_errors_s: list[float] = field(default_factory=list)

    def rate(self, names: Iterable[str]) -> float:
        """Word error rate in percent over these sets."""
        chosen = list(names)
        errors = sum(self.errors[name] for name in chosen)
        return 100 * errors / sum(self.words[name] for name in chosen)


def through_listener(transcriber: Transcriber) -> Callable[[Audio], tuple[Word, ...]]:
    """Our path, at once instead of in the background."""
    live = LiveTranscriber(lambda: transcriber, synchronous=True)

    def read(audio: Audio) -> tuple[Word, ...]:
        listener = ReplyListener(ActivityDetector(), live)
        samples = np.pad(audio.samples, (0, -len(audio) % FRAME + 3 * SPEECH_RATE_HZ))
        words: list[Word] = []
        start_s = 0.0
        for at in range(0, len(samples) - FRAME + 1, FRAME):
            frame = Audio(samples[at : at + FRAME], SPEECH_RATE_HZ)
            for happening in listener.feed(frame, start_s):
                if isinstance(happening, Ended):
                    words.extend(happening.words)
            start_s += FRAME_S
        rest = listener.finish(start_s)
        return (*words, *(rest.words if rest else ()))

    return read


def through_library(model: Any, **options: Any) -> Callable[[Audio], str]:
    def read(audio: Audio) -> str:
        parts, _ = model.transcribe(audio.samples, language="en", **options)
        return " ".join(part.text for part in parts)

    return read


def start_errors_s(path: Path, words: Sequence[Word]) -> list[float]:
    """How far our word starts lie from the hand-set ones, where the words agree."""
    marks = path.with_suffix(".wrd")
    if not marks.is_file():
        return []
    rows = [line.split() for line in marks.read_text(encoding="utf-8").splitlines()]
    if [row[2] for row in rows] != [" ".join(plain_words(word.text)) for word in words]:
        return []
    return [
        abs(word.span.start_s - int(row[0]) / SPEECH_RATE_HZ)
        for row, word in zip(rows, words, strict=True)
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default=DEFAULT_MODEL)
    options.add_argument("--limit", type=int, default=None, help="files, spread over both sets")
    options.add_argument("--data", type=Path, default=DATA)
    chosen = options.parse_args()
    refs = chosen.data / "words" / "refs.tsv"
    if not refs.is_file():
        print(f"There is no {refs}: the recordings are not here.", file=sys.stderr)
        return 2
    import soundfile

    with refs.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if chosen.limit:
        rows = rows[:: max(1, len(rows) // chosen.limit)][: chosen.limit]
    transcriber = Transcriber(ensure_model(chosen.model, home_dir()))
    transcriber.warm_up()
    library = transcriber.model
    same = {"beam_size": BEAM, "temperature": 0.0, "condition_on_previous_text": False}
    ways: dict[str, Callable[[Audio], str | tuple[Word, ...]]] = {
        "ours": through_listener(transcriber),
        "plain, same options": through_library(library, **same),
        "plain, its defaults": through_library(library),
        "glimpse": transcriber.glimpse,
    }
    tallies = {way: Tally() for way in ways}
    for row in rows:
        path = chosen.data / row["path"]
        samples, rate_hz = soundfile.read(path, dtype="float32")
        audio = Audio(samples, rate_hz)
        said = plain_words(row["text"])
        for way, read in ways.items():
            tally = tallies[way]
            began_s = time.perf_counter()
            got = read(audio)
            tally.took_s += time.perf_counter() - began_s
            if not isinstance(got, str):
                tally.start_errors_s += start_errors_s(path, got)
                got = text_of(got)
            name = row["set"]
            errors = word_errors(said, plain_words(got))
            tally.errors[name] = tally.errors.get(name, 0) + errors
            tally.words[name] = tally.words.get(name, 0) + len(said)
    return report(chosen.model, len(rows), tallies)


def report(model: str, files: int, tallies: dict[str, Tally]) -> int:
    names = sorted(tallies["ours"].words)
    print(f"model {model}, {files} files, word errors in percent")
    print(f"{'':22}" + "".join(f"{name:>24}" for name in names) + f"{'all':>8}{'s/file':>8}")
    for way, tally in tallies.items():
        cells = "".join(f"{tally.rate([name]):24.2f}" for name in names)
        print(f"{way:22}{cells}{tally.rate(names):8.2f}{tally.took_s / files:8.2f}")
    if times := tallies["ours"].start_errors_s:
        print(
            f"word starts against hand-set ones: median {np.median(times):.3f} s, "
            f"nine in ten within {np.percentile(times, 90):.3f} s ({len(times)} words)"
        )
    off = tallies["ours"].rate(names) - tallies["plain, same options"].rate(names)
    kept = off <= TARGET_POINTS
    print(f"ours - plain: {off:+.2f} points (target within {TARGET_POINTS}) {'ok' if kept else ''}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
