"""`voice-coach couple`: two people rehearse together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from voice_coach.cli import sound
from voice_coach.cli.judging import written
from voice_coach.errors import UserError
from voice_coach.home import LEAST_PATIENCE_S, MOST_PATIENCE_S

REPORTS = ("markdown", "csv", "vtt", "textgrid", "rttm")
"""Options that write what was said, as `analyze` does."""


@click.command(cls=sound.ManyReplies)
@click.argument("exercise", required=False)
@click.option("--names", help="The two of you, a comma between: Maya,Leo.")
@click.option("--topic", default="", help="What it is about, for your own screen.")
@click.option("--scenario", default="", help="The scripted quarrel for the exercise replay.")
@click.option("--stop-word", help="What ends everything at once when said [default: time out].")
@click.option("--list", "listed", is_flag=True, help="The exercises, and what each is for.")
@click.option("--history", is_flag=True, help="What is kept of exercises together.")
@click.option("--erase", metavar="NAME", help="Erase all that NAME took part in, really gone.")
@click.option("--resume", is_flag=True, help="Go on with an exercise that was broken off.")
@click.option("--fresh", is_flag=True, help="Throw away what was broken off.")
@sound.voice
@click.option("--no-playback", is_flag=True, help="Show everything, play nothing.")
@sound.microphone
@sound.loudspeaker
@sound.model
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(LEAST_PATIENCE_S, MOST_PATIENCE_S),
    help="Seconds of silence that end a turn (2.0).",
)
@click.option(
    "--replies",
    multiple=True,
    metavar="FILE...",
    type=click.Path(path_type=Path),
    help="Recordings that stand for the microphone, one for each turn and answer.",
)
@click.option("--fast", is_flag=True, help="With --replies: as fast as possible.")
@written("--markdown", "Write a report of what was said, as Markdown.")
@written("--csv", "Write a table for spreadsheets, a row for each turn.")
@written("--vtt", "Write captions with names and moves, as WebVTT.")
@written("--textgrid", "Write tiers for Praat, as TextGrid.")
@written("--rttm", "Write who spoke when, as RTTM.")
@sound.events
def couple(**options: Any) -> None:
    """Rehearse together: one speaks, the other listens, and the program keeps the floor.

    EXERCISE is one of those that --list shows; speaker-listener where none is named.
    """
    from voice_coach.practice.couple.command import (
        FIRST_EXERCISE,
        ONE_MICROPHONE,
        Together,
        erase_together,
        kept_together,
        rehearse,
    )
    from voice_coach.practice.couple.exercises import EXERCISES
    from voice_coach.practice.couple.watch import STOP_WORD
    from voice_coach.practice.options import Options
    from voice_coach.recordings.command import check_wanted, write_talk

    if options.pop("listed"):
        for name, offer in EXERCISES.items():
            click.echo(f"{name:18}{offer.title} ({offer.minutes} min): {offer.purpose}")
        return
    if options.pop("history"):
        click.echo("\n".join(kept_together()) or "Nothing is kept.")
        return
    erased = options.pop("erase")
    if erased is not None:
        count = erase_together(erased)
        click.echo(f"Erased: {count}. Voices are forgotten with: voice-coach enrol --forget")
        return
    reports = {kind: options.pop(kind) for kind in REPORTS}
    check_wanted(**reports)
    names = tuple(each.strip() for each in (options.pop("names") or "").split(",") if each.strip())
    turns = rehearse(
        Together(
            exercise=options.pop("exercise") or FIRST_EXERCISE,
            names=names,
            topic=options.pop("topic"),
            scenario=options.pop("scenario"),
            stop_word=options.pop("stop_word") or STOP_WORD,
            resume=options.pop("resume"),
            fresh=options.pop("fresh"),
            sound=Options(playback=not options.pop("no_playback"), **options),
        ),
        _names,
    )
    faults = write_talk(turns, "rehearsal", overlaps_void=ONE_MICROPHONE, **reports)
    if faults:
        raise UserError(" ".join(faults))


def _names() -> tuple[str, ...]:
    """The two names, asked for where somebody is at the keys."""
    if not sys.stdin.isatty():
        raise UserError("Who are the two of you? Give your names: --names Maya,Leo.")
    return click.prompt("First name of one of you"), click.prompt("And of the other")
