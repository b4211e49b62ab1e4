"""An open loudspeaker in a sitting: measured, cancelled or not, and what is scored then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.calibration import NOT_HEARD, Calibration
from voice_coach.audio.duplex import FRAME
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.audio.standin import Timepiece
from voice_coach.coaching.voices import coach_voice, speak
from voice_coach.conversation import Measured, Span, Timeline, Unmeasured, Word
from voice_coach.practice.booth import Booth, Key, Pair, Phase, Settings
from voice_coach.practice.echoes import CHIME_NOTE, Echoes
from voice_coach.practice.events import (
    Choice,
    Event,
    LineSpoken,
    Noted,
    Overlapped,
    Scored,
    TurnEnded,
)
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.scenarios.library import find_scenario
from voice_coach.scoring.attempt import BEGUN_UNHEARD, FIRST_WORDS_LOST, UNREAD
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.listener import ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.transcriber import Transcriber

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
WAYS_S = (0.060, 0.083, 0.131)
"""How late the direct sound and two reflections are heard."""


def reply_of(case: str) -> Audio:
    return read_recording(FIXTURES / case / "reply.wav").audio


class EchoingRoom(Timepiece):
    """Simulated time; the microphone hears the loudspeaker, soft noise, and one reply.

    ``opens_s``: only from then on is the loudspeaker heard. From ``moves_s`` on its echo comes back
    ``nearer_s`` sooner. ``talk`` is said from ``talk_s`` on, ``reply`` by the line's end.
    """

    def __init__(
        self,
        gain_db: float,
        *,
        distorts: bool = False,
        reply: Audio | None = None,
        early_s: float = 0,
        talk: Audio | None = None,
        talk_s: float = 0.0,
        opens_s: float = 0.0,
        moves_s: float = float("inf"),
        nearer_s: float = 0.0,
    ) -> None:
        super().__init__(fast=True)
        self._talk = talk
        self._talk_s = talk_s
        self._opens_s = opens_s
        self._moves_s = moves_s
        self._nearer_s = nearer_s
        self._gain = 10 ** (gain_db / 20)
        self._distorts = distorts
        self._reply = reply
        self._early_s = early_s
        self._reply_s = float("inf")
        self._random = np.random.default_rng(4)

    def expect_reply(self, line_end_s: float) -> None:
        self._reply_s = line_end_s - self._early_s

    def read(self, timeout_s: float = 1.0) -> Audio:
        start_s = self.now_s
        super().read(timeout_s)
        later_s = -self._nearer_s if start_s >= self._moves_s else 0.0
        heard = sum(
            self.sounded(start_s - later_s - way_s, FRAME) / (1 + n)
            for n, way_s in enumerate(WAYS_S)
        )
        if start_s < self._opens_s:
            heard = np.zeros(FRAME)
        if self._distorts:
            heard = np.sign(heard) * np.abs(heard) ** 0.3 * 0.1
        frame = heard * self._gain + self._random.normal(scale=3e-4, size=FRAME)
        for voice, from_s in ((self._reply, self._reply_s), (self._talk, self._talk_s)):
            if voice is not None and start_s >= from_s:
                at = round((start_s - from_s) * SPEECH_RATE_HZ)
                said = voice.samples[at : at + FRAME]
                frame[: len(said)] += said
        return Audio(frame.astype(np.float32), SPEECH_RATE_HZ)


class Nobody:
    """Presses no key, stops after one line, looks at no screen.

    ``skips_s``: presses Enter once, so long after something began.
    """

    def __init__(self, skips_s: float = float("inf")) -> None:
        self._skips_s = skips_s
        self._elapsed_s = 0.0

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        assert phase
        assert level_db <= 0.0
        self._elapsed_s = elapsed_s

    def key(self) -> Key | None:
        if self._elapsed_s < self._skips_s:
            return None
        self._skips_s = float("inf")
        return "go"

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        return "stop" if "stop" in offered else None

    def stays(self) -> bool:
        return False


class Kept:
    """The settings, as far as a pair of devices is kept in them."""

    def __init__(self, known: Calibration | None = None) -> None:
        self.last = known
        self.pair = Pair(known=known, keep=self._keep)

    def _keep(self, found: Calibration | None) -> None:
        self.last = found


def booth_in(
    room: EchoingRoom, kept: Kept, events: list[Event], learner: Nobody | None = None
) -> Booth:
    learner = learner or Nobody()
    return Booth(
        duplex=room,
        learner=learner,
        screen=learner,
        readers=[events.append],
        settings=Settings(at_once=True, read_setting=False, pair=kept.pair, wait_s=3.0),
    )


def met(room: EchoingRoom, kept: Kept, *, spoken_next: bool = False) -> tuple[Echoes, list[Event]]:
    events: list[Event] = []
    booth = booth_in(room, kept, events)
    echoes = Echoes(booth, kept.pair)
    echoes.begin(spoken_next=spoken_next)
    return echoes, events


def test_devices_met_for_the_first_time_are_calibrated_by_the_short_sound() -> None:
    kept = Kept()
    echoes, events = met(EchoingRoom(-15.0), kept, spoken_next=True)
    assert [event.text for event in events if isinstance(event, Noted)] == [CHIME_NOTE]
    assert echoes.state == "cancelled"
    assert kept.last is not None
    assert kept.last.delay_s == pytest.approx(WAYS_S[0], abs=0.005)


def test_headphones_are_known_by_their_silence() -> None:
    kept = Kept()
    echoes, _ = met(EchoingRoom(-150.0), kept)
    assert echoes.state == "none"
    assert kept.last == NOT_HEARD


def test_an_echo_that_cannot_be_cancelled_leaks() -> None:
    kept = Kept()
    echoes, _ = met(EchoingRoom(-10.0, distorts=True), kept)
    assert echoes.state == "leaks"


def trusted(echoes: Echoes) -> bool:
    return echoes.state != "leaks"


def test_devices_known_from_last_time_need_no_sound_before_the_setting() -> None:
    known = Calibration(heard=True, delay_s=0.06, level_db=-40.0, erle_db=20.0, left_db=1.0)
    kept = Kept(known)
    echoes, events = met(EchoingRoom(-15.0), kept, spoken_next=True)
    assert not events
    assert not trusted(echoes)  # until this sitting has heard it
    booth = echoes._booth
    echoes.after(*booth.say(iter([reply_of("hijacks")])))
    assert echoes.state == "cancelled"
    assert kept.last is not None
    assert kept.last != known


GOOD = Calibration(
    heard=True, delay_s=0.06, level_db=-40.0, erle_db=20.0, left_db=1.0, way_db=-15.0
)


def set_before(
    room: EchoingRoom, kept: Kept, learner: Nobody | None = None
) -> tuple[Echoes, list[Event]]:
    """What is known after a setting was read that lasts as long as a reply."""
    events: list[Event] = []
    booth = booth_in(room, kept, events, learner)
    echoes = Echoes(booth, kept.pair)
    echoes.begin(spoken_next=True)
    echoes.after(*booth.say(iter([reply_of("hijacks")])))
    return echoes, events


def chimes(events: list[Event]) -> int:
    return sum(isinstance(event, Noted) and event.text == CHIME_NOTE for event in events)


@pytest.mark.parametrize(("skips_s", "times"), [(1.0, 1), (5.0, 0)])
def test_a_setting_that_was_skipped_is_measured_by_as_far_as_it_goes(
    skips_s: float, times: int
) -> None:
    kept = Kept(GOOD)
    echoes, events = set_before(EchoingRoom(-15.0), kept, Nobody(skips_s))
    assert chimes(events) == times
    assert echoes.state == "cancelled"
    assert kept.last != GOOD


def test_headphones_of_last_time_are_not_trusted() -> None:
    echoes, _ = set_before(EchoingRoom(-15.0), Kept(NOT_HEARD), Nobody(1.0))
    assert echoes.state == "cancelled"


@pytest.mark.parametrize(("gain_db", "louder"), [(-25.0, 2.0), (-15.0, 1.0)])
def test_somebody_who_talks_while_it_is_measured_spoils_nothing(
    gain_db: float, louder: float
) -> None:
    """Whether they hide the echo or only keep it from being taken out."""
    kept = Kept(GOOD)
    talk = Audio.joined([reply_of("defends"), reply_of("defends")])
    loud = Audio(talk.samples[: 9 * SPEECH_RATE_HZ] * np.float32(louder), SPEECH_RATE_HZ)
    echoes, events = set_before(EchoingRoom(gain_db, talk=loud, talk_s=0.3), kept)
    assert echoes.state == "cancelled"
    assert chimes(events) == 1
    assert kept.last is not None
    assert kept.last.cancelled


class Says:
    """Reads the same words in whatever it hears a voice in."""

    name = "says"

    def warm_up(self) -> None: ...

    def glimpse(self, audio: Audio) -> str:
        assert audio
        return ""

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        assert audio
        span = activity.spans[0] if activity else None
        if span is None:
            return ()
        texts = "No, but I never said that you were wrong".split()
        step_s = span.duration_s / len(texts)
        starts_s = [span.start_s + number * step_s for number in range(len(texts))]
        return tuple(
            Word(text=text, span=Span(start_s=at_s, end_s=at_s + step_s / 2), probability=0.9)
            for text, at_s in zip(texts, starts_s, strict=True)
        )


def voices() -> Voices:
    """Only the partner is heard, and always says the same."""
    silent = coach_voice("silent")

    def partner(text: str) -> Iterator[Audio]:
        assert text
        yield reply_of("hijacks")

    def quiet(text: str) -> Iterator[Audio]:
        return speak(silent, None, text)

    return Voices(narrator=quiet, partner=partner, coach=quiet, name="silent")


def practised(room: EchoingRoom, kept: Kept) -> tuple[Sitting, Scored, list[Event]]:
    """One line, in which any voice says the same; no model is needed."""
    events: list[Event] = []
    with LiveTranscriber(Says, synchronous=True) as live:
        sitting = Sitting(
            scenario=find_scenario("late-home"),
            booth=booth_in(room, kept, events),
            listener=ReplyListener(ActivityDetector(), live),
            voices=voices(),
        )
        sitting.run()
    (scored,) = [event for event in events if isinstance(event, Scored)]
    return sitting, scored, events


def line_of(events: list[Event]) -> LineSpoken:
    return next(event for event in events if isinstance(event, LineSpoken))


def test_the_partner_does_not_interrupt_herself() -> None:
    """Headphones last time, a loudspeaker now, nobody speaks."""
    _, scored, events = practised(EchoingRoom(-15.0), Kept(NOT_HEARD))
    assert line_of(events).unsaid_s == 0.0
    assert scored.interruptions.score is None
    assert scored.listening.score is None


@pytest.mark.parametrize("opens_s", [4.3, 6.0])
def test_headphones_unplugged_in_the_middle_do_not_stop_her(opens_s: float) -> None:
    sitting, scored, events = practised(EchoingRoom(-15.0, opens_s=opens_s), Kept(NOT_HEARD))
    line = line_of(events)
    assert line.unsaid_s == 0.0
    assert not line.holds
    assert scored.interruptions.score is None
    # The line was a sound to calibrate by.
    assert sitting._echoes.state == "cancelled"


def test_a_line_that_came_through_is_learnt_from() -> None:
    kept = Kept()
    room = EchoingRoom(-15.0, moves_s=4.3, nearer_s=0.055)
    sitting, scored, _ = practised(room, kept)
    assert scored.interruptions.score is None
    assert sitting._echoes.state == "cancelled"
    assert kept.last is not None
    assert kept.last.delay_s == pytest.approx(WAYS_S[0] - 0.055, abs=0.005)


def test_who_talks_through_the_line_is_not_taken_for_its_echo() -> None:
    talk = Audio.joined([reply_of("defends")] * 4)
    whole = Audio(talk.samples[: 10 * SPEECH_RATE_HZ], SPEECH_RATE_HZ)
    _, scored, events = practised(EchoingRoom(-15.0, reply=whole, early_s=9.2), Kept())
    assert line_of(events).span.duration_s == pytest.approx(9.3, abs=0.5)
    assert scored.interruptions.score is not None
    assert scored.interruptions.score <= 60


def test_what_was_said_over_the_line_only_is_judged_and_told() -> None:
    some = Audio(reply_of("defends").samples[: 5 * SPEECH_RATE_HZ], SPEECH_RATE_HZ)
    _, scored, _ = practised(EchoingRoom(-15.0, reply=some, early_s=8.0), Kept())
    assert scored.interruptions.score is not None
    assert scored.interruptions.score <= 60
    assert scored.listening.reason == UNREAD
    assert UNREAD in scored.listening.observations[-1].text.lower()


def test_a_prompt_reply_has_its_own_latency_after_a_line_with_an_echo() -> None:
    voice = reply_of("defends").samples
    voice = voice[np.flatnonzero(np.abs(voice) > 0.02)[0] :]
    room = EchoingRoom(-15.0, reply=Audio(voice, SPEECH_RATE_HZ), early_s=-0.18)
    _, scored, _ = practised(room, Kept())
    latency = scored.measures["latency_s"]
    assert isinstance(latency, Measured)
    assert latency.value == pytest.approx(0.18, abs=0.06)


def test_who_was_speaking_already_has_no_latency() -> None:
    room = EchoingRoom(-10.0, distorts=True, reply=reply_of("defends"), early_s=2.0)
    _, scored, _ = practised(room, Kept())
    assert scored.measures["latency_s"] == Unmeasured(reason=BEGUN_UNHEARD, unit="s")
    assert FIRST_WORDS_LOST in {seen.text for seen in scored.listening.observations}


def sit(room: EchoingRoom, model: Path) -> list[Event]:
    events: list[Event] = []
    with LiveTranscriber(lambda: Transcriber(model), synchronous=True) as live:
        Sitting(
            scenario=find_scenario("late-home"),
            booth=booth_in(room, Kept(), events),
            listener=ReplyListener(ActivityDetector(), live),
            voices=voices(),
        ).run()
    return events


@pytest.mark.model
def test_coming_in_over_an_open_loudspeaker_is_heard_and_scored(models_home: Path) -> None:
    room = EchoingRoom(-15.0, reply=reply_of("defends"), early_s=2.0)
    events = sit(room, models_home / "models" / "base")
    (overlap,) = [event for event in events if isinstance(event, Overlapped)]
    (scored,) = [event for event in events if isinstance(event, Scored)]
    assert overlap.kind == "interruption"
    assert overlap.span.duration_s == pytest.approx(2.0, abs=0.3)
    assert scored.interruptions.score is not None
    assert scored.interruptions.score < 100
    assert scored.interruptions.observations[0].quote == ""


@pytest.mark.model
def test_a_reply_after_the_line_has_let_it_finish(models_home: Path) -> None:
    room = EchoingRoom(-15.0, reply=reply_of("reflects"), early_s=-0.8)
    events = sit(room, models_home / "models" / "base")
    assert not [event for event in events if isinstance(event, Overlapped)]
    (scored,) = [event for event in events if isinstance(event, Scored)]
    assert scored.interruptions.score == 100
    (turn,) = [event for event in events if isinstance(event, TurnEnded)]
    assert "waited" in turn.text


@pytest.mark.model
def test_where_the_room_hides_a_soft_voice_the_scorecard_says_so(models_home: Path) -> None:
    room = EchoingRoom(-34.0, reply=reply_of("reflects"), early_s=-0.8)
    (scored,) = [
        event for event in sit(room, models_home / "models" / "base") if isinstance(event, Scored)
    ]
    assert scored.interruptions.score == 100
    assert "as far as could be heard" in scored.interruptions.observations[0].text


@pytest.mark.model
def test_where_the_echo_is_not_cancelled_interruptions_are_not_scored(models_home: Path) -> None:
    room = EchoingRoom(-10.0, distorts=True, reply=reply_of("defends"), early_s=2.0)
    events = sit(room, models_home / "models" / "base")
    (scored,) = [event for event in events if isinstance(event, Scored)]
    assert scored.interruptions.score is None
    assert scored.interruptions.reason is not None
    assert scored.interruptions.reason.startswith("echo not cancelled")
    assert not [event for event in events if isinstance(event, Overlapped)]
