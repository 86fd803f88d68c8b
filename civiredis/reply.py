"""`Reply`: what every command method returns, an awaitable that knows the type of its result."""

from __future__ import annotations

from abc import ABC
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T_co = TypeVar("T_co", covariant=True)


class Reply(Coroutine[object, None, T_co], ABC):
    """The coming answer to one command.

    It is a `Coroutine`, so `asyncio.create_task`, `gather`, `wait_for` and `TaskGroup` take it as it is. How it gets
    its answer is up to the subclass: that of a client, of a pipeline, of a transport.
    """

    __slots__ = ()


class FollowUp(Exception):  # noqa: N818 it is no error, but the way out of a decoder
    """Raised by a decoder that needs more than the reply, such as a further command, to come to its result."""

    def __init__(self, finish: Callable[[], Coroutine[object, None, Any]]) -> None:
        """Come to the result by what `finish` begins, away from the connection that is being read."""
        super().__init__()
        self.finish = finish
