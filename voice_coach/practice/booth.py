"""The live ends of a sitting: sound, screen, keys and the readers of its events, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from voice_coach.audio.calibration import Calibration, way_back
from voice_coach.audio.duplex import FRAME, FRAME_S, Duplex
from voice_coach.audio.echo import MIN_S
from voice_coach.audio.samples import Audio
from voice_coach.practice.events import Choice, Event
from voice_coach.practice.spoken import Spoken
from voice_coach.scoring.baseline import Baseline
from voice_coach.scoring.compared import NO_BASELINE
from voice_coach.speech.endpoint import PATIENCE_S
from voice_coach.speech.over_line import OverLine

LOST_S = 3.0
"""Silence of the device itself after which it counts as lost: a busy machine stalls for a second
now and then. Chosen."""
ECHO_TAIL_S = 0.3
"""How long a room rings on after the loudspeaker, where it leaks in. Chosen."""
KEY_TAIL_S = 0.2
"""Sound still on its way when a key is pressed: what the devices hold. As SoundCard asks for."""

Phase = Literal["setting", "line", "reply", "feedback", "choice"]
Key = Literal["go", "pass", "stop"]


class Stopped(Exception):  # noqa: N818 - not a fault: the person chose to stop
    """The person ended the sitting."""


class Learner(Protocol):
    """The person's hands: a key while things go on, a choice after each attempt."""

    def key(self) -> Key | None:
        """The key pressed since the last call, or None. Never waits."""
        ...

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        """What to do next, or None while the person has not decided. Never waits."""
        ...

    def stays(self) -> bool:
        """Whether they are there for another line."""
        ...


class Screen(Protocol):
    """What shows the sitting between its events."""

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        """Called with every microphone frame: what goes on, its level, seconds in this phase."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A microphone and a loudspeaker that are used together.

    ``known``: how the one heard the other last time; None where that is not known. ``keep`` keeps
    it for the next time; None makes it forgotten.
    """

    known: Calibration | None
    keep: Callable[[Calibration | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a sitting goes.

    ``patience_s``: the silence that ends a reply; ``wait_s``: how long one is waited for.
    ``sounded`` False: lines are shown and their time passes, nothing is played. ``at_once`` True:
    time is simulated, and work is done where it is asked for. ``latency_void``: why latency cannot
    be trusted on these devices; ``dead_microphone``: what to say, where a microphone that gave only
    zeros at the start never gives anything else. ``microphone`` is the name under which the
    level of the voice is compared; empty where the replies are not the person's own. ``baseline``
    is what they are compared with; ``not_compared`` the reason where there is none. ``pair``: the
    devices, where the one might hear the other.
    """

    patience_s: float = PATIENCE_S
    wait_s: float = 60.0
    read_setting: bool = True
    sounded: bool = True
    at_once: bool = False
    latency_void: str | None = None
    dead_microphone: str | None = None
    pair: Pair | None = None
    input_device: str = ""
    output_device: str = ""
    notes: tuple[str, ...] = ()
    title_note: str = ""
    microphone: str = ""
    baseline: Baseline | None = None
    not_compared: str = NO_BASELINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Microphone frames that follow one another, the first at ``began_s``.

    ``pressed`` says that somebody pressed the go key meanwhile.
    """

    frames: Sequence[Audio]
    began_s: float
    pressed: bool = False

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.frames) * FRAME_S


class Booth:
    """Reads the microphone frame by frame, plays, listens for keys, tells the readers."""

    def __init__(
        self,
        *,
        duplex: Duplex,
        learner: Learner,
        screen: Screen,
        readers: Sequence[Callable[[Event], None]],
        settings: Settings,
        keep: Callable[[Audio], None] | None = None,
    ) -> None:
        """``keep`` is given every microphone frame, where recording was asked for.

        ``over_line``, where one is set, hears who talks while the loudspeaker does.
        """
        self.duplex = duplex
        self.settings = settings
        self.learner = learner
        self._screen = screen
        self._readers = readers
        self._keep = keep
        self.over_line: OverLine | None = None
        self._spoken: Spoken | None = None
        self._phase: Phase = "setting"
        self._phase_began_s = 0.0

    @property
    def now_s(self) -> float:
        """Seconds since the sitting began, by the microphone's samples."""
        return self.duplex.now_s

    def emit(self, event: Event) -> None:
        """Tell every reader, in order; the store comes first."""
        for reader in self._readers:
            reader(event)

    def enter(self, phase: Phase) -> None:
        """What goes on from now."""
        self._phase = phase
        self._phase_began_s = self.now_s

    def frame(self) -> Audio:
        """The next microphone frame. Raises DeviceLost where none comes."""
        start_s = self.now_s
        frame = self.duplex.read(LOST_S)
        if self.over_line is not None:
            shift_s = self.over_line.calibration.shift_s
            self.over_line.feed(frame.samples, self.duplex.sounded(start_s - shift_s, FRAME))
        if self._keep is not None:
            self._keep(frame)
        self._screen.tick(
            phase=self._phase,
            level_db=frame.level_db,
            elapsed_s=self.now_s - self._phase_began_s,
        )
        return frame

    def pressed(self) -> Literal["go", "pass"] | None:
        """The key that was pressed, if one was. Raises Stopped for the stop key."""
        key = self.learner.key()
        if key == "stop":
            raise Stopped
        return key

    def pressed_go(self) -> bool:
        """Whether the "go on" key was pressed. Raises Stopped for the stop key."""
        return self.pressed() == "go"

    def spoken(self, pieces: Iterable[Audio]) -> Spoken:
        """Begin to speak."""
        self._spoken = Spoken(pieces, self.duplex, at_once=self.settings.at_once)
        return self._spoken

    def close(self) -> None:
        """Stop what is still being spoken, and rendering it."""
        if self._spoken is not None:
            self._spoken.stop()

    def say(self, pieces: Iterable[Audio], *, whole: bool = False) -> tuple[Spoken, Heard]:
        """Speak to the end, or unless ``whole`` to a key.

        Returns what was spoken and what was heard meanwhile. Keys pressed before the first word
        count for nothing.
        """
        self.pressed_go()
        spoken = self.spoken(pieces)
        began_s = self.now_s
        frames: list[Audio] = []
        pressed = False
        while not spoken.over:
            spoken.pump()
            pressed = self.pressed_go() or pressed
            if pressed and not whole:
                spoken.stop()
            else:
                frames.append(self.frame())
        return spoken, Heard(frames=frames, began_s=began_s, pressed=pressed)

    def echoes(self, spoken: Spoken, heard: Heard) -> bool:
        """Whether what was played came back in what was heard meanwhile."""
        if not self.settings.sounded or heard.duration_s < MIN_S:
            return False
        microphone = Audio.joined(list(heard.frames))
        played = spoken.sound(heard.began_s, microphone.duration_s)
        return way_back(played, microphone).audible
