"""Where commands print: tables for people, and the same text in one piece for pipes."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console

WIDE: Final = 10_000
"""Columns of a line that goes to no terminal: nothing is wrapped or cut off there."""


def output() -> Console:
    """The console of standard output."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False)


def errors() -> Console:
    """The console of standard error, for progress and remarks."""
    return Console(file=sys.stderr, width=None if sys.stderr.isatty() else WIDE, highlight=False, markup=False)
