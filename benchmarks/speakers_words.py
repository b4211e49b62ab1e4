"""Words and who said them: cpWER on two-person calls, beside plain faster-whisper's word errors.

    python benchmarks/speakers_words.py [--model base]

SpokenWOZ (CC BY-NC 4.0, for measuring only): telephone dialogues of two, a channel each, and mixed
to one. The program hears them through its own command (``voice-coach analyze --json``). cpWER
(concatenated minimum-permutation word error rate, Watanabe et al. 2020): each speaker's words in a
row against each reference speaker's, the pairing with the fewest errors. Plain faster-whisper, same
model and its defaults, knows no speakers: of a channel each the channels in turn, of one microphone
everything against all words in the order of their starts. Target: cpWER at most 3 points above it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from faster_whisper import WhisperModel
from words import plain_words, word_errors

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.home import home_dir
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model

CALLS = Path(__file__).resolve().parents[2] / "shared/data/audio/conversation/spokenwoz"
MOST_POINTS = 3.0


def said_in(path: Path) -> dict[str, list[str]]:
    """Each speaker's words in the reference; under "" all words in the order of their starts."""
    words = json.loads(path.read_text(encoding="utf-8"))
    said = defaultdict(list)
    for word in sorted(words, key=lambda word: word["start"]):
        said[word["speaker"]].append(word["word"])
        said[""].append(word["word"])
    return {speaker: plain_words(" ".join(some)) for speaker, some in said.items()}


def heard_by_us(recording: Path, model: str, *wishes: str) -> dict[str, list[str]]:
    """Each speaker's words as the program tells them."""
    asked = [sys.executable, "-m", "voice_coach", "analyze", str(recording), "--json", *wishes]
    done = subprocess.run([*asked, "--model", model], capture_output=True, check=True, text=True)
    found = json.loads(done.stdout)
    heard: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for turn in [*found["turns"], *found["passing"]]:
        heard[turn["speaker"]].append((turn["start_s"], turn["text"]))
    return {
        speaker: plain_words(" ".join(text for _, text in sorted(some)))
        for speaker, some in heard.items()
    }


def speakers_errors(said: dict[str, list[str]], heard: dict[str, list[str]]) -> int:
    """Errors of the pairing of speakers that has the fewest; who has no partner is all wrong."""
    theirs = [words for speaker, words in said.items() if speaker]
    ours = list(heard.values())
    ours += [[]] * (len(theirs) - len(ours))
    theirs += [[]] * (len(ours) - len(theirs))
    return min(
        sum(word_errors(one, two) for one, two in zip(theirs, order, strict=True))
        for order in permutations(ours)
    )


def plainly(model: Any, sound: Audio) -> list[str]:
    segments, _ = model.transcribe(sound.samples, language="en")
    return plain_words(" ".join(segment.text for segment in segments))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--model", default=DEFAULT_MODEL)
    name = options.parse_args().model
    calls = sorted(CALLS.glob("*.wav"))
    if not calls:
        print("skipped: the calls (../shared/data) are not here")
        return 0
    model = WhisperModel(str(ensure_model(name, home_dir())), device="cpu", compute_type="int8")
    count = 0
    errors = dict.fromkeys(
        ("a channel each, cpWER", "… plain", "one microphone, cpWER", "… plain, mixed"), 0
    )
    with tempfile.TemporaryDirectory() as folder:
        for call in calls:
            said = said_in(call.with_suffix(".json"))
            samples, rate_hz = soundfile.read(call, dtype="float32", always_2d=True)
            channels = [
                Audio(np.ascontiguousarray(samples[:, n]), rate_hz).at_rate(SPEECH_RATE_HZ)
                for n in range(samples.shape[1])
            ]
            mixed = Audio(
                np.mean([channel.samples for channel in channels], axis=0), SPEECH_RATE_HZ
            )
            one = Path(folder) / f"{call.stem}.wav"
            soundfile.write(one, mixed.samples, SPEECH_RATE_HZ)
            apart = {str(n): plainly(model, channel) for n, channel in enumerate(channels)}
            here = (
                speakers_errors(said, heard_by_us(call, name, "--channels")),
                speakers_errors(said, apart),
                speakers_errors(said, heard_by_us(one, name, "--speakers", "2")),
                word_errors(said[""], plainly(model, mixed)),
            )
            count += len(said[""])
            errors = {way: errors[way] + more for way, more in zip(errors, here, strict=True)}
            print(f"{call.stem}: {len(said[''])} words, errors {here}", flush=True)
    rates = {way: 100 * wrong / count for way, wrong in errors.items()}
    for way, rate in rates.items():
        print(f"{way:24} {rate:5.1f} %")
    each, plain, one_mic, plain_mixed = rates.values()
    over = max(each - plain, one_mic - plain_mixed)
    print(f"at most {over:.1f} points above plain faster-whisper (target {MOST_POINTS:g})")
    return 0 if over <= MOST_POINTS else 1


if __name__ == "__main__":
    sys.exit(main())
