"""How a command says that it cannot do its work: one line on standard error, and exit status 2."""

from __future__ import annotations

from typing import IO, Any

import click


class CommandError(click.ClickException):
    """What stands in the way of the command that runs, with the way out, as one line."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
        context = click.get_current_context(silent=True)
        self._command = "civiredis" if context is None else context.command_path

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line."""
        click.echo(f"{self._command}: {self.message}", file=file, err=file is None)


def show(fault: click.ClickException) -> None:
    """Print what stands in the way; of a command line that cannot be meant, in one line as well."""
    if not isinstance(fault, click.UsageError) or isinstance(fault, click.exceptions.NoArgsIsHelpError):
        fault.show()
        return
    command = "civiredis" if fault.ctx is None else fault.ctx.command_path
    message = " ".join(fault.format_message().split()).removesuffix(".")
    click.echo(f"{command}: {message}; `{command} --help` tells more", err=True)
