"""How soon the feedback begins to sound after the reply is over, against the naive way.

Replies of 5 to 25 seconds, spoken by the program's own male voice with pauses between sentences,
are heard in real time by the whole engine (voice activity, words, fillers, score, feedback, voice).
The decision that the turn is over falls ``patience`` after the last sound; the answer begins with
the first sample of feedback. The naive way starts at the decision: transcribe all, score, render
all.

    python benchmarks/answer.py [--model base] [--replies 12]

Targets: median <= 0.4 s, 95th percentile <= 0.8 s, and <= 0.25 of the naive way.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece
from voice_coach.coaching.feedback import choose_feedback
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.voices import coach_voice, sentences, speak
from voice_coach.conversation import Word, text_of
from voice_coach.practice.booth import Booth, Key, Phase, Settings
from voice_coach.practice.events import Choice, Event, TurnEnded
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.scenarios.library import list_scenarios
from voice_coach.scoring.attempt import Attempt, judge_attempt
from voice_coach.speech.activity import ActivityDetector, activity_of
from voice_coach.speech.endpoint import PATIENCE_S
from voice_coach.speech.hesitations import MODEL, HesitationEar
from voice_coach.speech.listener import ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

COME_IN_S = 0.3
KEY_S = 0.2
PAUSES_S = (0.35, 0.6, 0.9, 1.3)


class Hurried:
    """A learner who skips the feedback once it sounds, and notes on the wall clock when it did.

    ``key_after_s``: press "done" so long after the reply began, instead of waiting in silence.
    """

    def __init__(self, key_after_s: float | None = None) -> None:
        self._key_after_s = key_after_s
        self._spoken_s = 0.0
        self.pressed_s: float | None = None
        self.began_s: float | None = None
        self.answered_s = 0.0
        self._in_feedback = 0

    def clock(self) -> float:
        """The wall clock; its first reading is the start of the microphone's samples."""
        now_s = time.monotonic()
        self.began_s = self.began_s or now_s
        return now_s

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:  # noqa: ARG002
        self._spoken_s = elapsed_s if phase == "reply" else 0.0
        if phase == "feedback":
            self._in_feedback += 1
            self.answered_s = self.answered_s or time.monotonic()

    def key(self) -> Key | None:
        if self._key_after_s and not self.pressed_s and self._spoken_s > self._key_after_s:
            self.pressed_s = time.monotonic()
            return "go"
        return "go" if self._in_feedback > 5 else None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:  # noqa: ARG002
        return "stop"

    def stays(self) -> bool:
        return False


def make_replies(count: int) -> list[Audio]:
    """Replies from 5 to 25 s: model replies of the scenarios, one after another, with pauses."""
    said = [reply for each in list_scenarios() for line in each.lines for reply in line.replies]
    voice = JoeVoice()
    lengths_s = np.linspace(5.0, 25.0, count)
    made, at = [], 0
    for number, length_s in enumerate(lengths_s):
        pieces: list[Audio] = []
        while sum(piece.duration_s for piece in pieces) < length_s - 1.5:
            for sentence in sentences(said[at % len(said)]):
                pause_s = PAUSES_S[(number + len(pieces)) % len(PAUSES_S)]
                sound = voice.render(sentence).at_rate(SPEECH_RATE_HZ)
                pieces += [sound, Audio.silence(pause_s)]
            at += 7
        made.append(Audio.joined(pieces[:-1]).between(0.0, length_s))
    return made


def engine_latency_s(
    reply: Audio, model: Path, *, by_key: bool = False
) -> tuple[float, tuple[Word, ...]]:
    """From the decision (patience over, or the key) to the first sample of feedback, and the words.

    With ``by_key`` the key is pressed KEY_S after the last sound.
    """
    scenario = list_scenarios()[0]
    hurried = Hurried(COME_IN_S + reply.duration_s + KEY_S if by_key else None)
    events: list[Event] = []
    coach = coach_voice("neural")
    silent = coach_voice("silent")
    with LiveTranscriber(lambda: Transcriber(model)) as live:
        Sitting(
            scenario=scenario,
            booth=Booth(
                duplex=ReplyFiles(Timepiece(clock=hurried.clock), [reply], [COME_IN_S]),
                learner=hurried,
                screen=hurried,
                readers=[events.append],
                settings=Settings(read_setting=False),
            ),
            listener=ReplyListener(ActivityDetector(), live),
            voices=Voices(
                narrator=lambda text: speak(silent, None, text),
                partner=lambda text: speak(silent, None, text),
                coach=lambda text: speak(coach, None, text),
                name="neural",
            ),
            fillers=HesitationEar(lambda: ensure_model(MODEL, model.parents[1])),
        ).run()
    turn = next(event for event in events if isinstance(event, TurnEnded))
    assert turn.span is not None  # noqa: S101 - a benchmark may fail loudly
    assert hurried.began_s is not None  # noqa: S101
    decided_s = hurried.pressed_s or hurried.began_s + turn.span.end_s + PATIENCE_S
    return hurried.answered_s - decided_s, turn.words


def naive_latency_s(reply: Audio, transcriber: Transcriber) -> float:
    """Transcribe the whole reply, score it, render the whole feedback: wall seconds."""
    scenario = list_scenarios()[0]
    line = scenario.line(scenario.start)
    began_s = time.perf_counter()
    activity = activity_of(reply)
    words = transcriber.transcribe(reply, activity)
    card = judge_attempt(
        Attempt(
            line=line.says,
            partner=scenario.partner.name,
            feels=line.feels,
            needs=line.needs,
            facts=line.facts,
            line_span=None,
            words=words,
            activity=activity,
            audio=reply,
        )
    )
    feedback = choose_feedback(
        card, line=line.says, model_replies=line.replies, partner=scenario.partner.name
    )
    list(speak(coach_voice("neural"), None, feedback.spoken))
    return time.perf_counter() - began_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="base")
    parser.add_argument("--replies", type=int, default=12)
    asked = parser.parse_args()
    replies = make_replies(asked.replies)
    with tempfile.TemporaryDirectory() as folder:
        model = ensure_model(asked.model, Path(folder))
        transcriber = Transcriber(model)
        transcriber.warm_up()
        naive_latency_s(replies[0], transcriber)
        ours, keyed, naive = [], [], []
        print("  reply   words   ours   by key   naive")
        for reply in replies:
            latency_s, words = engine_latency_s(reply, model)
            ours.append(latency_s)
            keyed.append(engine_latency_s(reply, model, by_key=True)[0])
            naive.append(naive_latency_s(reply, transcriber))
            print(
                f"{reply.duration_s:5.1f} s {len(words):6d} {ours[-1]:6.2f} s {keyed[-1]:6.2f} s"
                f" {naive[-1]:6.2f} s"
                f"   …{text_of(words[-5:])}"
            )
    median, p95 = np.percentile(ours, (50, 95))
    ratio = float(np.median(np.array(ours) / np.array(naive)))
    print(f"ours: median {median:.2f} s (target 0.40), 95th percentile {p95:.2f} s (target 0.80)")
    print(
        f"ended by the key {KEY_S} s after the last sound: median {np.median(keyed):.2f} s, "
        f"95th percentile {np.percentile(keyed, 95):.2f} s"
    )
    print(f"naive: median {np.median(naive):.2f} s; ours is {ratio:.2f} of it (target 0.25)")


if __name__ == "__main__":
    main()
