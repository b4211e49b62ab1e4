"""The two ends of a sitting, its sound and its hands: real devices, files, or a demonstration."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from voice_coach.audio.calibration import Calibration
from voice_coach.audio.devices import Device, choose
from voice_coach.audio.duplex import Duplex
from voice_coach.audio.files import read_recording
from voice_coach.audio.preflight import (
    CLIPPED_SHARE,
    Finding,
    away,
    check_input,
    check_output,
    listen,
)
from voice_coach.audio.samples import Audio
from voice_coach.audio.soundcard import SoundCard
from voice_coach.audio.standin import ReplyFiles, Timepiece
from voice_coach.errors import UserError
from voice_coach.home import Config, pair_of, read_config, write_config
from voice_coach.practice.booth import Learner, Pair, Settings
from voice_coach.practice.events import RECORDED, Choice
from voice_coach.practice.fixtures import fixture
from voice_coach.practice.keys import HandsFree, Keyboard, Script, single_keys
from voice_coach.practice.options import Options
from voice_coach.scenarios.library import DEFAULT_SCENARIO
from voice_coach.speech.endpoint import PATIENCE_S

CHECK_S = 0.4
"""How long the microphone is listened to before a sitting. Chosen: enough to tell zeros."""
FILE_WAIT_S = 3.0
"""How long after a recorded reply's end it is taken to have been silent. Chosen."""
NOT_YOURS = "not compared: this is a recorded voice, not yours"
BLUETOOTH = "a Bluetooth device delays the sound by an unknown time"

DEMO: tuple[tuple[str, Choice], ...] = (
    ("defends", "again"),
    ("reflects", "next"),
    ("reflects-2", "next"),
    ("reflects-3", "next"),
)
"""Recorded replies of the demonstration: a first try, a better one, and the way it then goes."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A sitting's duplex and learner, with what the engine must know of them.

    ``live`` says whether somebody watches a terminal.
    """

    duplex: Duplex
    learner: Learner
    settings: Settings
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """A recorded reply, when it comes in, and what is chosen after it."""

    audio: Audio
    come_in_s: float
    choice: Choice


def open_ends(
    stack: ExitStack,
    options: Options,
    config: Config,
    home: Path,
    say: Say,
    *,
    demonstrate: bool = True,
) -> Ends:
    """Open what the options ask for; the stack closes it.

    Without a microphone a demonstration stands in, and ``say`` is told so; where ``demonstrate`` is
    False there is none. Raises UserError for files, names and devices that cannot be used.
    """
    settings = Settings(
        patience_s=config.patience_s or PATIENCE_S,
        read_setting=options.read_setting,
        at_once=options.fast,
    )
    if options.replies:
        replies, notes = _replies(options)
        return _recorded(stack, options, config, settings=settings, replies=replies, notes=notes)
    if options.demo:
        _check_demonstrated(options)
        return _demonstration(stack, options, config, settings)
    try:
        microphone = choose("input", config.input_device, options.input_name)
    except UserError as error:
        if options.input_name is not None or not demonstrate:
            raise
        _check_demonstrated(options, str(error))
        say(f"{error} Until then, here is a demonstration on recorded replies.")
        return _demonstration(stack, options, config, settings)
    if microphone is None:
        none = "There is no microphone on this machine."
        if not demonstrate:
            raise UserError(f"{none} Plug one in, then try again.")
        _check_demonstrated(options, none)
        say(f"{none} Here is a demonstration on recorded replies.")
        return _demonstration(stack, options, config, settings)
    loudspeaker = _loudspeaker(options, config)
    _remember(home, config, options, microphone, loudspeaker)
    for name, chosen in ((config.input_device, microphone), (config.output_device, loudspeaker)):
        if name and chosen and chosen.name != name and not _asked_for(options, chosen):
            say(_told(away(name, chosen)))
    if loudspeaker is not None:
        settings = replace(settings, pair=_pair(home, config, microphone, loudspeaker))
    return _live(stack, options, settings, microphone, loudspeaker, say)


def _live(
    stack: ExitStack,
    options: Options,
    settings: Settings,
    microphone: Device,
    loudspeaker: Device | None,
    say: Say,
) -> Ends:
    """A person at the devices, which are checked first."""
    card = stack.enter_context(SoundCard(microphone, loudspeaker))
    findings = check_input(listen(card, CHECK_S), microphone)
    dead = next((_told(found) for found in findings if found.kind == "fail"), None)
    if options.playback:
        findings += check_output(loudspeaker)
    for finding in findings:
        say(_told(finding))
    bluetooth = microphone.bluetooth or bool(loudspeaker and loudspeaker.bluetooth)
    keys = sys.stdin.isatty()
    if keys:
        stack.enter_context(single_keys())
    return Ends(
        duplex=card,
        learner=Keyboard() if keys else HandsFree(),
        settings=replace(
            settings,
            sounded=loudspeaker is not None and options.voice != "silent",
            latency_void=BLUETOOTH if bluetooth else None,
            dead_microphone=dead,
            input_device=microphone.name,
            microphone=microphone.name,
            output_device=loudspeaker.name if loudspeaker else "none: shown on screen",
        ),
        live=sys.stdout.isatty(),
    )


def _replies(options: Options) -> tuple[list[_Reply], tuple[str, ...]]:
    replies, notes = [], []
    for path in options.replies:
        recording = read_recording(path)
        if recording.clipped_share > CLIPPED_SHARE:
            notes.append(
                f"{path.name} is overdriven ({100 * recording.clipped_share:.1f} % of it at full "
                "scale): words may be misheard. Record it further from the microphone."
            )
        come_in_s = _come_in_s(path) if options.come_in_s is None else options.come_in_s
        replies.append(_Reply(audio=recording.audio, come_in_s=come_in_s, choice="next"))
    return replies, tuple(notes)


def _come_in_s(path: Path) -> float:
    """When a recorded reply starts, seconds from the line's end.

    Our own recordings have it beside them in truth.json; any other starts at the line's end.
    """
    truth = path.with_name("truth.json")
    if not truth.is_file():
        return 0.0
    try:
        return float(json.loads(truth.read_text(encoding="utf-8"))["come_in_s"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{truth} does not say when the reply comes in (come_in_s, in seconds). "
            "Mend it, or say it with --come-in."
        ) from error


def _check_demonstrated(options: Options, why: str = "") -> None:
    """Raises UserError where another scenario is asked for than the recorded replies answer."""
    if options.scenario not in (None, DEFAULT_SCENARIO):
        only = f"The recorded replies of the demonstration answer {DEFAULT_SCENARIO} only: "
        raise UserError(f"{why} {only}voice-coach practice --demo".strip())


def _demonstration(stack: ExitStack, options: Options, config: Config, settings: Settings) -> Ends:
    replies = []
    for case, choice in DEMO:
        path = fixture(case) / "reply.wav"
        replies.append(
            _Reply(audio=read_recording(path).audio, come_in_s=_come_in_s(path), choice=choice)
        )
    return _recorded(
        stack,
        options,
        config,
        settings=settings,
        replies=replies,
        name="recorded replies (a demonstration)",
    )


def _recorded(
    stack: ExitStack,
    options: Options,
    config: Config,
    *,
    settings: Settings,
    replies: Sequence[_Reply],
    notes: tuple[str, ...] = (),
    name: str = "",
) -> Ends:
    """Recordings in the microphone's place, heard through the loudspeaker where there is one."""
    loudspeaker = None if options.fast else _loudspeaker(options, config)
    # With nothing to hear, a demonstration need not take the time that speaking takes.
    at_once = options.fast or (bool(name) and loudspeaker is None)
    inner: Duplex = (
        stack.enter_context(SoundCard(None, loudspeaker))
        if loudspeaker
        else Timepiece(fast=at_once)
    )
    longest_s = max(reply.audio.duration_s + max(0.0, reply.come_in_s) for reply in replies)
    return Ends(
        duplex=ReplyFiles(
            inner, [reply.audio for reply in replies], [reply.come_in_s for reply in replies]
        ),
        learner=Script([reply.choice for reply in replies]),
        settings=replace(
            settings,
            at_once=at_once,
            sounded=(loudspeaker is not None or at_once) and options.voice != "silent",
            wait_s=longest_s + FILE_WAIT_S,
            input_device=name or ", ".join(path.name for path in options.replies),
            output_device=loudspeaker.name if loudspeaker else "none: shown on screen",
            notes=notes,
            microphone="" if name else RECORDED,
            not_compared=NOT_YOURS if name else settings.not_compared,
            title_note=" (demonstration)" if name else "",
        ),
        live=sys.stdout.isatty() and not at_once,
    )


def _loudspeaker(options: Options, config: Config) -> Device | None:
    """The loudspeaker, or None where nothing is to be played or there is none."""
    if not options.playback:
        return None
    try:
        return choose("output", config.output_device, options.output_name)
    except UserError:
        if options.output_name is not None:
            raise
        return None


def _remember(
    home: Path, config: Config, options: Options, microphone: Device, loudspeaker: Device | None
) -> None:
    """Devices that were named are used the next time too."""
    chosen = config.with_choices(
        input_device=microphone.name if options.input_name else None,
        output_device=loudspeaker.name if options.output_name and loudspeaker else None,
    )
    if chosen != config:
        write_config(home, chosen)


def _pair(home: Path, config: Config, microphone: Device, loudspeaker: Device) -> Pair:
    """What is known of how this microphone hears this loudspeaker, and how to keep it."""
    name = pair_of(microphone.name, loudspeaker.name)

    def keep(found: Calibration | None) -> None:
        kept = read_config(home)
        others = {pair: figures for pair, figures in kept.echo.items() if pair != name}
        echo = others if found is None else {**others, name: found.kept()}
        write_config(home, replace(kept, echo=echo))

    return Pair(known=Calibration.from_kept(config.echo.get(name, {})), keep=keep)


def _asked_for(options: Options, device: Device) -> bool:
    named = options.input_name if device.direction == "input" else options.output_name
    return named is not None


def _told(finding: Finding) -> str:
    return f"{finding.what} {finding.mend}" if finding.mend else finding.what
