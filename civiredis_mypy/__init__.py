"""The mypy plugin of civiredis: `plugins = civiredis_mypy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy.plugin import Plugin

__version__ = "0.1.0"


def plugin(version: str) -> type[Plugin]:
    """Entry point that mypy calls with its own version."""
    from civiredis_mypy.hooks import CiviredisPlugin  # noqa: PLC0415 - mypy is there only when mypy calls

    del version
    return CiviredisPlugin
