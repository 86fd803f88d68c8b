"""`Reply`: what every command method returns, an awaitable that knows the type of its result."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

T_co = TypeVar("T_co", covariant=True)


class Reply(Coroutine[object, None, T_co], ABC):
    """The coming answer to one command.

    It is a `Coroutine`, so `asyncio.create_task`, `gather`, `wait_for` and `TaskGroup` take it as it is. How it gets
    its answer is up to the subclass: that of a client, of a pipeline, of a transport.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # abstract, in `Coroutine`; mypy finds what has no decorator at a fifth of the cost

        def __await__(self) -> Generator[object, None, T_co]: ...


class SettledReply(Reply[T_co]):
    """A reply without anything to wait for: awaiting it, any number of times, gives or raises what `result` does."""

    __slots__ = ()

    @abstractmethod
    def result(self) -> T_co:
        """Give the value, or raise the error."""

    def __await__(self) -> Generator[object, None, T_co]:
        """Give what `result` does."""
        return self.result()
        yield  # makes it the generator that `await` asks for

    def send(self, value: None) -> object:  # noqa: ARG002 the protocol of coroutines
        """Finish at once, as event loops ask for."""
        raise StopIteration(self.result())

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> object:
        """Raise the exception: there is nothing here to catch it."""
        error = typ if isinstance(typ, BaseException) else val if isinstance(val, BaseException) else typ()
        raise error.with_traceback(tb) if tb is not None else error

    def close(self) -> None:
        """Do nothing: the reply keeps its value."""


class Answer(SettledReply[T_co]):
    """A reply that needs no server."""

    __slots__ = ("_value",)

    def __init__(self, value: T_co) -> None:
        """Stand for `value`."""
        self._value = value

    def result(self) -> T_co:
        """Give the value."""
        return self._value


class FollowUp(Exception):  # noqa: N818 it is no error, but the way out of a decoder
    """Raised by a decoder that needs more than the reply, such as a further command, to come to its result."""

    def __init__(self, finish: Callable[[], Coroutine[object, None, Any]]) -> None:
        """Come to the result by what `finish` begins, away from the connection that is being read."""
        super().__init__()
        self.finish = finish
