"""The mypy plugin of civiredis: `plugins = civiredis_mypy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy.plugin import Plugin

__version__ = "0.1.0"

OLDEST_MYPY: Final = (1, 17)
FIRST_UNKNOWN_MYPY: Final = (3, 0)


def plugin(version: str) -> type[Plugin]:
    """Entry point that mypy calls with its own version. Raises `SystemExit` for a mypy that is not supported."""
    major, minor = (int(part) for part in version.split(".")[:2])
    if not OLDEST_MYPY <= (major, minor) < FIRST_UNKNOWN_MYPY:
        oldest = ".".join(map(str, OLDEST_MYPY))
        message = (
            f"civiredis_mypy {__version__} works with mypy {oldest} up to 2.x, and this is mypy {version}: "
            "install another one, or take civiredis_mypy out of `plugins`"
        )
        raise SystemExit(message)  # mypy shows a traceback for anything else
    from civiredis_mypy.entry import CiviredisPlugin  # noqa: PLC0415 - mypy is there only when mypy calls

    return CiviredisPlugin
