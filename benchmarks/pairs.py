"""Two women, two men, or one of each on one microphone: are like voices told apart as well?

    python benchmarks/pairs.py

Sentences read by two people (TIMIT; LibriSpeech, where the median pitch says which voices are
deep) are laid one after another in turn, some a little over the one before, on one channel. Half
of each reader's sentences enrol the voice. Truth is the voice activity of each reader alone. Error
as in `benchmarks/who.py`. Target: pairs of the same sex at most 1.5 times the error of mixed ones,
20 pairs of each. Needs ../shared/data.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from who import DATA, ENROLLED_S, channels_of, errors_s, first_s

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Timeline
from voice_coach.scoring.pitch import pitch_of
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import diarise, recognise
from voice_coach.speech.embedding import voiceprint

WORDS = DATA.parent / "words"
PAIRS = 20
GAPS_S = (0.4, -0.4, 0.9, 0.2)
"""Silence before each sentence, in turn; below zero it begins over the end of the one before."""
DEEP_HZ = 160.0
"""A median pitch below this is a man's, here: those of TIMIT, whose sex is known, lie around it."""
LEVEL, MOST = 0.05, 1.5


def readers() -> dict[str, list[Audio]]:
    """Each reader's sentences, all as loud."""
    found: dict[str, list[Audio]] = {}
    for path in sorted([*WORDS.rglob("*.wav"), *WORDS.rglob("*.flac")]):
        name = path.parent.name if path.suffix == ".wav" else path.name.split("-")[0]
        (sound,) = channels_of(path)
        level = float(np.sqrt(np.mean(sound.samples**2)))
        found.setdefault(name, []).append(Audio(sound.samples * (LEVEL / level), SPEECH_RATE_HZ))
    return found


def is_deep(sentences: list[Audio]) -> bool:
    """Whether the median pitch is a man's."""
    sound = Audio(np.concatenate([each.samples for each in sentences[:4]]), SPEECH_RATE_HZ)
    frames = pitch_of(sound, activity_of(sound))
    return float(np.median(frames.pitch_hz[frames.voiced])) < DEEP_HZ


def talk(first: list[Audio], second: list[Audio]) -> tuple[Audio, tuple[Timeline, Timeline]]:
    """The sentences of two in turn on one channel, and when each one's voice sounds."""
    order = [one for both in zip(first, second, strict=False) for one in both]
    starts, at_s = [], 0.5
    for number, sentence in enumerate(order):
        starts.append(max(0.0, at_s))
        at_s += sentence.duration_s + GAPS_S[number % len(GAPS_S)]
    size = round((starts[-1] + order[-1].duration_s + 1.0) * SPEECH_RATE_HZ)
    alone = np.zeros((2, size), np.float32)
    for number, (start_s, sentence) in enumerate(zip(starts, order, strict=True)):
        begin = round(start_s * SPEECH_RATE_HZ)
        alone[number % 2, begin : begin + len(sentence.samples)] += sentence.samples
    true = tuple(activity_of(Audio(each, SPEECH_RATE_HZ)) for each in alone)
    return Audio(alone.sum(0), SPEECH_RATE_HZ), (true[0], true[1])


def main() -> None:
    if not WORDS.is_dir():
        raise SystemExit("the shared recordings (../shared/data) are not on this machine")
    known = readers()
    deep = {name: is_deep(sentences) for name, sentences in known.items()}
    print("deep voices:", *sorted(name for name, told in deep.items() if told))
    every = sorted(combinations(sorted(known), 2))
    figures: dict[str, dict[str, float]] = {}
    for kind, alike in (("mixed", False), ("same", True)):
        pairs = [pair for pair in every if (deep[pair[0]] == deep[pair[1]]) is alike]
        chosen = [pairs[n * len(pairs) // PAIRS] for n in range(min(PAIRS, len(pairs)))]
        wrong, whole = dict.fromkeys(("enrolled", "not enrolled"), 0.0), 0.0
        for pair in chosen:
            halves = [(known[name][0::2], known[name][1::2]) for name in pair]
            sound, true = talk(halves[0][1], halves[1][1])
            activity = activity_of(sound)
            prints = {}
            for name, (read, _) in zip(pair, halves, strict=True):
                joined = Audio(np.concatenate([one.samples for one in read]), SPEECH_RATE_HZ)
                heard = activity_of(joined)
                prints[name] = voiceprint(joined, first_s(heard, ENROLLED_S))
            named = dict(zip(pair, true, strict=True))
            found, _ = recognise(sound, activity, prints)
            error, speech = errors_s(named, found, sound.duration_s)
            wrong["enrolled"] += error
            whole += speech
            parted = diarise(sound, activity, speakers=2)
            other, _ = errors_s(named, parted.timelines, sound.duration_s)
            wrong["not enrolled"] += other
            print(kind, *pair, f"enrolled {error / speech:.1%}, not {other / speech:.1%}")
        figures[kind] = {name: value / whole for name, value in wrong.items()}
    missed = False
    for name in ("enrolled", "not enrolled"):
        mixed, same = figures["mixed"][name], figures["same"][name]
        missed = missed or same > MOST * mixed
        print(
            f"{name}: mixed pairs {mixed:.1%}, the same sex {same:.1%}, {same / mixed:.2f} times "
            f"as much (target {MOST})"
        )
    if missed:
        raise SystemExit("a target was missed")


if __name__ == "__main__":
    main()
