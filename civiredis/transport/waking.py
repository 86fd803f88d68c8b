"""Futures whose callers are woken as soon as a burst of replies is read, instead of one turn of the loop later.

A future of asyncio asks the loop to call its callbacks in the next turn, each by a handle of its own. That is as much
work as everything else that a command costs, and one wait for the sockets more. Here the first callback, which nearly
always is the only one, is kept apart: whoever settles futures from a callback of the loop wakes their callers itself.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextvars import Context

T = TypeVar("T")

settle: Final = asyncio.Future.set_result
"""Resolve a `WakingFuture`, and leave it to `wake` to tell its caller. Raises as `set_result` does."""


class WakingFuture(asyncio.Future[T]):
    """A future with its first callback at hand; in every other way it is what a future is."""

    __slots__ = ("caller", "context")

    caller: Callable[[Any], object] | None
    """The callback to be called first; None while nobody waits, and once it is told."""
    context: Context
    """What `caller` runs in."""

    @classmethod
    def on(cls, loop: asyncio.AbstractEventLoop) -> Self:
        """Make one that nobody waits for yet. There is no `__init__`, which would cost every command a call."""
        made = cls(loop=loop)
        made.caller = None
        return made

    def add_done_callback(self, fn: Callable[[Self], object], /, *, context: Context | None = None) -> None:
        """Call `fn` when there is a result, as asyncio's futures do."""
        if self.caller is None and not self.done():
            self.caller = fn
            self.context = context or copy_context()
        else:
            super().add_done_callback(fn, context=context)

    def remove_done_callback(self, fn: Callable[[Self], object], /) -> int:
        """Call `fn` no more, and give how many calls that saves."""
        removed = super().remove_done_callback(fn)
        if self.caller == fn:
            self.caller = None
            removed += 1
        return removed

    def set_result(self, result: T, /) -> None:
        """Resolve, and wake everybody in the next turn."""
        self.wake_soon()
        super().set_result(result)

    def set_exception(self, exception: type[BaseException] | BaseException, /) -> None:
        """Fail, and wake everybody in the next turn."""
        self.wake_soon()
        super().set_exception(exception)

    def cancel(self, msg: object = None) -> bool:
        """Give up, and wake everybody in the next turn; False where there is a result already."""
        self.wake_soon()
        return super().cancel(msg)

    def wake_soon(self) -> None:
        """Wake the caller in the next turn of the loop."""
        caller = self.caller
        if caller is not None:
            self.caller = None
            self.get_loop().call_soon(caller, self, context=self.context)


def wake(settled: Sequence[WakingFuture[Any]]) -> None:
    """Wake the callers of futures that are settled now, one after another; only for a callback of the loop."""
    futures = iter(settled)
    for future in futures:
        caller = future.caller
        if caller is None:
            continue
        future.caller = None
        try:
            future.context.run(caller, future)
        except Exception as error:  # noqa: BLE001 - as the loop does with what its callbacks raise
            told = {"message": f"Exception in callback {caller!r}", "exception": error, "future": future}
            future.get_loop().call_exception_handler(told)
        except BaseException:  # ends the loop: the others are woken if it is run again
            for other in futures:
                other.wake_soon()
            raise
