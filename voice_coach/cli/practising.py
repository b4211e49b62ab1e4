"""Practising aloud: a sitting, and the calm reading that later replies are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from voice_coach.cli import sound
from voice_coach.cli.results import json_option, print_json
from voice_coach.errors import UserError
from voice_coach.home import LEAST_PATIENCE_S, MOST_PATIENCE_S


@click.command(cls=sound.ManyReplies)
@click.argument("scenario", required=False)
@click.option(
    "--replies",
    multiple=True,
    metavar="FILE...",
    type=click.Path(path_type=Path),
    help="Recordings that stand for the microphone, one a line.",
)
@click.option("--fast", is_flag=True, help="With --replies: as fast as possible, without sound.")
@click.option(
    "--come-in",
    "come_in_s",
    type=float,
    help="With --replies: seconds from the line's end to each file's start; negative is early.",
)
@sound.voice
@click.option("--no-playback", is_flag=True, help="Show lines and feedback; play nothing.")
@click.option("--no-setting", is_flag=True, help="Do not read the setting out.")
@sound.microphone
@sound.loudspeaker
@sound.model
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(LEAST_PATIENCE_S, MOST_PATIENCE_S),
    help="Seconds of silence that end a reply (2.0); remembered.",
)
@click.option("--record", is_flag=True, help="Keep the microphone's sound with the history.")
@click.option("--demo", is_flag=True, help="Demonstrate on recorded replies.")
@sound.events
def practice(**options: Any) -> None:
    """Hear a line, answer aloud, hear what to keep and what to change.

    SCENARIO is a name from `voice-coach scenarios list`, or a YAML file of your own.
    """
    from voice_coach.practice.options import Options
    from voice_coach.practice.solo import practise

    practise(
        Options(
            playback=not options.pop("no_playback"),
            read_setting=not options.pop("no_setting"),
            **options,
        )
    )


@click.command()
@click.option(
    "--reply",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A recording of you that stands for the microphone.",
)
@sound.microphone
@sound.model
@click.option("--show", is_flag=True, help="Show what is kept; read nothing.")
@click.option("--forget", is_flag=True, help="Forget it for good.")
@json_option
def baseline(
    reply: Path | None,
    input_name: str | None,
    model: str | None,
    show: bool,
    forget: bool,
    as_json: bool,
) -> None:
    """Read a short passage aloud, calmly: later replies are compared with it, and no one else's.

    Calm replies in later sittings refine it. Read once with each microphone that you use.
    """
    from rich.console import Console

    from voice_coach.practice import reading
    from voice_coach.practice.baseline import forget_baseline
    from voice_coach.practice.choices import open_store
    from voice_coach.practice.screen import open_console

    if sum((show, forget, reply is not None)) > 1:
        raise UserError("Give one of --reply FILE, --show and --forget.")
    if forget:
        with open_store() as store:
            had = forget_baseline(store)
        if as_json:
            print_json({"forgotten": had})
        else:
            click.echo("Your baseline is forgotten." if had else "There was no baseline.")
        return
    if show:
        found = reading.kept_baseline()
        if as_json:
            print_json({"baseline": reading.as_json(found) if found else None})
        else:
            click.echo(
                reading.in_words(found)
                if found
                else "No baseline yet. Make one with: voice-coach baseline"
            )
        return
    console = Console(stderr=True, highlight=False) if as_json else open_console()
    read = reading.read_baseline(reply=reply, input_name=input_name, model=model, console=console)
    if read is None:
        click.echo("Stopped. Nothing was kept.", err=True)
        return
    if as_json:
        print_json({"baseline": reading.as_json(read.baseline), "words": read.words})
        return
    if read.words < reading.SHORT_WORDS:
        click.echo(f"Only {read.words} words were heard: a longer reading is surer.")
    click.echo(reading.in_words(read.baseline))
    click.echo("Forget it with: voice-coach baseline --forget")
