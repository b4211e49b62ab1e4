"""Practising alone: everything a sitting needs, put together from what the person asked for."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, Self

from rich.console import Console

from voice_coach.audio.portaudio import chatter_to
from voice_coach.audio.recorder import Recorder
from voice_coach.audio.samples import Audio
from voice_coach.audio.standin import ReplyFiles
from voice_coach.coaching.voice_cache import VoiceCache
from voice_coach.coaching.voices import Engine, coach_voice, speak, voice_for
from voice_coach.errors import UserError
from voice_coach.home import PRIVATE_FOLDER, Config, home_dir, read_config, write_config
from voice_coach.practice.baseline import baseline_for, why_no_baseline
from voice_coach.practice.booth import Booth, Settings
from voice_coach.practice.codec import event_to_line
from voice_coach.practice.couple.events import CoupleEvent
from voice_coach.practice.ends import open_ends
from voice_coach.practice.events import Event, SittingStarted
from voice_coach.practice.history import RECORDINGS, new_scratch
from voice_coach.practice.options import Options
from voice_coach.practice.preparation import HearsFillers
from voice_coach.practice.screen import open_console
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.practice.store import HISTORY_FILE, Store
from voice_coach.practice.terminal import Terminal
from voice_coach.scenarios.library import DEFAULT_SCENARIO, find_scenario, is_bundled
from voice_coach.scenarios.model import Scenario
from voice_coach.speech.endpoint import PATIENCE_S
from voice_coach.speech.listener import ReplyListener
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model


def practise(options: Options) -> None:
    """Run one sitting. Raises UserError for anything that the person can mend."""
    if options.fast and not (options.replies or options.demo):
        raise UserError("--fast goes with --replies FILE… or --demo: a person cannot be hurried.")
    home = home_dir()
    config = _remembered(home, options)
    scenario = find_scenario(options.scenario or DEFAULT_SCENARIO)
    options = replace(options, scenario=scenario.id)
    console = open_console()
    stop_on_signals()
    with ExitStack() as stack:
        stack.enter_context(chatter_to(home / "sound.log"))
        store = stack.enter_context(Store(home / HISTORY_FILE))
        store.claim()
        kept = _Kept(store)
        readers: list[Callable[[Event], None]] = [kept]
        ends = open_ends(stack, options, config, home, lambda text: _say(console, text))
        if options.events is not None:
            readers.append(stack.enter_context(EventFile(options.events)))
        at_once = ends.settings.at_once
        terminal = stack.enter_context(Terminal(console, live=ends.live))
        booth = Booth(
            duplex=ends.duplex,
            learner=ends.learner,
            screen=terminal,
            readers=[*readers, terminal],
            settings=_compared(ends.settings, store),
            keep=stack.enter_context(_Recording(home, kept)) if options.record else None,
        )
        Sitting(
            scenario=scenario,
            booth=booth,
            listener=ears(stack, home, config, at_once=at_once),
            voices=_voices(home, scenario, options.voice or "neural"),
            model=config.model or DEFAULT_MODEL,
            fillers=_filler_ear(home),
        ).run()
        if isinstance(ends.duplex, ReplyFiles) and ends.duplex.replies_left:
            unused = options.replies[-ends.duplex.replies_left :]
            names = ", ".join(path.name for path in unused)
            _say(console, f"The conversation ended before these were needed: {names}.")
    if kept.number is not None:
        _say(console, f"Kept as sitting {kept.number}, on this machine only.")
        _say(console, f"  See it again: {_called()} show {kept.number}")
        _say(console, f"  Erase it:     {_called()} erase {kept.number}")


def _compared(settings: Settings, store: Store) -> Settings:
    """The settings with the person's baseline, or with the reason why there is none."""
    if not settings.microphone:
        return settings
    return replace(
        settings,
        baseline=baseline_for(store, settings.microphone),
        not_compared=why_no_baseline(store, settings.microphone),
    )


def _called() -> str:
    """How the program is started from here."""
    if shutil.which("voice-coach"):
        return "voice-coach"
    script = Path(sys.executable).with_name("voice-coach")
    here = Path.cwd()
    return str(script.relative_to(here) if script.is_relative_to(here) else script)


def stop_on_signals() -> None:
    """A closed terminal or a polite kill ends the sitting as Ctrl-C does: closed and kept."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _say(console: Console, text: str) -> None:
    console.print(f"  {text}", style="dim", markup=False)


def _remembered(home: Path, options: Options) -> Config:
    """The kept choices with today's; a patience that is named is remembered."""
    kept = read_config(home)
    if options.patience_s is not None and options.patience_s != kept.patience_s:
        kept = kept.with_choices(patience_s=options.patience_s)
        write_config(home, kept)
    return kept.with_choices(model=options.model)


def ears(stack: ExitStack, home: Path, config: Config, *, at_once: bool) -> ReplyListener:
    """What hears the reply; the recogniser loads in the background while the setting is read."""
    from voice_coach.speech.activity import ActivityDetector
    from voice_coach.speech.live import LiveTranscriber
    from voice_coach.speech.transcriber import Transcriber

    folder = ensure_model(config.model or DEFAULT_MODEL, home)
    live = LiveTranscriber(lambda: Transcriber(folder), synchronous=at_once)
    stack.callback(live.close)
    return ReplyListener(ActivityDetector(), live, patience_s=config.patience_s or PATIENCE_S)


def _filler_ear(home: Path) -> HearsFillers:
    """What hears the fillers; its weights are set up and loaded in the background."""
    from voice_coach.speech.hesitations import MODEL, HesitationEar

    return HesitationEar(lambda: ensure_model(MODEL, home))


def _voices(home: Path, scenario: Scenario, engine: Engine) -> Voices:
    """The voices of a sitting.

    Only what comes with the program is kept as sound: feedback quotes the person, and a scenario
    of their own may hold their life.
    """
    scratch = new_scratch(home)
    unkept = VoiceCache(None)
    cache = VoiceCache(home / "voices") if is_bundled(scenario) else unkept
    partner = voice_for(scenario.partner.name, scenario.partner.voice, engine, scratch=scratch)
    coach = coach_voice(engine, scratch=scratch)
    return Voices(
        narrator=lambda text: speak(coach, cache, text),
        partner=lambda text: speak(partner, cache, text),
        coach=lambda text: speak(coach, unkept, text),
        name=engine,
    )


class _Kept:
    """The reader that keeps every event in the history before anything else happens."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.number: int | None = None

    def __call__(self, event: Event) -> None:
        if self.number is None:
            if not isinstance(event, SittingStarted):
                raise RuntimeError("a sitting's first event is SittingStarted")
            self.number = self._store.begin(event)
        else:
            self._store.append(self.number, event)


class EventFile:
    """Writes each event as a JSON line, whole lines only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file: IO[str] = path.open("w", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __call__(self, event: Event | CoupleEvent) -> None:
        """Write one event."""
        try:
            self._file.write(event_to_line(event) + "\n")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self._path, error) from error


class _Recording:
    """Keeps the microphone's sound beside the history, because it was asked for."""

    def __init__(self, home: Path, kept: _Kept) -> None:
        self._home = home
        self._kept = kept
        self._recorder: Recorder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._recorder is not None:
            self._recorder.close()

    def __call__(self, frame: Audio) -> None:
        if self._recorder is None:
            if self._kept.number is None:
                return
            folder = self._home / RECORDINGS / str(self._kept.number)
            try:
                folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            except OSError as error:
                raise UserError(
                    f"The folder for recordings, {folder}, cannot be made ({error.strerror}). "
                    "Make room there, or practise without --record."
                ) from error
            self._recorder = Recorder(folder / "microphone.wav")
        self._recorder.write(frame)


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(
        f"The events cannot be written to {path} ({error.strerror}). "
        "Name a file in a folder that exists and has room."
    )
