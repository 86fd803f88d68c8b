"""`civiredis demo`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help="Write the application to DIR; keep it.")
def demo(keep: Path | None) -> int:
    """Show wrong keys being reported, and the corrected program at work."""
    from civiredis.demo.show import DemoError, show  # noqa: PLC0415 only this command needs it

    try:
        show(keep)
    except DemoError as fault:
        click.echo(f"civiredis demo: {fault}", file=sys.stderr)
        return 1
    return 0
