"""The commands. No logic here: each reads its words, calls one function and prints the result.

Results go to stdout, everything else to stderr. Exit 0 on success, 2 for bad input with one line
that names the thing and the mend, 1 where a check found a fault.

Each module holds one group of commands and imports what they need only as they run.
"""

from __future__ import annotations

import click

from voice_coach import __version__
from voice_coach.cli import equipment, history, judging, practising, rehearsing, scenarios
from voice_coach.cli.faults import Commands


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="voice-coach")
def main() -> None:
    """A private sparring partner for hard conversations.

    Everything stays on this machine. Start with:  voice-coach practice
    """


for command in (
    practising.practice,
    practising.baseline,
    rehearsing.couple,
    equipment.doctor,
    equipment.devices,
    equipment.models,
    scenarios.scenarios,
    judging.rate,
    judging.analyze,
    judging.enrol,
    history.history,
    history.show,
    history.export,
    history.erase,
):
    main.add_command(command)
