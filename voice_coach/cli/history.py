"""Past sittings: list, show, export, erase."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from voice_coach.cli.results import json_option, print_json
from voice_coach.errors import UserError


@click.command()
@json_option
def history(as_json: bool) -> None:
    """List your sittings."""
    from voice_coach.practice.choices import open_store
    from voice_coach.practice.history import list_sittings

    with open_store() as store:
        found = list_sittings(store)
    if as_json:
        print_json(
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


@click.command()
@click.argument("number", type=int)
@click.option("--replay", is_flag=True, help="At the pace it happened.")
@json_option
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


@click.command()
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


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every sitting, and your baseline.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
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
        print_json({"erased": "all" if number is None else number})
    else:
        click.echo(f"Erased {what}.")
