"""Listening noises over the partner's line are no interruption: ``benchmarks/backchannels.py``.

Fifty words and phrases that only say "I am listening" or "you are right" are spoken by four voices
(our two neural ones, two of espeak-ng's) and laid over a partner's line, at another moment of it
each time, with a short reply after the line (``--alone``: without, in half the time). The whole
engine hears them as it hears files in the microphone's place: voice activity, words, turns,
overlaps, as ``practice --replies … --fast``. Each overlap before the reply is counted by its kind;
target: never an interruption.

The other way round, so that the rule is no mere "never": ten bids for the floor, as short as the
listening noises, are said over the line too and shown beside them; most of these should count.

With --rooms they are said beside an open loudspeaker too: the line comes back to the microphone by
real rooms' impulse responses (``benchmarks/echo.py``), --echo-db quieter than it was played, the
short sound calibrates, and the canceller leaves only when somebody spoke. Words over the line are
then unknown: the noises must still be no interruptions, and few bids can be told from them.

    python benchmarks/backchannels.py [--model base] [--only "Yeah.;Go on."] [--voices joe,heart]
        [--rooms 2] [--echo-db -20]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from echo import DATA, DELAY_S, NOISE_DB, convolved, rooms

from voice_coach.audio.duplex import FRAME, Duplex
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.coaching.platform_voice import PlatformVoice
from voice_coach.coaching.voices import SilentVoice, Voice, speak, spoken, voice_for
from voice_coach.conversation import OverlapKind
from voice_coach.errors import UserError
from voice_coach.practice.booth import Booth, Key, Pair, Phase, Settings
from voice_coach.practice.events import Choice, Event, Overlapped, Scored, TurnEnded
from voice_coach.practice.hearing import ECHO_REASON
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.scenarios.library import list_scenarios
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.listener import ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

CONTINUERS = (
    "Mm-hm. Mm-hmm. Uh-huh. Mm. Hm. Hmm. Yeah. Yes. Yep. Yeah yeah. Yes yes. Yeah, yeah, yeah. "
    "Right. Right, right. Okay. Okay, okay. Ok, yeah. Oh. Oh no. Oh, okay. Oh, I see. Ah. Aha. "
    "I see. I know. I hear you. I understand. Sure. Of course. Absolutely. Exactly. True. "
    "That's true. Really? No. No, no. Wow. Go on. Got it. Fair enough. Alright. Good. Mm, yeah. "
    "Yeah, right. Yeah, sure. Mm-hm, okay. Makes sense. That makes sense. You're right. Oh wow."
)
BIDS = (
    "But I called. No, wait. Hang on. Let me explain. That's not fair. Can I say something? "
    "I was working. Wait a second. But you knew. Excuse me, I was busy."
)
REPLY = "You waited here for me."
FIRST_SHARE, LAST_SHARE = 0.12, 0.8
"""Of the line, where the noises begin: spread evenly from the one to the other. The last lie more
than a second before the line's end, where nothing is terminal."""
AFTER_S = 0.8
"""The reply begins so long after the line."""
HISS_DB = -75.0
EDGE_S = 0.2


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list, each with its mark."""
    found, word = [], ""
    for letter in text:
        word += letter
        if letter in ".?":
            found.append(word.strip())
            word = ""
    return tuple(found)


VOICES: dict[str, Callable[[], Voice]] = {
    "heart": HeartVoice,
    "joe": JoeVoice,
    "espeak woman": lambda: PlatformVoice(speaker="female"),
    "espeak man": lambda: PlatformVoice(speaker="male"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one phrase: the words shown as evidence, the overlaps, and the reply."""

    phrase: str
    voice: str
    heard: str
    kinds: tuple[OverlapKind, ...]
    reply: str
    unscored: bool = False

    @property
    def kind(self) -> str:
        """The worst kind of its overlaps; "not heard" where there is none."""
        if self.unscored:
            return "not scored"
        ranked = ("interruption", "unclear", "terminal", "backchannel")
        return next((kind for kind in ranked if kind in self.kinds), "not heard")


class Nobody:
    """Hands and screen of a sitting that needs none; it ends after one attempt."""

    def key(self) -> Key | None:
        return None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:  # noqa: ARG002
        return "stop"

    def stays(self) -> bool:
        return False

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        """Nothing is shown."""


class Loudspeaker(Timepiece):
    """Simulated time in a room: the microphone hears what is played, noise, and one recording."""

    def __init__(self, response: np.ndarray, echo_db: float, said: Audio, come_in_s: float) -> None:
        super().__init__(fast=True)
        self._response = response * 10 ** (echo_db / 20)
        self._said = said
        self._come_in_s = come_in_s
        self._begins_s = float("inf")
        self._random = np.random.default_rng(0)

    def expect_reply(self, line_end_s: float) -> None:
        self._begins_s = line_end_s + self._come_in_s

    def read(self, timeout_s: float = 1.0) -> Audio:
        start_s, before = self.now_s, len(self._response)
        super().read(timeout_s)
        played = self.sounded(start_s - DELAY_S - before / SPEECH_RATE_HZ, before + FRAME)
        frame = convolved(played, self._response)[before:]
        frame += self._random.standard_normal(FRAME) * 10 ** (NOISE_DB / 20)
        if start_s >= self._begins_s:
            at = round((start_s - self._begins_s) * SPEECH_RATE_HZ)
            said = self._said.samples[at : at + FRAME]
            frame[: len(said)] += said
        return Audio(frame.astype(np.float32), SPEECH_RATE_HZ)


Place = Callable[[Audio, float], tuple[Duplex, Pair | None]]
"""Where a recording is said, so many seconds from the line's end: the devices there."""


def with_headphones(said: Audio, come_in_s: float) -> tuple[Duplex, Pair | None]:
    return ReplyFiles(Timepiece(fast=True), [said], [come_in_s]), None


def beside_a_loudspeaker(response: np.ndarray, echo_db: float) -> Place:
    def place(said: Audio, come_in_s: float) -> tuple[Duplex, Pair | None]:
        return Loudspeaker(response, echo_db, said, come_in_s), Pair(known=None, keep=_forget)

    return place


def _forget(found: object) -> None:
    """Every attempt calibrates anew."""


@cache
def line_sound() -> Audio:
    """The partner's first line, in their own voice."""
    scenario = list_scenarios()[0]
    partner = voice_for(scenario.partner.name, scenario.partner.voice, "neural")
    return spoken(partner, None, scenario.line(scenario.start).says)


def microphone(over_line: Audio, reply: Audio | None, share: float) -> tuple[Audio, float]:
    """What the microphone hears, and where its first sample lies from the line's end, seconds."""
    line_s = line_sound().duration_s
    silence_s = line_s * (1 - share) - over_line.duration_s + AFTER_S
    after = [reply] if reply is not None else []
    parts = [over_line, Audio.silence(max(silence_s, EDGE_S)), *after]
    sound = Audio.joined([Audio.silence(EDGE_S), *parts, Audio.silence(EDGE_S)])
    hiss = np.random.default_rng(0).standard_normal(len(sound)) * 10 ** (HISS_DB / 20)
    heard = Audio((sound.samples + hiss).astype(np.float32), SPEECH_RATE_HZ)
    return heard, line_s * (share - 1) - EDGE_S


def outcome(
    phrase: str,
    voice: str,
    share: float,
    render: Callable[[str], Audio],
    live: LiveTranscriber,
    *,
    reply: str = REPLY,
    place: Place = with_headphones,
) -> Outcome:
    """One attempt with a phrase said over the line, heard by the whole engine."""
    sound, come_in_s = microphone(render(phrase), render(reply) if reply else None, share)
    events: list[Event] = []
    nobody, silent = Nobody(), SilentVoice()
    duplex, pair = place(sound, come_in_s)
    Sitting(
        scenario=list_scenarios()[0],
        booth=Booth(
            duplex=duplex,
            learner=nobody,
            screen=nobody,
            readers=[events.append],
            settings=Settings(read_setting=False, at_once=True, wait_s=2.0, pair=pair),
        ),
        listener=ReplyListener(ActivityDetector(), live),
        voices=Voices(
            narrator=lambda text: speak(silent, None, text),
            partner=lambda _: iter([line_sound()]),
            coach=lambda text: speak(silent, None, text),
            name="neural",
        ),
    ).run()
    scored = next(event for event in events if isinstance(event, Scored))
    return Outcome(
        phrase=phrase,
        voice=voice,
        heard=" / ".join(seen.quote for seen in scored.interruptions.observations),
        kinds=tuple(event.kind for event in events if isinstance(event, Overlapped)),
        unscored=scored.interruptions.reason == ECHO_REASON,
        reply=next(event.text for event in events if isinstance(event, TurnEnded)),
    )


def outcomes(
    said: Sequence[str],
    voices: Sequence[str],
    model: Path,
    *,
    reply: str = REPLY,
    place: Place = with_headphones,
    show: bool = False,
) -> list[Outcome]:
    """Each phrase in each voice, in order."""
    found = []
    with LiveTranscriber(lambda: Transcriber(model), synchronous=True) as live:
        for name in voices:
            voice = VOICES[name]()
            render = cache(lambda text, voice=voice: voice.render(text).at_rate(SPEECH_RATE_HZ))
            for number, phrase in enumerate(said):
                part = number * 7 % len(said) / max(1, len(said) - 1)
                share = FIRST_SHARE + (LAST_SHARE - FIRST_SHARE) * min(1.0, part)
                found.append(outcome(phrase, name, share, render, live, reply=reply, place=place))
                if show:
                    last = found[-1]
                    heard = f"heard “{last.heard}” … “{last.reply}”"
                    print(f"  {name:13}{phrase:20}{last.kind:14}{heard}", flush=True)
    return found


def told(rows: Sequence[Outcome]) -> str:
    counts = Counter(row.kind for row in rows)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--model", default="base")
    options.add_argument("--only", help="these phrases alone, parted by semicolons")
    options.add_argument("--voices", help=f"some of {', '.join(VOICES)}, parted by commas")
    options.add_argument("--alone", action="store_true", help="no reply after the line")
    options.add_argument("--rooms", type=int, default=0, help="beside a loudspeaker in so many")
    options.add_argument("--echo-db", type=float, default=-20.0)
    options.add_argument("--show", action="store_true", help="every phrase, not only what is wrong")
    asked = options.parse_args()
    names = asked.voices.split(",") if asked.voices else list(VOICES)
    reply = "" if asked.alone else REPLY
    said = asked.only.split(";") if asked.only else list(phrases(CONTINUERS))
    places = places_in(asked.rooms, asked.echo_db)
    missed = False
    with tempfile.TemporaryDirectory() as home:
        model = ensure_model(asked.model, Path(home))
        for title, place in places.items():
            print(title)
            try:
                rows = outcomes(said, names, model, reply=reply, place=place, show=asked.show)
                bids = [] if asked.only else phrases(BIDS)
                bidden = outcomes(bids, names, model, reply=reply, place=place, show=asked.show)
            except UserError as error:
                print(f"skipped: {error}")
                return 0
            missed |= not report(rows, bidden, names)
    return 1 if missed else 0


def places_in(count: int, echo_db: float) -> dict[str, Place]:
    """With headphones; or in so many rooms, each beside a loudspeaker."""
    if not count:
        return {"with headphones": with_headphones}
    responses = list(rooms(DATA / "noise" / "rir").items())[:count]
    if not responses:
        print("skipped: the rooms (../shared/data) are not here")
    return {
        f"beside a loudspeaker, {name}, {echo_db:.0f} dB": beside_a_loudspeaker(response, echo_db)
        for name, response in responses
    }


def report(rows: Sequence[Outcome], bids: Sequence[Outcome], names: Sequence[str]) -> bool:
    """Print what was found in one place; whether the target is met."""
    wrong = [row for row in rows if row.kind == "interruption"]
    print(f"{len(rows)} listening noises over a line: {told(rows)}")
    for name in names:
        print(f"  {name:13}{told([row for row in rows if row.voice == name])}")
    for row in wrong:
        print(f"  wrong: {row.voice}, “{row.phrase}” heard as “{row.heard}”")
    if bids:
        print(f"{len(bids)} short bids for the floor: {told(bids)}")
    print(f"  target, no interruption among the noises: {'missed' if wrong else 'met'}")
    return not wrong


if __name__ == "__main__":
    sys.exit(main())
