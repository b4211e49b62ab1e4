"""What a person sees when a command fails, and the exit code that goes with it."""

from __future__ import annotations

import sys
from typing import Any

import click

from voice_coach.errors import UserError


class Commands(click.Group):
    """Faults a person can mend become one line and exit 2; the program's own, one and exit 1."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Runs the program; what click refuses is told here, in our words."""
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
        """Runs one command; what fails inside it is told here."""
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
