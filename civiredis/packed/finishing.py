"""`FinishedReply`: a reply that needs more than decoding, such as a value to be inflated, or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from civiredis.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from types import TracebackType

T = TypeVar("T")
RawT = TypeVar("RawT")


class FinishedReply(Reply[T], Generic[RawT, T]):
    """The reply to a command, once a coroutine has made the command's own type of it.

    The coroutine starts with the first await, not before: so a reply of a pipeline may be ignored, as a statement
    does, and awaited again, as its own replies may be.
    """

    __slots__ = ("_coroutine", "_finish", "_reply")

    def __init__(self, reply: Reply[RawT], finish: Callable[[Reply[RawT]], Coroutine[object, None, T]]) -> None:
        """Stand for what `finish` makes of `reply`."""
        self._reply = reply
        self._finish = finish
        self._coroutine: Coroutine[object, None, T] | None = None

    def __await__(self) -> Generator[object, None, T]:
        """Wait for the reply, and finish it."""
        return self._finish(self._reply).__await__()

    def send(self, value: None) -> object:
        """Advance by one step, as event loops do."""
        if self._coroutine is None:
            self._coroutine = self._finish(self._reply)
        return self._coroutine.send(value)

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> object:
        """Raise an exception where the reply is waited for, as event loops do to cancel it."""
        waiting = self._reply if self._coroutine is None else self._coroutine
        if isinstance(typ, BaseException):
            return waiting.throw(typ)
        return waiting.throw(typ, val, tb)

    def close(self) -> None:
        """Give the reply up."""
        if self._coroutine is not None:
            self._coroutine.close()
        self._reply.close()
