"""The commands under one name, and how each of them ends.

Exit status: 0 when all is well, 1 when a command found what it looks for, 2 when it could not do its work, 130 when it
was interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from civiredis.cli.audit import audit_command
from civiredis.cli.check import check
from civiredis.cli.demo import demo
from civiredis.cli.failure import show
from civiredis.cli.keys import keys
from civiredis.cli.typescript import export_group, import_group

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED: Final = 130
"""What shells report of a program that SIGINT ended: 128 and the number of the signal."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="civiredis", message="%(prog)s %(version)s")
def application() -> None:
    """Redis keys checked where they are written, and looked after where they live."""


for command in (demo, check, keys, audit_command, export_group, import_group):
    application.add_command(command)


def run(arguments: Sequence[str] | None) -> int:
    """Run the command that `arguments` name (those of the process, when None); return the exit status."""
    words = None if arguments is None else list(arguments)
    try:
        status = application.main(args=words, prog_name="civiredis", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as fault:
        show(fault)
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("civiredis: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _leave_output()
        return 1
    except OSError as fault:  # such as a full disk behind standard output; files have errors of their own
        _leave_output()
        click.echo(f"civiredis: {fault.strerror}", err=True)
        return 2
    return status if isinstance(status, int) else 0


def _leave_output() -> None:
    """Write nothing more: Python would try again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
