"""`Reply`: what every command method returns, an awaitable that knows the type of its result."""

from __future__ import annotations

from abc import ABC
from collections.abc import Coroutine
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType

T_co = TypeVar("T_co", covariant=True)


class Reply(Coroutine[object, None, T_co], ABC):
    """The coming answer to one command.

    It is a `Coroutine`, so `asyncio.create_task`, `gather`, `wait_for` and `TaskGroup` take it as it is. How it gets
    its answer is up to the subclass: that of a client, of a pipeline, of a transport.
    """

    __slots__ = ()


class CoroutineReply(Reply[T_co]):
    """A reply that needs a coroutine of its own: nothing is sent before it is awaited, and it is awaited once.

    As with any coroutine, Python warns about one that was never awaited.
    """

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[object, None, T_co]) -> None:
        """Stand for `coroutine`, which sends the command and decodes its answer."""
        self._coroutine = coroutine

    def __await__(self) -> Generator[object, None, T_co]:
        """Send the command and wait for its answer."""
        return self._coroutine.__await__()

    def send(self, value: None) -> object:
        """Advance by one step, as event loops do."""
        return self._coroutine.send(value)

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> object:
        """Raise an exception where the coroutine waits, as event loops do to cancel it."""
        if isinstance(typ, BaseException):
            return self._coroutine.throw(typ)
        return self._coroutine.throw(typ, val, tb)

    def close(self) -> None:
        """Give the command up."""
        self._coroutine.close()
