"""The awaitable that a command returns: a bare future, resolved by the connection when its reply arrives.

A coroutine per command costs a frame, a task under `asyncio.gather` and a turn of the loop; a future costs none
of them. The price is that a plain future is refused by `asyncio.create_task` and logs "exception was never
retrieved" when nobody awaits it; `FutureReply` is a coroutine too, and keeps quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from civiredis.reply import Reply
from civiredis.transport.waking import WakingFuture, settle

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")

RawReply: TypeAlias = (
    "bytes | int | float | bool | list[RawReply] | dict[RawReply, RawReply] | set[RawReply] | Exception | None"
)
"""What a server sent, as hiredis reads it (text stays bytes); an `Exception` is an error inside a nested reply."""

Decoder: TypeAlias = Callable[[Any], T]
"""Makes a command's own type of its raw reply; runs once, when the reply arrives."""


class FutureReply(WakingFuture[T], Reply[T]):
    """The result of one command: await it, gather it, or hand it to `asyncio.create_task`.

    The command is on its way whether or not it is awaited. Cancelling gives up the reply, not the command: its
    place on the connection is kept, so that no other caller receives its answer.
    """

    __slots__ = ("attempts", "decode", "resend", "size")

    decode: Decoder[T] | None
    """Applied to the raw reply on arrival; None hands out the raw reply."""
    size: int
    """Bytes this command takes on the wire, counted as pending until its reply is there."""
    resend: bytes | None
    """The packed command, kept only where sending it a second time does no harm; None otherwise."""
    attempts: int
    """How often it was sent again after a lost connection; set at the first time only."""

    def fail(self, error: BaseException) -> None:
        """Resolve with `error`, unless already resolved or cancelled; a dropped reply logs nothing."""
        if self.done():
            return
        if isinstance(error, StopIteration):  # a future refuses it: awaiting would end as if returned
            error = RuntimeError(f"decoder raised {error!r}")
        self.set_exception(error)
        self._log_traceback = False

    def arrive(self, raw: Any) -> None:  # noqa: ANN401 - whatever the server sent
        """Resolve with `raw`, decoded; an undecodable reply fails this caller only."""
        if self.done():
            return
        try:
            self.set_result(raw if self.decode is None else self.decode(raw))
        except Exception as error:  # noqa: BLE001 - a decoder is anybody's code
            self.fail(error)

    def send(self, value: None, /) -> Any:  # noqa: ANN401, ARG002 - the coroutine protocol
        """Let a task drive this future as it drives a coroutine."""
        if self.done():
            raise StopIteration(self.result())
        self._asyncio_future_blocking = True
        return self

    def throw(
        self,
        typ: Any,  # noqa: ANN401 - the coroutine protocol: a class or an instance
        val: object = None,
        tb: TracebackType | None = None,
        /,
    ) -> Any:  # noqa: ANN401
        """Give up the reply, as a coroutine ends on an exception thrown into it."""
        self.cancel()
        error = typ if isinstance(typ, BaseException) else typ(val) if val is not None else typ()
        raise error.with_traceback(tb) if tb is not None else error

    def close(self) -> None:
        """Give up the reply."""
        self.cancel()


class HeldReply(FutureReply[T]):
    """The result of a command that the server may hold for long. Cancelling it ends the command."""

    __slots__ = ()


class BatchReply(FutureReply[list[Any]]):
    """The results of commands sent together, in order: one future for all of them.

    It never raises for one command: what failed stands as an exception in the list.
    """

    __slots__ = ("decoders", "expected", "raws")

    expected: int
    """How many replies belong to it."""
    raws: list[Any]
    """What arrived so far."""
    decoders: Sequence[Decoder[Any] | None] | None

    def complete(self) -> None:
        """Resolve with every reply, each through its own decoder; whoever calls this wakes the caller."""
        if self.done():
            return
        if self.decoders is None:
            settle(self, self.raws)
        else:
            settle(self, [decoded(raw, decode) for raw, decode in zip(self.raws, self.decoders, strict=True)])

    def break_off(self, lost: Callable[[], Exception]) -> None:
        """Resolve with what arrived, and an error of its own for every reply that never will."""
        if self.done():
            return
        self.raws.extend(lost() for _ in range(self.expected - len(self.raws)))
        self.complete()
        self.wake_soon()


def decoded(raw: Any, decode: Decoder[Any] | None) -> Any:  # noqa: ANN401
    """`raw` through `decode`, with what the decoder raises as the value."""
    if decode is None or isinstance(raw, Exception):
        return raw
    try:
        return decode(raw)
    except Exception as error:  # noqa: BLE001 - a decoder is anybody's code
        return error
