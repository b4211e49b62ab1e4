"""The commands. No logic here: each reads its words, calls one function and prints the result.

Results go to stdout, everything else to stderr. Exit 0 on success, 2 for bad input with one line
that names the thing and the mend, 1 where a check found a fault.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from voice_coach import __version__
from voice_coach.errors import UserError
from voice_coach.home import LEAST_PATIENCE_S, MOST_PATIENCE_S


class _Commands(click.Group):
    """Faults a person can mend become one line and exit 2; the program's own, one and exit 1."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            done = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.ClickException as error:
            click.echo(f"voice-coach: {' '.join(error.format_message().split())}", err=True)
            sys.exit(2)
        except click.Abort:
            click.echo("Stopped.", err=True)
            sys.exit(1)
        sys.exit(done if isinstance(done, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"voice-coach: {error}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of our output went away (`| head`): not a fault of anybody's.
            sys.stderr.close()
            ctx.exit(0)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - a person cannot use a traceback; it is kept
            click.echo(f"voice-coach: {_kept_fault(error)}", err=True)
            ctx.exit(1)


def _kept_fault(error: Exception) -> str:
    """One line about a fault of the program's own; where it happened is kept in a file."""
    import traceback

    from voice_coach.home import home_dir, write_private

    told = f"Something went wrong inside the program ({type(error).__name__}: {error})."
    told = " ".join(told.split())
    path = home_dir() / "fault.log"
    write_private(path, "".join(traceback.format_exception(error)))
    return f"{told} What was said before is kept. The place it happened is in {path}."


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="voice-coach")
def main() -> None:
    """A private sparring partner for hard conversations.

    Everything stays on this machine. Start with:  voice-coach practice
    """


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")(command)


def _print_json(told: object) -> None:
    click.echo(json.dumps(told, ensure_ascii=False))


class _ManyReplies(click.Command):
    """Lets ``--replies`` take every file up to the next option, as shells expand them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        taking = False
        for word, following in pairwise([*args, "-"]):
            if word == "--replies" or word.startswith("-"):
                taking = word == "--replies"
                if taking and following.startswith("-"):
                    raise click.UsageError("--replies needs at least one recording after it.")
                spread += [] if taking else [word]
            else:
                spread += ["--replies", word] if taking else [word]
        return super().parse_args(ctx, spread)


@main.command(cls=_ManyReplies)
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
@click.option("--voice", type=click.Choice(["neural", "pyttsx3", "silent"]), help="Who speaks.")
@click.option("--no-playback", is_flag=True, help="Show lines and feedback; play nothing.")
@click.option("--no-setting", is_flag=True, help="Do not read the setting out.")
@click.option("--input", "input_name", help="Microphone, by name or part of it; remembered.")
@click.option("--output", "output_name", help="Loudspeaker, by name or part of it; remembered.")
@click.option("--model", envvar="VOICE_COACH_MODEL", help="Speech model (see `models list`).")
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(LEAST_PATIENCE_S, MOST_PATIENCE_S),
    help="Seconds of silence that end a reply (2.0); remembered.",
)
@click.option("--record", is_flag=True, help="Keep the microphone's sound with the history.")
@click.option("--demo", is_flag=True, help="Demonstrate on recorded replies.")
@click.option(
    "--events",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the events as JSON lines.",
)
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


@main.command()
@click.option(
    "--reply",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A recording of you that stands for the microphone.",
)
@click.option("--input", "input_name", help="Microphone, by name or part of it; remembered.")
@click.option("--model", envvar="VOICE_COACH_MODEL", help="Speech model (see `models list`).")
@click.option("--show", is_flag=True, help="Show what is kept; read nothing.")
@click.option("--forget", is_flag=True, help="Forget it for good.")
@_json_option
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
            _print_json({"forgotten": had})
        else:
            click.echo("Your baseline is forgotten." if had else "There was no baseline.")
        return
    if show:
        found = reading.kept_baseline()
        if as_json:
            _print_json({"baseline": reading.as_json(found) if found else None})
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
        _print_json({"baseline": reading.as_json(read.baseline), "words": read.words})
        return
    if read.words < reading.SHORT_WORDS:
        click.echo(f"Only {read.words} words were heard: a longer reading is surer.")
    click.echo(reading.in_words(read.baseline))
    click.echo("Forget it with: voice-coach baseline --forget")


@main.command()
@_json_option
def doctor(as_json: bool) -> None:
    """Check microphone, loudspeaker, voices, models and disk, and name each mend."""
    from voice_coach.practice.doctor import examine

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = {"ok": "✓", "warn": "!", "fail": "✗"}[finding.kind]
            click.echo(f" {mark} {finding.what}")
            if finding.mend:
                click.echo(f"   → {finding.mend}")
    if as_json:
        _print_json(
            {
                "findings": [
                    {"kind": found.kind, "what": found.what, "mend": found.mend}
                    for found in findings
                ]
            }
        )
    if any(finding.kind == "fail" for finding in findings):
        raise SystemExit(1)


@main.command()
@click.option("--input", "input_name", help="Use and remember this microphone.")
@click.option("--output", "output_name", help="Use and remember this loudspeaker.")
@click.option("--test", "test", is_flag=True, help="Play a sound and listen for two seconds.")
@_json_option
def devices(input_name: str | None, output_name: str | None, test: bool, as_json: bool) -> None:
    """List microphones and loudspeakers; choose and test them."""
    from voice_coach.practice import doctor as checks

    listing = checks.devices_report(input_name=input_name, output_name=output_name, test=test)
    if as_json:
        _print_json(listing.as_json())
    else:
        click.echo("\n".join(listing.lines()))


@main.group()
def models() -> None:
    """Speech models: which there are, which is used."""


@models.command("list")
@_json_option
def models_list(as_json: bool) -> None:
    """List the models that come along and those that can be fetched."""
    from voice_coach.practice.choices import model_rows

    rows = model_rows()
    if as_json:
        _print_json({"models": rows})
        return
    for row in rows:
        mark = "*" if row["in_use"] else " "
        click.echo(f" {mark} {row['name']:<16} {row['note']}")


@models.command("use")
@click.argument("name")
@_json_option
def models_use(name: str, as_json: bool) -> None:
    """Set a model up (hash-checked) and use it from now on."""
    from voice_coach.practice.choices import use_model

    told = use_model(name)
    if as_json:
        _print_json({"model": name})
    else:
        click.echo(told)


@models.command("fetch")
@click.argument("name")
@_json_option
def models_fetch(name: str, as_json: bool) -> None:
    """Fetch another model. The only command that uses the network, and it says so first."""
    from voice_coach.home import home_dir
    from voice_coach.speech.models import fetch_model

    folder = fetch_model(name, home_dir(), lambda text: click.echo(text, err=True))
    if as_json:
        _print_json({"model": name, "folder": str(folder)})
    else:
        click.echo(f"{name} is ready in {folder}. Use it with: voice-coach models use {name}")


@main.group()
def scenarios() -> None:
    """The scripted conflicts: look at them, check them, write your own."""


@scenarios.command("list")
@_json_option
def scenarios_list(as_json: bool) -> None:
    """List the scenarios, from calm to heated."""
    from voice_coach.scenarios.library import list_scenarios

    found = list_scenarios()
    if as_json:
        _print_json(
            {
                "scenarios": [
                    {
                        "id": each.id,
                        "title": each.title,
                        "heat": each.heat,
                        "about": each.about,
                        "partner": each.partner.name,
                        "lines": len(each.lines),
                    }
                    for each in found
                ]
            }
        )
        return
    for each in found:
        click.echo(f"  {each.id:<24} {each.heat:<7} {each.title} ({each.partner.name})")


@scenarios.command("show")
@click.argument("scenario")
@_json_option
def scenarios_show(scenario: str, as_json: bool) -> None:
    """Show one scenario: its setting, lines and branches."""
    from voice_coach.scenarios.library import find_scenario
    from voice_coach.scenarios.showing import as_text

    found = find_scenario(scenario)
    if as_json:
        _print_json(found.model_dump(mode="json"))
    else:
        click.echo(as_text(found))


@scenarios.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_json_option
def scenarios_check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check scenario files; every fault is named with its file and line."""
    from voice_coach.scenarios.reading import problems

    faults = [(path, problems(path)) for path in files]
    if as_json:
        _print_json({"files": [{"file": str(path), "faults": found} for path, found in faults]})
    for path, found in faults if not as_json else ():
        for fault in found:
            click.echo(fault, err=True)
        if not found:
            click.echo(f"{path}: fine")
    if any(found for _, found in faults):
        raise SystemExit(2)


@scenarios.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="What the scenario is called.")
def scenarios_new(file: Path, title: str | None) -> None:
    """Write a commented scenario to start from."""
    from voice_coach.scenarios.library import new_scenario

    path = new_scenario(file, title=title)
    click.echo(f"{path} is ready to edit. Check it with: voice-coach scenarios check {path}")


@main.command()
@click.option("--line", help="What the partner said.")
@click.option("--reply", help="What was answered.")
@click.option(
    "--jsonl",
    type=click.File("rb"),
    help="Many, one JSON object a line; - for stdin.",
)
@_json_option
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
            _print_json(rated)
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
        _print_json(listening_json(judged))
    else:
        click.echo(as_text(judged))


@main.command()
@click.argument("name", required=False)
@click.option(
    "--recording",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A recording of this voice alone, instead of the microphone.",
)
@click.option("--input", "input_name", help="Microphone, by name or part of it; remembered.")
@click.option("--forget", is_flag=True, help="Forget this voice for good.")
@_json_option
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
            _print_json({"enrolled": [{"name": each, "on": day} for each, day in known.items()]})
        else:
            told = [f"{each}, since {day}" for each, day in known.items()]
            click.echo("\n".join(told) or "Nobody is enrolled. Type: voice-coach enrol NAME")
        return
    if forget:
        had = enrolled.forget(name, home_dir())
        if as_json:
            _print_json({"forgotten": had})
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
        _print_json({"name": name, "voice_s": round(done.voice_s, 1), "notes": list(done.notes)})
    else:
        click.echo(f"{name}'s voice is known now, from {done.voice_s:.0f} s of it.")
        for note in done.notes:
            click.echo(note)
        click.echo(f"Use it:    voice-coach analyze RECORDING --voices {name},…")
        click.echo(f"Forget it: voice-coach enrol {name} --forget")


def _written(name: str, told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, type=click.Path(path_type=Path), metavar="FILE", help=told)


@main.command()
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
@_written("--markdown", "Write a report to read, as Markdown.")
@_written("--html", "Write a page to read and hear, sound inside.")
@_written("--csv", "Write a table for spreadsheets, a row for each turn.")
@_written("--vtt", "Write captions with names and moves, as WebVTT.")
@_written("--textgrid", "Write tiers for Praat, as TextGrid.")
@_written("--rttm", "Write who spoke when, as RTTM.")
@click.option("--model", envvar="VOICE_COACH_MODEL", help="Speech model (see `models list`).")
@_json_option
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


@main.command()
@_json_option
def history(as_json: bool) -> None:
    """List your sittings."""
    from voice_coach.practice.choices import open_store
    from voice_coach.practice.history import list_sittings

    with open_store() as store:
        found = list_sittings(store)
    if as_json:
        _print_json(
            {
                "sittings": [
                    {
                        "number": each.number,
                        "began": each.began,
                        "scenario": each.scenario,
                        "title": each.title,
                        "ended": each.ended,
                        "attempts": each.attempts,
                        "duration_s": each.duration_s,
                    }
                    for each in found
                ]
            }
        )
        return
    if not found:
        click.echo("No sittings yet. Start one with: voice-coach practice")
    for each in found:
        replies = "1 reply" if each.attempts == 1 else f"{each.attempts} replies"
        ended = each.ended if each.ended in {"finished", "stopped", "running"} else "interrupted"
        click.echo(
            f"{each.number:>4}  {each.began[:16].replace('T', ' ')}  {each.title}  "
            f"({replies}, {ended})"
        )


@main.command()
@click.argument("number", type=int)
@click.option("--replay", is_flag=True, help="At the pace it happened.")
@_json_option
def show(number: int, replay: bool, as_json: bool) -> None:
    """Show a sitting again, event by event."""
    from voice_coach.practice.choices import open_store
    from voice_coach.practice.exports import to_json
    from voice_coach.practice.history import sitting
    from voice_coach.practice.showing import show_again

    with open_store() as store:
        found = sitting(store, number)
    if as_json:
        click.echo(to_json(found), nl=False)
    else:
        show_again(found, in_time=replay)


@main.command()
@click.argument("number", type=int)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "markdown", "html"]),
    help="By default what the file's name ends with, else markdown.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
def export(number: int, form: str | None, out: Path | None) -> None:
    """Write a sitting as JSON, Markdown or HTML, on stdout or to a file."""
    from voice_coach.practice.choices import export_sitting

    text = export_sitting(number, form, out)
    if text is not None:
        click.echo(text, nl=False)


@main.command()
@click.argument("number", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every sitting, and your baseline.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json_option
def erase(number: int | None, everything: bool, yes: bool, as_json: bool) -> None:
    """Erase a sitting, or all of them, for good."""
    from voice_coach.home import home_dir
    from voice_coach.practice import history as past
    from voice_coach.practice.choices import open_store
    from voice_coach.speech.enrolled import forget_all

    if (number is None) == (not everything):
        raise UserError("Name one sitting by its number, or use --all.")
    what = (
        "every sitting, your baseline and all enrolled voices"
        if everything
        else f"sitting {number}"
    )
    with open_store() as store:
        if number is not None:
            past.sitting(store, number)
        if not yes and not sys.stdin.isatty():
            raise UserError(f"To erase {what} without being asked, add --yes.")
        if not yes and not click.confirm(f"Erase {what} for good?"):
            click.echo("Nothing was erased.")
            return
        if number is None:
            past.erase_all(store)
            forget_all(home_dir())
        else:
            past.erase(store, number)
    if as_json:
        _print_json({"erased": "all" if number is None else number})
    else:
        click.echo(f"Erased {what}.")
