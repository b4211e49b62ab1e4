"""Two people and an exercise: all that a rehearsal needs, put together from what they asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voice_coach.audio.portaudio import chatter_to
from voice_coach.coaching.voice_cache import VoiceCache
from voice_coach.coaching.voices import Engine, coach_voice, speak, voice_for
from voice_coach.conversation import Turn
from voice_coach.errors import UserError
from voice_coach.home import home_dir, read_config
from voice_coach.practice.booth import Booth
from voice_coach.practice.couple.afterwards import beside
from voice_coach.practice.couple.around import whole
from voice_coach.practice.couple.events import CoupleEvent, RehearsalStarted, TurnHeard
from voice_coach.practice.couple.exercises import EXERCISES
from voice_coach.practice.couple.journal import FILE, Begun, Journal, broken_off
from voice_coach.practice.couple.kept import kept_of, last_words
from voice_coach.practice.couple.rehearsal import Rehearsal, Voices
from voice_coach.practice.couple.replay import Quarrel, replay
from voice_coach.practice.couple.screen import CoupleTerminal
from voice_coach.practice.couple.steps import Exercise, Happening, Outcome, Pair
from voice_coach.practice.couple.watch import STOP_WORD, Unsafe, Watch
from voice_coach.practice.ends import open_ends
from voice_coach.practice.events import Noted
from voice_coach.practice.help_lines import help_for, shipped
from voice_coach.practice.history import new_scratch, nobody_sitting
from voice_coach.practice.options import Options
from voice_coach.practice.safety_message import WHAT_THIS_IS_NOT, safety_message
from voice_coach.practice.screen import open_console
from voice_coach.practice.solo import EventFile, ears, stop_on_signals
from voice_coach.practice.store import HISTORY_FILE, KeptRehearsal, Store
from voice_coach.scenarios.library import find_scenario
from voice_coach.scoring.listening import judge
from voice_coach.speech.models import DEFAULT_MODEL

FIRST_EXERCISE = "speaker-listener"
ONE_MICROPHONE = (
    "On one microphone I cannot tell your voices apart: I take whoever has the floor for the one "
    "who speaks, and do not count who comes in over whom."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One rehearsal as asked for; ``sound`` is how it is heard and spoken."""

    exercise: str
    names: tuple[str, ...]
    sound: Options
    topic: str = ""
    scenario: str = ""
    stop_word: str = STOP_WORD
    resume: bool = False
    fresh: bool = False


def rehearse(asked: Together, names_asked: Callable[[], tuple[str, ...]]) -> tuple[Turn, ...]:
    """Run one rehearsal; the turns that were heard, since it was resumed where it was.

    ``names_asked`` asks for the names where none were given. Raises UserError for anything that the
    two can mend.
    """
    home = home_dir()
    watch = _watch(asked.stop_word)
    begun, before = _begun(asked, home, names_asked)
    exercise = _exercise(begun)
    config = read_config(home).with_choices(model=asked.sound.model)
    console = open_console()
    stop_on_signals()
    with ExitStack() as stack:
        stack.enter_context(chatter_to(home / "sound.log"))
        store = stack.enter_context(Store(home / HISTORY_FILE))
        store.claim()
        terminal = CoupleTerminal(console, live=False)
        ends = open_ends(stack, asked.sound, config, home, terminal.say, demonstrate=False)
        terminal = stack.enter_context(CoupleTerminal(console, live=ends.live))
        turns: list[Turn] = []
        readers: list[Callable[[CoupleEvent], None]] = [terminal, _gathering(turns)]
        if asked.sound.events is not None:
            readers.insert(0, stack.enter_context(EventFile(asked.sound.events)))
        booth = Booth(
            duplex=ends.duplex,
            learner=ends.learner,
            screen=terminal,
            readers=(),
            settings=ends.settings,
        )
        rehearsal = Rehearsal(
            booth=booth,
            listener=ears(stack, home, config, at_once=ends.settings.at_once),
            voices=_voices(home, asked.sound.voice or "neural"),
            watch=watch,
            readers=readers,
            journal=stack.enter_context(Journal(home, begun, before)),
        )
        rehearsal.emit(
            RehearsalStarted(
                at_s=booth.now_s,
                began=begun.began,
                exercise=begun.exercise,
                title=_title(begun.exercise),
                one=begun.one,
                two=begun.two,
                topic=begun.topic,
                input_device=ends.settings.input_device,
                output_device=ends.settings.output_device,
                model=config.model or DEFAULT_MODEL,
                voice=asked.sound.voice or "neural",
                resumed=len(before),
            )
        )
        for note in (WHAT_THIS_IS_NOT, ONE_MICROPHONE):
            rehearsal.emit(Noted(at_s=booth.now_s, text=note))
        for kind, text in last_words(begun.pair, store.rehearsals()):
            rehearsal.emit(Noted(at_s=booth.now_s, text=f"Last time, {kind}: {text}"))
        try:
            outcome = rehearsal.run(
                whole(begun.pair, exercise, judge, stop_word=asked.stop_word), before
            )
        except Unsafe as unsafe:
            _say_where_help_is(terminal, unsafe)
            return ()
        if outcome is not None and outcome.pieces + outcome.kept:
            kept = kept_of(begun, outcome)
            number = store.add_rehearsal(kept)
            _show(terminal, outcome, f"Kept as rehearsal {number}: {_what(kept)}.")
        else:
            terminal.say("Nothing was kept.", "dim")
    return tuple(turns)


def _gathering(turns: list[Turn]) -> Callable[[CoupleEvent], None]:
    """A reader that puts every turn that was heard into the list."""

    def read(event: CoupleEvent) -> None:
        if isinstance(event, TurnHeard) and event.span is not None:
            turns.append(Turn(speaker=event.who, span=event.span, words=event.words))

    return read


def kept_together() -> list[str]:
    """A line for each exercise that is kept, the oldest first."""
    with Store(home_dir() / HISTORY_FILE) as store:
        return [
            f"{kept.number:>3}  {kept.began[:10]}  {_title(kept.exercise)}: "
            f"{kept.one} and {kept.two}, {_what(kept)}"
            for kept in store.rehearsals()
        ]


def erase_together(name: str) -> int:
    """Erase every exercise that somebody took part in, for both; how many there were.

    One that was broken off counts too. Raises UserError where a sitting is running.
    """
    name = name.strip().casefold()
    home = home_dir()
    with Store(home / HISTORY_FILE) as store, nobody_sitting(store):
        store.settle()
        left = broken_off(home)
        here = left is not None and name in {left[0].one.casefold(), left[0].two.casefold()}
        if here:
            (home / FILE).unlink()
        return store.forget_rehearsals(name) + here


def _begun(
    asked: Together, home: Path, names_asked: Callable[[], tuple[str, ...]]
) -> tuple[Begun, tuple[Happening, ...]]:
    """What is begun, or taken up again, and what came of it before."""
    left = broken_off(home)
    if asked.resume:
        if left is None:
            raise UserError("No exercise was broken off. Begin one with: voice-coach couple")
        return left
    if left is not None and not asked.fresh:
        raise UserError(
            f"“{_title(left[0].exercise)}” of {left[0].one} and {left[0].two} was broken off. "
            "Go on with --resume, or throw it away with --fresh."
        )
    names = asked.names or names_asked()
    try:
        pair = Pair(one=names[0], two=names[1])
    except (ValueError, IndexError) as error:
        raise UserError("Give two different names: --names Maya,Leo.") from error
    return (
        Begun(
            exercise=asked.exercise,
            one=pair.one,
            two=pair.two,
            topic=asked.topic,
            scenario=asked.scenario,
            began=datetime.now().astimezone().isoformat(timespec="seconds"),
        ),
        (),
    )


def _watch(stop_word: str) -> Watch:
    try:
        return Watch(stop_word)
    except ValueError as error:
        raise UserError("The stop word needs letters: --stop-word 'time out'.") from error


def _title(exercise: str) -> str:
    """As it is offered; the bare name of one that another version knew."""
    return EXERCISES[exercise].title if exercise in EXERCISES else exercise


def _exercise(begun: Begun) -> Exercise:
    if begun.exercise not in EXERCISES:
        raise UserError(
            f"There is no exercise “{begun.exercise}”. There are: {', '.join(EXERCISES)}."
        )
    if begun.scenario:
        if begun.exercise != "replay":
            raise UserError("--scenario goes with the exercise replay.")
        return replay(begun.pair, judge, quarrel=Quarrel.scripted(find_scenario(begun.scenario)))
    return EXERCISES[begun.exercise].begin(begun.pair, judge)


def _voices(home: Path, engine: Engine) -> Voices:
    """Nothing of a rehearsal is kept as sound: the names are spoken in it."""
    scratch = new_scratch(home)
    unkept = VoiceCache(None)
    coach = coach_voice(engine, scratch=scratch)
    player = voice_for("Player", "male", engine, scratch=scratch)
    return Voices(
        coach=lambda text: speak(coach, unkept, text),
        player=lambda text: speak(player, unkept, text),
    )


def _show(terminal: CoupleTerminal, outcome: Outcome, kept: str) -> None:
    """What the two take with them."""
    terminal.heading("Afterwards")
    for each in beside(outcome):
        wrong = "  The program may well be wrong." if each.far else ""
        terminal.say(
            f"{each.speaker} gave {each.listener}'s answer {each.rating} of 10, "
            f"the program {each.score} of 100.{wrong}"
        )
    for keep in outcome.kept:
        if keep.text:
            terminal.say(f"{keep.kind}{f' ({keep.by})' if keep.by else ''}: {keep.text}")
    terminal.say(kept, "dim")


def _what(kept: KeptRehearsal) -> str:
    return "numbers, and the words you both wanted kept" if kept.words else "nothing but numbers"


def _say_where_help_is(terminal: CoupleTerminal, unsafe: Unsafe) -> None:
    told = safety_message(unsafe.alarm.kind, help_for(None, os.environ), shipped())
    for line in told.as_lines():
        terminal.say(line)
