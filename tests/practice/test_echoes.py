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
from voice_coach.practice.booth import Booth, Key, Pair, Phase, Settings
from voice_coach.practice.echoes import CHIME_NOTE, Echoes
from voice_coach.practice.events import Choice, Event, Noted, Overlapped, Scored, TurnEnded
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.scenarios.library import find_scenario
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
    """Simulated time; the microphone hears the loudspeaker, soft noise, and one reply."""

    def __init__(
        self,
        gain_db: float,
        *,
        distorts: bool = False,
        reply: Audio | None = None,
        early_s: float = 0,
    ) -> None:
        super().__init__(fast=True)
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
        heard = sum(
            self.sounded(start_s - way_s, FRAME) / (1 + n) for n, way_s in enumerate(WAYS_S)
        )
        if self._distorts:
            heard = np.sign(heard) * np.abs(heard) ** 0.3 * 0.1
        frame = heard * self._gain + self._random.normal(scale=3e-4, size=FRAME)
        if self._reply is not None and start_s >= self._reply_s:
            at = round((start_s - self._reply_s) * SPEECH_RATE_HZ)
            said = self._reply.samples[at : at + FRAME]
            frame[: len(said)] += said
        return Audio(frame.astype(np.float32), SPEECH_RATE_HZ)


class Nobody:
    """Presses no key, stops after one line, looks at no screen."""

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None: ...

    def key(self) -> Key | None:
        return None

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


def booth_in(room: EchoingRoom, kept: Kept, events: list[Event]) -> Booth:
    return Booth(
        duplex=room,
        learner=Nobody(),
        screen=Nobody(),
        readers=[events.append],
        settings=Settings(at_once=True, read_setting=False, pair=kept.pair),
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


def test_devices_known_from_last_time_need_no_sound_before_the_setting() -> None:
    known = Calibration(heard=True, delay_s=0.06, level_db=-40.0, erle_db=20.0, left_db=1.0)
    kept = Kept(known)
    echoes, events = met(EchoingRoom(-15.0), kept, spoken_next=True)
    assert not events
    assert echoes.state == "cancelled"
    booth = echoes._booth
    echoes.after(*booth.say(iter([reply_of("hijacks")])))
    assert echoes.state == "cancelled"
    assert kept.last is not None
    assert kept.last != known


def sit(room: EchoingRoom, model: Path) -> list[Event]:
    events: list[Event] = []
    silent = coach_voice("silent")

    def partner(text: str) -> Iterator[Audio]:
        assert text
        yield reply_of("hijacks")

    def quiet(text: str) -> Iterator[Audio]:
        return speak(silent, None, text)

    with LiveTranscriber(lambda: Transcriber(model), synchronous=True) as live:
        Sitting(
            scenario=find_scenario("late-home"),
            booth=booth_in(room, Kept(), events),
            listener=ReplyListener(ActivityDetector(), live),
            voices=Voices(narrator=quiet, partner=partner, coach=quiet, name="silent"),
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
