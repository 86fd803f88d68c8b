"""Pipelines and transactions: commands that are sent together when their block ends.

    async with redis.pipeline() as pipe:
        name = pipe.get(f"user:{user_id}")
        visits = pipe.incr(f"visits:{user_id}")
    print(await name, await visits)

What an error does:

- An exception inside the block: nothing is sent.
- A command that fails: its reply raises the error where it is awaited, the other commands are not affected.
- A command that fails, and whose reply nobody kept (`pipe.incr(key)` as a statement): the error is raised at the end of
  the block, after all others were answered. A reply that was kept, but never awaited, is logged when it is collected.
- A connection that fails, or a transaction that the server refuses: raised at the end of the block, and by every reply.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.groups import CacheCommands, SysCommands
from civiredis.exceptions import PipelineError
from civiredis.packed import CachePacked, SysPacked
from civiredis.packed.forms import ToDeflate, deflated
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.reply import FollowUp, SettledReply

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType
    from typing import Self

    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply
    from civiredis.executor import Args, Executor
    from civiredis.reply import Reply

T = TypeVar("T")
C = TypeVar("C", bound=CacheRegistry)
S = TypeVar("S", bound=SysRegistry)

logger = logging.getLogger("civiredis")


WAITING: Final = (
    "this reply is not there yet: a pipeline is sent when its `async with` block ends, so await the reply behind it"
)
DROPPED: Final = "this command was not sent: an exception ended the block of its pipeline"
CUT_SHORT: Final = "the task was cancelled while the pipeline was under way: the server may have executed this command"


class QueuedReply(SettledReply[T]):
    """The reply of a command in a pipeline; it may be awaited any number of times, once the block has ended."""

    __slots__ = ("__weakref__", "_command", "_decode", "_error", "_missing", "_unseen", "_value")

    _value: T

    def __init__(self, command: Argument, decode: Callable[[RawReply], T]) -> None:
        """Wait for the reply to `command`, for `decode`."""
        self._command = command
        self._decode: Callable[[RawReply], T] = decode
        self._missing: str | None = WAITING
        self._error: Exception | None = None
        self._unseen = False

    def answer(self, raw: RawReply) -> Coroutine[object, None, None] | None:
        """Take the raw reply, or the error, that came for this command.

        Gives what is left to do before there is a result, if anything.
        """
        self._missing = None
        if isinstance(raw, Exception):
            self._error, self._unseen = raw, True
            return None
        try:
            self._value = self._decode(raw)
        except FollowUp as follow_up:
            self._missing = CUT_SHORT
            return self._finish(follow_up.finish())
        except Exception as error:  # noqa: BLE001 a reply that does not decode fails its own caller only
            self._error, self._unseen = error, True
        return None

    async def _finish(self, coroutine: Coroutine[object, None, T]) -> None:
        try:
            self._value = await coroutine
        except Exception as error:  # noqa: BLE001 whatever it is, whoever awaits the reply gets it
            self._error, self._unseen = error, True
        self._missing = None

    def fail(self, error: Exception | str) -> None:
        """Take an error that the block itself raises, or the reason why there will be no reply."""
        if isinstance(error, str):
            self._missing = error
        else:
            self._missing, self._error = None, error

    def result(self) -> T:
        """Give the value of the reply, or raise its error."""
        self._unseen = False
        if self._missing is not None:
            raise PipelineError(self._missing)
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._value

    def __del__(self) -> None:
        """Log an error that nobody saw; not its text, as servers quote the arguments of a command."""
        if self._unseen:
            problem = type(self._error).__name__
            logger.error("the reply to %s in a pipeline was never awaited; it failed: %s", self._command, problem)


class Batch(Commands[R]):
    """Commands that are collected, and sent when the `async with` block ends."""

    def __init__(self, client: Commands[R], executor: Executor, *, transaction: bool) -> None:
        """Send what `client` could send through `executor`, in MULTI and EXEC for a transaction."""
        super().__init__(client._registry, client._namespace)  # noqa: SLF001 the same family
        self._executor = executor
        self._transaction = transaction
        self._open = False
        self._queue: list[tuple[Args, weakref.ref[QueuedReply[Any]]]] = []

    async def __aenter__(self) -> Self:
        """Begin to collect commands."""
        if self._open or self._queue:
            message = "this pipeline was used already; ask the client for a new one"
            raise PipelineError(message)
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Send everything, unless an exception ended the block."""
        self._open = False
        if error is not None:
            self._fail(DROPPED)
        elif self._queue:
            await self._settle(await self._send())

    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        if not self._open:
            message = (
                f"{args[0]!s} outside of the block: write `async with client.pipeline() as pipe:` and call it inside"
            )
            raise PipelineError(message)
        reply = QueuedReply(args[0], decode)
        self._queue.append((args, weakref.ref(reply)))
        return reply

    def _run_blocking(
        self,
        decode: Callable[[RawReply], T],  # noqa: ARG002 the signature of Commands
        timeout: float,  # noqa: ARG002 the signature of Commands
        *args: Argument,
    ) -> Reply[T]:
        message = f"{args[0]!s} would hold up the whole pipeline while it waits; call it on the client"
        raise PipelineError(message)

    async def _send(self) -> list[RawReply]:
        commands = [args for args, _ in self._queue]
        try:
            packs = "packed" in vars(self)  # looked at first, as a look at every word takes longer
            if packs and ToDeflate in map(type, chain.from_iterable(commands)):
                commands = [await deflated(args) for args in commands]
            return await self._executor.execute_batch(commands, transaction=self._transaction)
        except BaseException as error:
            self._fail(error if isinstance(error, Exception) else CUT_SHORT)
            raise

    def _fail(self, error: Exception | str) -> None:
        for _, reply in self._queue:
            if (kept := reply()) is not None:
                kept.fail(error)

    async def _settle(self, raws: list[RawReply]) -> None:
        """Hand every reply its answer, and raise what went wrong where nobody would see it."""
        lost: list[Exception] = []
        unfinished: list[Coroutine[object, None, None]] = []
        for number, ((args, reply), raw) in enumerate(zip(self._queue, raws, strict=True), 1):
            if isinstance(raw, Exception):
                raw.add_note(f"command {number} of {len(raws)} in the pipeline: {args[0]!s}")
            if (kept := reply()) is not None:
                if (rest := kept.answer(raw)) is not None:
                    unfinished.append(rest)
            elif isinstance(raw, Exception):
                lost.append(raw)
        if unfinished:
            await asyncio.gather(*unfinished)
        if lost:
            if len(lost) > 1:
                lost[0].add_note(f"and {len(lost) - 1} more of the pipeline's commands failed")
            raise lost[0]


class CachePipeline(Batch[C], CacheCommands[C]):
    """A pipeline or transaction on the cache."""

    @cached_property
    def packed(self) -> CachePacked[C]:
        """The same commands for packed values."""
        return CachePacked(self, self._executor)


class SysPipeline(Batch[S], SysCommands[S]):
    """A pipeline or transaction on the system server."""

    @cached_property
    def packed(self) -> SysPacked[S]:
        """The same commands for packed values."""
        return SysPacked(self, self._executor)
