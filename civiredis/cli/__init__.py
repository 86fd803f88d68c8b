"""The command `civiredis`. It needs the extra `cli`; the library itself does not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = frozenset({"click", "rich"})
"""What the extra `cli` brings."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; return the exit status, which is 2 where it could not do its work."""
    try:
        from civiredis.cli.application import run  # noqa: PLC0415 the extra may be missing
    except ModuleNotFoundError as missing:
        if missing.name not in NEEDED:
            raise
        print(
            "civiredis: the command needs more than the library: pip install 'civiredis[cli]', or for `civiredis demo` "
            "'civiredis[cli,embedded,mypy]'",
            file=sys.stderr,
        )
        return 2
    return run(arguments)
