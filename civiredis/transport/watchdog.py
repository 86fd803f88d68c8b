"""Deadlines without a timer per command: one timer per connection looks now and then at what is overdue.

A mark remembers how many commands had been sent at its time. Once a mark is older than the timeout, every command
it counts ought to have been answered.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

LOOKS_PER_TIMEOUT: Final = 8
"""A deadline is met by at most a quarter of the timeout (an eighth for the mark, an eighth for the look)."""


class Watchdog:
    """Calls `look(now)` every eighth of `timeout` for as long as it returns True."""

    def __init__(self, loop: asyncio.AbstractEventLoop, timeout: float, look: Callable[[float], bool]) -> None:
        """Watch for deadlines of `timeout` seconds; nothing runs before `start()`."""
        self._loop = loop
        self._interval = timeout / LOOKS_PER_TIMEOUT
        self._look = look
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self.late = 0.0
        """Seconds that the last look came too late: the loop was busy, and nobody's deadline passed meanwhile."""

    def start(self) -> None:
        """Run, unless running already."""
        if self._timer is None:
            self._arm()

    def stop(self) -> None:
        """End, whatever is pending."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._due = self._loop.time() + self._interval
        self._timer = self._loop.call_at(self._due, self._wake)

    def _wake(self) -> None:
        self._timer = None
        now = self._loop.time()
        self.late = now - self._due
        if self._look(now) and self._timer is None:
            self._arm()


class Marks:
    """How many commands had been sent, at the times the watchdog looked."""

    def __init__(self, timeout: float) -> None:
        """Count what is older than `timeout` seconds as overdue."""
        self._timeout = timeout
        self._marks: deque[tuple[float, int]] = deque()
        self._overdue = 0

    def overdue(self, now: float, sent: int, late: float) -> int:
        """Note that `sent` commands are sent by `now`, and give how many of all should be answered by now."""
        if late > self._timeout / LOOKS_PER_TIMEOUT:  # the program slept, not the server
            self._marks = deque((at + late, count) for at, count in self._marks)
        self._marks.append((now, sent))
        while self._marks[0][0] <= now - self._timeout:
            self._overdue = self._marks.popleft()[1]
        return self._overdue
