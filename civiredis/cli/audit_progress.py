"""How far an audit is, on standard error, and Ctrl-C as the way to end it early."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from rich import progress

from civiredis.cli.console import errors

if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Self


class Progress:
    """A bar with rate and remaining time, on a terminal; nothing elsewhere.

    The first Ctrl-C ends the audit after its present batch, the second at once.
    """

    def __init__(self) -> None:
        console = errors()
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.TextColumn("{task.completed:,.0f}/{task.total:,.0f} keys"),
            progress.TextColumn("{task.fields[rate]}"),
            progress.TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("audit", total=1, rate="")
        self._stopped = False

    def saw(self, scanned: int, total: int) -> None:
        """Show how far the audit is."""
        speed = self._bar.tasks[0].speed
        rate = "" if speed is None else f"{speed:,.0f}/s"
        self._bar.update(self._task, completed=scanned, total=total, rate=rate)

    def stopped(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stopped

    def __enter__(self) -> Self:
        """Show the bar, and listen to Ctrl-C."""
        if threading.current_thread() is threading.main_thread():
            self._former = signal.signal(signal.SIGINT, self._stop)
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._bar.stop()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._former)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 what `signal` calls
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True
