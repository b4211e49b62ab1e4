"""What was said outside a sitting: a written reply, a recording, and whose voice is in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voice_coach.cli import sound
from voice_coach.cli.results import json_option, print_json
from voice_coach.errors import UserError

if TYPE_CHECKING:
    from voice_coach.scoring.scorecard import Listening


@click.command()
@click.option("--line", help="What the partner said.")
@click.option("--reply", help="What was answered.")
@click.option(
    "--jsonl",
    type=click.File("rb"),
    help="Many, one JSON object a line; - for stdin.",
)
@json_option
def rate(line: str | None, reply: str | None, jsonl: Any, as_json: bool) -> None:
    """Judge a written reply to a line."""
    from voice_coach.scoring.listening import judge
    from voice_coach.scoring.rating import listening_json, rate_jsonl
    from voice_coach.scoring.showing import as_text

    if jsonl is not None:
        if line is not None or reply is not None:
            raise UserError("Give either --jsonl, or --line with --reply, not both.")
        refused: list[UserError] = []

        def refuse(error: UserError) -> None:
            refused.append(error)
            click.echo(f"voice-coach: {error}", err=True)

        for rated in rate_jsonl(jsonl, refuse):
            print_json(rated)
            sys.stdout.flush()
        if refused:
            sys.exit(2)
        return
    if line is None or reply is None:
        raise UserError("Give --line TEXT and --reply TEXT, or --jsonl FILE (- for stdin).")
    if not line.strip():
        raise UserError("--line is empty. Write what was said to you.")
    judged = judge(line, reply)
    if as_json:
        print_json(listening_json(judged))
    else:
        click.echo(as_text(judged))
        click.echo(_told(judged, line))


def _told(judged: Listening, line: str) -> str:
    """What the coach says of a written reply; pace and interruptions are not in the words."""
    from voice_coach.coaching.feedback import choose_feedback
    from voice_coach.practice.help_lines import help_for, shipped
    from voice_coach.practice.safety_message import where_help_is
    from voice_coach.scoring.attempt import observations_of
    from voice_coach.scoring.said import printable
    from voice_coach.scoring.scorecard import Score, Scorecard

    unheard = Score(score=None, reason="words only")
    card = Scorecard(
        listening=Score(
            score=judged.score, reason=judged.reason, observations=observations_of(judged)
        ),
        pacing=unheard,
        interruptions=unheard,
        judged=judged,
    )
    told = choose_feedback(card, line=line, model_replies=(), partner="your partner")
    rows = (("Keep", told.keep), ("Change", told.change), ("Try", told.say_instead))
    lines = [f"{name + ':':9}{printable(text)}" for name, text in rows if text]
    if told.show_help:
        lines += ["", *where_help_is(help_for(None, os.environ), shipped())]
    return "\n".join(lines)


def written(name: str, told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option that names a file to be written."""
    return click.option(name, type=click.Path(path_type=Path), metavar="FILE", help=told)


@click.command()
@click.argument("recording", required=False, type=click.Path(path_type=Path), metavar="[RECORDING]")
@click.option(
    "--turns",
    "transcript",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A transcript with times instead: .tsv, .rttm, .vtt, .srt or .TextGrid.",
)
@click.option("--channels", is_flag=True, help="One speaker a channel.")
@click.option("--speakers", type=click.IntRange(1, 8), help="How many speak on one microphone (2).")
@click.option("--names", help="What to call them, with commas: Maya,Leo.")
@click.option("--voices", help="Enrolled voices to look for, with commas (see `enrol`).")
@click.option("--line", help="What a recorded answer answers; one person speaks in it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With a folder: where its results go; run again, only what is missing is done.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="With a folder: so many at a time.")
@click.option("--scheduler", metavar="ADDRESS", help="With a folder: a Dask scheduler's workers.")
@click.option("--parquet", is_flag=True, help="With a folder: the summary as Parquet as well.")
@written("--markdown", "Write a report to read, as Markdown.")
@written("--html", "Write a page to read and hear, sound inside.")
@written("--csv", "Write a table for spreadsheets, a row for each turn.")
@written("--vtt", "Write captions with names and moves, as WebVTT.")
@written("--textgrid", "Write tiers for Praat, as TextGrid.")
@written("--rttm", "Write who spoke when, as RTTM.")
@sound.model
@json_option
def analyze(recording: Path | None, transcript: Path | None, as_json: bool, **options: Any) -> None:
    """Tell what happened in a conversation: turns, interruptions, pace, listening.

    RECORDING is any sound or film file, or a folder of them. Nothing of it is kept beside what you
    ask to be written, and nothing leaves this machine.
    """
    if (recording is None) == (transcript is None):
        raise UserError("Give a RECORDING, or --turns FILE: one of them.")
    batch = {name: options.pop(name) for name in ("out", "workers", "scheduler", "parquet")}
    who = {name: options.pop(name) for name in ("channels", "speakers", "names", "voices", "model")}
    if recording is not None and (recording.is_dir() or any(batch.values())):
        _analyze_folder(recording, who, as_json=as_json, **batch, **options)
        return
    from voice_coach.recordings.command import Who, analyse_recording, analyse_transcript

    if recording is not None:
        told, faults = analyse_recording(recording, Who(**who), as_json=as_json, **options)
    else:
        asked = [name for name, value in who.items() if value and name != "model"]
        asked += [name for name, value in batch.items() if value]
        if asked:
            raise UserError(f"--{asked[0]} goes with a RECORDING, not with --turns.")
        assert transcript is not None  # noqa: S101 - told to mypy: one of the two was given
        told, faults = analyse_transcript(transcript, as_json=as_json, **options)
    click.echo(told)
    if faults:
        raise UserError(" ".join(faults))


def _analyze_folder(
    folder: Path, who: dict[str, Any], *, out: Path | None, as_json: bool, **options: Any
) -> None:
    from voice_coach.recordings.command import Who, analyse_folder

    batch = {name: options.pop(name) for name in ("workers", "scheduler", "parquet")}
    for name, value in options.items():
        if value is not None:
            raise UserError(f"--{name} goes with one RECORDING, not with a folder.")
    told, whole = analyse_folder(folder, out, Who(**who), as_json=as_json, **batch)
    click.echo(told)
    if not whole:
        sys.exit(1)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--recording",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A recording of this voice alone, instead of the microphone.",
)
@sound.microphone
@click.option("--forget", is_flag=True, help="Forget this voice for good.")
@json_option
def enrol(
    name: str | None, recording: Path | None, input_name: str | None, forget: bool, as_json: bool
) -> None:
    """Let a voice be known by NAME, so that recordings can be told apart by it.

    About fifteen seconds of reading; only a voiceprint is kept, on this machine, no sound. Without
    NAME: who is enrolled.
    """
    from rich.console import Console

    from voice_coach.home import home_dir
    from voice_coach.practice.enrolling import enrol_voice
    from voice_coach.practice.screen import open_console
    from voice_coach.speech import enrolled

    if name is None:
        if recording is not None or forget:
            more = " --forget" if forget else " --recording FILE"
            raise UserError(f"Say whose voice: voice-coach enrol NAME{more}")
        known = enrolled.enrolled(home_dir())
        if as_json:
            print_json({"enrolled": [{"name": each, "on": day} for each, day in known.items()]})
        else:
            told = [f"{each}, since {day}" for each, day in known.items()]
            click.echo("\n".join(told) or "Nobody is enrolled. Type: voice-coach enrol NAME")
        return
    if forget:
        had = enrolled.forget(name, home_dir())
        if as_json:
            print_json({"forgotten": had})
        else:
            others = ", ".join(enrolled.enrolled(home_dir())) or "nobody"
            click.echo(
                f"{name}'s voice is forgotten."
                if had
                else f"No voice is kept as {name} (enrolled: {others})."
            )
        return
    enrolled.checked(name)
    console = Console(stderr=True) if as_json else open_console()
    done = enrol_voice(name, recording=recording, input_name=input_name, console=console)
    if done is None:
        raise UserError("Stopped; nothing was kept.")
    if as_json:
        print_json({"name": name, "voice_s": round(done.voice_s, 1), "notes": list(done.notes)})
    else:
        click.echo(f"{name}'s voice is known now, from {done.voice_s:.0f} s of it.")
        for note in done.notes:
            click.echo(note)
        click.echo(f"Use it:    voice-coach analyze RECORDING --voices {name},…")
        click.echo(f"Forget it: voice-coach enrol {name} --forget")
