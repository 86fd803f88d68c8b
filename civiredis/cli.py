"""The command `civiredis`."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(prog="civiredis", description="Redis keys checked where they are written.")
    parser.add_argument("--version", action="version", version=f"civiredis {version('civiredis')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    demo = commands.add_parser("demo", help="show wrong keys being reported, and the corrected program at work")
    demo.add_argument("--keep", metavar="DIR", type=Path, help="write the application to DIR, and keep it")
    demo.set_defaults(run=_demo)
    parsed = parser.parse_args(arguments)
    status: int = parsed.run(parsed)
    return status


def _demo(parsed: argparse.Namespace) -> int:
    from civiredis.demo.show import DemoError, show  # noqa: PLC0415 only this command needs it

    try:
        show(parsed.keep)
    except DemoError as fault:
        print(f"civiredis demo: {fault}", file=sys.stderr)
        return 1
    return 0
