"""`civiredis demo`."""

from __future__ import annotations

from pathlib import Path

import click

from civiredis.cli.failure import CommandError


@click.command()
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help="Write the application to DIR; keep it.")
def demo(keep: Path | None) -> int:
    """Show wrong keys being reported, and the corrected program at work."""
    from civiredis.demo.show import DemoError, show  # noqa: PLC0415 only this command needs it

    try:
        show(keep)
    except DemoError as fault:
        raise CommandError(str(fault)) from fault
    return 0
