"""What a command costs, counted instead of timed: free of noise, and the same on every machine.

Calls are what `sys.setprofile` reports as `call` and `c_call`: every Python function, and every C function called
from Python code, those of the event loop included. redis-py needs some 340 to 370 for a GET.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator


class Calls:
    """Counts calls while the block runs."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, _frame: object, event: str, _arg: Any) -> None:
        if event in {"call", "c_call"}:
            self.count += 1


class Turns:
    """How many turns asyncio's own event loops made."""

    count = 0


@contextmanager
def counted_turns() -> Iterator[Turns]:
    """Count turns while the block runs."""
    turns = Turns()
    loops: Any = asyncio.BaseEventLoop
    run_once = loops._run_once

    def counted(loop: asyncio.BaseEventLoop) -> None:
        turns.count += 1
        run_once(loop)

    loops._run_once = counted
    try:
        yield turns
    finally:
        loops._run_once = run_once
