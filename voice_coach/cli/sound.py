"""Options of the commands that speak and listen: who speaks, through what, heard by which model."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import click


class ManyReplies(click.Command):
    """Lets ``--replies`` take every file up to the next option, as shells expand them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words with ``--replies`` before each file."""
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


voice = click.option(
    "--voice", type=click.Choice(["neural", "pyttsx3", "silent"]), help="Who speaks."
)
microphone = click.option(
    "--input", "input_name", help="Microphone, by name or part of it; remembered."
)
loudspeaker = click.option(
    "--output", "output_name", help="Loudspeaker, by name or part of it; remembered."
)
model = click.option(
    "--model", envvar="VOICE_COACH_MODEL", help="Speech model (see `models list`)."
)
events = click.option(
    "--events",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the events as JSON lines.",
)
