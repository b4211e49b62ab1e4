"""Is a spoken reply judged as its text is? Listening on recognised speech against clean text.

Replies of the corpus' dev lines are spoken by the program's own voices, the woman's and the man's
in turn, set into a room (none, or its noise so many dB under the speech), and read back by the
program's own path: frames into the ReplyListener, as benchmarks/words.py does. Then
``voice_coach.scoring.listening.judge`` judges what was read, and what was written, and the two
judgements are compared.

    python benchmarks/listening_speech.py [--limit 120] [--show]

The noise of the room is made here, always the same: a 1/f rush with the mains' hum in it, and a
faint babble of eight replies to other lines, summed and low-passed. Its level is set against the
speech's power where a voice is heard, pauses left out, and it goes on before and after the reply.
About six seconds a reply for all three rooms on two busy cores. A word error counts spelling, too
("okay", "mum").
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt
from scipy.stats import spearmanr
from words import plain_words, through_listener, word_errors

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.coaching.voices import FEMALE_PITCHES, MALE_PITCHES, Voice, spoken
from voice_coach.conversation import text_of
from voice_coach.errors import UserError
from voice_coach.home import home_dir
from voice_coach.scoring.listening import judge
from voice_coach.scoring.scorecard import Listening
from voice_coach.speech.activity import activity_of
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model
from voice_coach.speech.transcriber import Transcriber

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from corpus import Reply, read_all, split_of

Samples: TypeAlias = npt.NDArray[np.float32]
Condition: TypeAlias = float | None
"""Speech over noise in dB; None for a room without any."""

CONDITIONS: tuple[Condition, ...] = (None, 20.0, 10.0)
LIMIT = 120
SEED = 1
SHOWN = 3
EVERY = 20

ROOM_S = 30.0
LEAD_S = 0.5
TAIL_S = 2.5
"""Noise before and after the reply, the latter longer than the listener's patience."""
LOW_HZ = 60.0
"""The rush holds nothing deeper: rumble would take up its power and disturb nobody. Chosen."""
MAINS_HZ = (100.0, 200.0, 300.0)
MAINS_DB = -10.0
BABBLE_DB = -6.0
"""Of the hum and of the babble against the rush. Chosen."""
BABBLE_HZ = 1500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One reply, judged as it was written and as it was heard."""

    reply: Reply
    heard: str
    clean: Listening
    noisy: Listening

    @property
    def change(self) -> int | None:
        """Of the score; None where one of the two has none."""
        if self.clean.score is None or self.noisy.score is None:
            return None
        return self.noisy.score - self.clean.score


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How far the judgements agree in one condition.

    ``spearman`` and ``difference`` (mean, of 100) are over the replies scored both times;
    ``same_level`` and ``moves_f1`` (kinds of move, pooled) over all; ``words_wrong`` is errors
    over words. Figures that cannot be had are NaN.
    """

    condition: Condition
    replies: int
    spearman: float
    difference: float
    same_level: float
    moves_f1: float
    unscored_clean: int
    unscored_heard: int
    words_wrong: float
    pairs: tuple[Pair, ...]

    @classmethod
    def of(cls, condition: Condition, pairs: Sequence[Pair]) -> Row:
        changes = [abs(pair.change) for pair in pairs if pair.change is not None]
        said = [plain_words(pair.reply.text) for pair in pairs]
        read = [plain_words(pair.heard) for pair in pairs]
        errors = sum(word_errors(one, other) for one, other in zip(said, read, strict=True))
        same = sum(pair.clean.level == pair.noisy.level for pair in pairs)
        return cls(
            condition=condition,
            replies=len(pairs),
            spearman=_spearman(pairs),
            difference=sum(changes) / len(changes) if changes else math.nan,
            same_level=same / len(pairs) if pairs else math.nan,
            moves_f1=_moves_f1(pairs),
            unscored_clean=sum(pair.clean.score is None for pair in pairs),
            unscored_heard=sum(pair.noisy.score is None for pair in pairs),
            words_wrong=errors / sum(map(len, said)) if pairs else math.nan,
            pairs=tuple(pairs),
        )


def _spearman(pairs: Sequence[Pair]) -> float:
    both = [(pair.clean.score, pair.noisy.score) for pair in pairs if pair.change is not None]
    written, heard = ([scores[side] for scores in both] for side in (0, 1))
    if len(set(written)) < 2 or len(set(heard)) < 2:
        return math.nan
    return float(spearmanr(written, heard).statistic)


def _moves_f1(pairs: Sequence[Pair]) -> float:
    both = either = 0
    for pair in pairs:
        written, heard = ({move.move for move in one.moves} for one in (pair.clean, pair.noisy))
        both += len(written & heard)
        either += len(written) + len(heard)
    return 2 * both / either if either else math.nan


def drawn(replies: Sequence[Reply], limit: int) -> list[Reply]:
    """So many replies, one of each quality in turn; more of them begin with the same ones."""
    choose = random.Random(SEED)  # noqa: S311 - picks replies, nothing secret
    heaps: list[list[Reply]] = []
    for quality in range(5):
        heap = [reply for reply in replies if reply.quality == quality]
        choose.shuffle(heap)
        heaps.append(heap)
    order = [heap[at] for at in range(len(replies)) for heap in heaps if at < len(heap)]
    return order[:limit]


def said(voice: Voice, text: str) -> Samples:
    """The text spoken, at 16 kHz; at least one sample."""
    samples = spoken(voice, None, text).at_rate(SPEECH_RATE_HZ).samples
    return samples if len(samples) else np.zeros(1, np.float32)


def room_noise(replies: Sequence[Reply]) -> Samples:
    """ROOM_S of a room in which people talk, power 1; the replies are drawn from these."""
    dice = np.random.default_rng(SEED)
    size = round(ROOM_S * SPEECH_RATE_HZ)
    pitches = np.fft.rfftfreq(size, 1 / SPEECH_RATE_HZ)
    white = np.fft.rfft(dice.standard_normal(size))
    white[pitches < LOW_HZ] = 0
    rush = np.fft.irfft(white / np.sqrt(np.maximum(pitches, LOW_HZ)), size)

    times_s = np.arange(size) / SPEECH_RATE_HZ
    hum = np.zeros(size)
    for n, hz in enumerate(MAINS_HZ, 1):
        hum += np.sin(2 * np.pi * hz * times_s) / n

    voices: list[Voice] = [HeartVoice(pitch=pitch) for pitch in FEMALE_PITCHES]
    voices += [JoeVoice(pitch=pitch) for pitch in MALE_PITCHES[: len(voices)]]
    babble = np.zeros(size)
    for voice, reply in zip(voices, drawn(replies, len(voices)), strict=False):
        around = np.resize(said(voice, reply.text), size)
        babble += np.roll(around, int(dice.integers(size)))
    babble = sosfilt(butter(4, BABBLE_HZ, fs=SPEECH_RATE_HZ, output="sos"), babble)

    room = _unit(rush) + _gain(MAINS_DB) * _unit(hum) + _gain(BABBLE_DB) * _unit(babble)
    return _unit(room).astype(np.float32)


def _unit(samples: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same at power 1."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    scaled: npt.NDArray[Any] = samples / math.sqrt(power)
    return scaled


def _gain(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def in_room(speech: Samples, room: Samples, condition: Condition, number: int) -> Audio:
    """The reply in its room. ``number`` picks the stretch of noise, alike in all conditions."""
    before, after = (round(s * SPEECH_RATE_HZ) for s in (LEAD_S, TAIL_S))
    sound = np.pad(speech, (before, after))
    if condition is None:
        return Audio(sound, SPEECH_RATE_HZ)
    start = int(np.random.default_rng([SEED, number]).integers(len(room)))
    noise = _unit(np.resize(np.roll(room, -start), len(sound)))
    loudness = _gain(voiced_db(Audio(speech, SPEECH_RATE_HZ)) - condition)
    return Audio(np.clip(sound + loudness * noise, -1, 1).astype(np.float32), SPEECH_RATE_HZ)


def voiced_db(speech: Audio) -> float:
    """Level where a voice is heard; of all of it where none is."""
    pieces = [speech.between(span.start_s, span.end_s) for span in activity_of(speech)]
    return (Audio.joined(pieces) if pieces else speech).level_db


def judged(reply: Reply, text: str) -> Listening:
    line = reply.line
    return judge(line.text, text, feels=line.feels, needs=line.needs, facts=line.facts)


def measure(limit: int = LIMIT, conditions: Sequence[Condition] = CONDITIONS) -> list[Row]:
    """One row for each condition, over the same replies; progress goes to stderr.

    Raises UserError where the recogniser, a voice or the listening model is not there.
    """
    written = [reply for reply in read_all() if reply.style == "clean"]
    replies = drawn([one for one in written if split_of(one.line) == "dev"], limit)
    clean = [judged(reply, reply.text) for reply in replies]  # first: it fails at once, or never
    transcriber = Transcriber(ensure_model(DEFAULT_MODEL, home_dir()))
    transcriber.warm_up()
    read = through_listener(transcriber)
    room = room_noise([one for one in written if split_of(one.line) == "train"])
    voices: tuple[Voice, ...] = (HeartVoice(), JoeVoice())
    pairs: list[list[Pair]] = [[] for _ in conditions]
    for number, (reply, before) in enumerate(zip(replies, clean, strict=True)):
        speech = said(voices[number % len(voices)], reply.text)
        for condition, found in zip(conditions, pairs, strict=True):
            heard = text_of(read(in_room(speech, room, condition, number)))
            after = judged(reply, heard)
            found.append(Pair(reply=reply, heard=heard, clean=before, noisy=after))
        if (number + 1) % EVERY == 0:
            print(f"{number + 1} of {len(replies)} replies", file=sys.stderr, flush=True)
    return [Row.of(one, found) for one, found in zip(conditions, pairs, strict=True)]


def name_of(condition: Condition) -> str:
    return "quiet" if condition is None else f"noise, {condition:g} dB"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as lines of Markdown."""
    yield (
        "| Room | replies | Spearman of score | mean difference | same level | F1 of moves "
        "| not scored: text, speech | word errors |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {name_of(row.condition)} | {row.replies} | {row.spearman:.3f} "
            f"| {row.difference:.1f} | {row.same_level:.0%} | {row.moves_f1:.3f} "
            f"| {row.unscored_clean}, {row.unscored_heard} | {row.words_wrong:.1%} |"
        )


def furthest(row: Row) -> Iterator[str]:
    """The replies whose score changed most, with both texts."""
    changed = [pair for pair in row.pairs if pair.change]
    changed.sort(key=lambda pair: abs(pair.change or 0), reverse=True)
    yield f"\n{name_of(row.condition)}"
    for pair in changed[:SHOWN]:
        yield (
            f"  {pair.clean.score} -> {pair.noisy.score} ({pair.change:+d}; {pair.reply.line.name},"
            f" {pair.reply.kind}, quality {pair.reply.quality})"
        )
        yield f"    text:   {pair.reply.text}"
        yield f"    speech: {pair.heard}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--limit", type=int, default=LIMIT, help="replies, spread over quality")
    options.add_argument("--show", action="store_true", help="the replies that changed most")
    chosen = options.parse_args()
    try:
        rows = measure(chosen.limit)
    except UserError as fault:
        print(fault, file=sys.stderr)
        return 2
    print("\n".join(table(rows)))
    if chosen.show:
        for row in rows:
            print("\n".join(furthest(row)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
