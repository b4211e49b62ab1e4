"""Which words the recogniser misheard, told by its own probability for each.

    python benchmarks/doubts.py [--model base] [--limit N]

Read speech (words) and telephone dialogues of two (spokenwoz) are read and laid beside what was
said. A word is wrong where the alignment of fewest errors leaves it without a partner. For each
threshold: precision, the share of the words under it that are wrong; recall, the share of the wrong
words that lie under it; and the share of all words under it, which is what a reader sees marked.
A word that was said and not written cannot be marked, and is not counted. Needs ../shared/data.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from words import plain_words

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Word
from voice_coach.home import home_dir
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model
from voice_coach.speech.transcriber import Transcriber

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def read_speech(limit: int | None) -> Iterator[tuple[Audio, str]]:
    """Sound and what was said in it."""
    with (DATA / "words" / "refs.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if limit:
        rows = rows[:: max(1, len(rows) // limit)][:limit]
    for row in rows:
        samples, rate_hz = soundfile.read(DATA / row["path"], dtype="float32")
        yield Audio(samples, rate_hz).at_rate(SPEECH_RATE_HZ), row["text"]


def telephone(limit: int | None) -> Iterator[tuple[Audio, str]]:
    """Each channel, and what was said on it."""
    for path in sorted((DATA / "conversation" / "spokenwoz").glob("*.wav"))[:limit]:
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        for channel, name in enumerate(sorted({each["speaker"] for each in said})):
            text = " ".join(each["word"] for each in said if each["speaker"] == name)
            sound = Audio(np.ascontiguousarray(samples[:, channel]), rate_hz)
            yield sound.at_rate(SPEECH_RATE_HZ), text


def is_right(said: Sequence[str], read: Sequence[str]) -> list[bool]:
    """For each word read whether it has its like in the alignment of fewest errors."""
    cost = np.zeros((len(said) + 1, len(read) + 1), int)
    cost[:, 0], cost[0, :] = np.arange(len(said) + 1), np.arange(len(read) + 1)
    for row, word in enumerate(said, 1):
        for column, other in enumerate(read, 1):
            cost[row, column] = min(
                cost[row - 1, column] + 1,
                cost[row, column - 1] + 1,
                cost[row - 1, column - 1] + (word != other),
            )
    right, row, column = [False] * len(read), len(said), len(read)
    while row and column:
        same = said[row - 1] == read[column - 1]
        if cost[row, column] == cost[row - 1, column - 1] + (not same):
            row, column = row - 1, column - 1
            right[column] = same
        elif cost[row, column] == cost[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return right


def judged(words: Sequence[Word], said: str) -> Iterator[tuple[float, bool]]:
    """(probability, wrong) of each word read; a word of several parts is wrong where one is."""
    parts = [plain_words(word.text) for word in words]
    right = is_right(plain_words(said), [part for own in parts for part in own])
    at = 0
    for word, own in zip(words, parts, strict=True):
        if own:
            yield word.probability, not all(right[at : at + len(own)])
        at += len(own)


def table(found: Sequence[tuple[float, bool]]) -> Iterator[str]:
    """A line for each threshold."""
    probability = np.array([each[0] for each in found])
    wrong = np.array([each[1] for each in found])
    yield f"{len(found)} words, {wrong.sum()} wrong ({wrong.mean():.1%})"
    for threshold in THRESHOLDS:
        under = probability < threshold
        both = (under & wrong).sum()
        yield (
            f"  under {threshold:.1f}: precision {both / max(1, under.sum()):.2f}, recall "
            f"{both / max(1, wrong.sum()):.2f}, marked {under.mean():.1%}"
        )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default=DEFAULT_MODEL)
    options.add_argument("--limit", type=int, default=None, help="recordings of each set")
    chosen = options.parse_args()
    if not DATA.is_dir():
        print(f"There is no {DATA}: the recordings are not here.", file=sys.stderr)
        return 2
    transcriber = Transcriber(ensure_model(chosen.model, home_dir()))
    for name, recordings in (("read speech", read_speech), ("telephone", telephone)):
        found = [
            each
            for sound, said in recordings(chosen.limit)
            for each in judged(transcriber.transcribe(sound), said)
        ]
        print(f"{name}:", "\n".join(table(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
