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
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.groups import CommonCommands
from civiredis.commands.server import FlushCommands
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


class Failed:
    """An error in place of a reply; logged when it goes and nobody saw it."""

    __slots__ = ("command", "error", "seen")

    def __init__(self, command: Argument, error: Exception, *, seen: bool = False) -> None:
        """Stand for the reply to `command`; `seen` tells that somebody knows of the error already."""
        self.command = command
        self.error = error
        self.seen = seen

    def __del__(self) -> None:
        """Log what nobody saw; not the text of the error, as servers quote the arguments of a command."""
        if not self.seen:
            problem = type(self.error).__name__
            logger.error("the reply to %s in a pipeline was never awaited; it failed: %s", self.command, problem)


class QueuedReply(SettledReply[T]):
    """The reply of a command in a pipeline; it may be awaited any number of times, once the block has ended.

    Most are never looked at, so making one sets nothing: what it needs to be answered is in the queue.
    """

    __slots__ = ("__weakref__", "_outcome")

    _outcome: T | Failed
    """Missing until the block has ended."""

    def answer(
        self, command: Argument, decode: Callable[[RawReply], T], raw: RawReply
    ) -> Coroutine[object, None, None] | None:
        """Take the raw reply to `command`, or the error, that came.

        Gives what is left to do before there is a result, if anything.
        """
        if isinstance(raw, Exception):
            self._outcome = Failed(command, raw)
            return None
        try:
            self._outcome = decode(raw)
        except FollowUp as follow_up:
            self.fail(command, PipelineError(CUT_SHORT))
            return self._finish(command, follow_up.finish())
        except Exception as error:  # noqa: BLE001 a reply that does not decode fails its own caller only
            self._outcome = Failed(command, error)
        return None

    async def _finish(self, command: Argument, coroutine: Coroutine[object, None, T]) -> None:
        try:
            self._outcome = await coroutine
        except Exception as error:  # noqa: BLE001 whatever it is, whoever awaits the reply gets it
            self._outcome = Failed(command, error)

    def fail(self, command: Argument, error: Exception) -> None:
        """Take an error that the block itself raises, or the reason why there is no reply to `command`."""
        self._outcome = Failed(command, error, seen=True)

    def result(self) -> T:
        """Give the value of the reply, or raise its error."""
        try:
            outcome = self._outcome
        except AttributeError:
            raise PipelineError(WAITING) from None
        if isinstance(outcome, Failed):
            outcome.seen = True
            raise outcome.error.with_traceback(None)
        return outcome


Queued: TypeAlias = "tuple[Args, Callable[[RawReply], Any], weakref.ref[QueuedReply[Any]]]"
"""A command, what decodes its reply, and the reply, as long as anybody keeps it."""


class Batch(Commands[R]):
    """Commands that are collected, and sent when the `async with` block ends."""

    def __init__(self, client: Commands[R], executor: Executor, *, transaction: bool) -> None:
        """Send what `client` could send through `executor`, in MULTI and EXEC for a transaction."""
        super().__init__(client._keyspace)  # noqa: SLF001 the same family
        self._executor = executor
        self._transaction = transaction
        self._open = False
        self._queue: list[Queued] = []

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
            self._fail(PipelineError(DROPPED))
        elif self._queue:
            await self._settle(await self._send())

    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        if not self._open:
            message = (
                f"{args[0]!s} outside of the block: write `async with client.pipeline() as pipe:` and call it inside"
            )
            raise PipelineError(message)
        reply: QueuedReply[T] = QueuedReply()
        self._queue.append((args, decode, weakref.ref(reply)))
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
        commands = [args for args, _, _ in self._queue]
        try:
            packs = "packed" in vars(self)  # looked at first, as a look at every word takes longer
            if packs and ToDeflate in map(type, chain.from_iterable(commands)):
                commands = [await deflated(args) for args in commands]
            return await self._executor.execute_batch(commands, transaction=self._transaction)
        except BaseException as error:
            self._fail(error if isinstance(error, Exception) else PipelineError(CUT_SHORT))
            raise

    def _fail(self, error: Exception) -> None:
        for args, _, reply in self._queue:
            if (kept := reply()) is not None:
                kept.fail(args[0], error)

    async def _settle(self, raws: list[RawReply]) -> None:
        """Hand every reply its answer, and raise what went wrong where nobody would see it."""
        lost: list[Exception] = []
        unfinished: list[Coroutine[object, None, None]] = []
        for number, ((args, decode, reply), raw) in enumerate(zip(self._queue, raws, strict=True), 1):
            if isinstance(raw, Exception):
                raw.add_note(f"command {number} of {len(raws)} in the pipeline: {args[0]!s}")
            if (kept := reply()) is not None:
                if (rest := kept.answer(args[0], decode, raw)) is not None:
                    unfinished.append(rest)
            elif isinstance(raw, Exception):
                lost.append(raw)
        if unfinished:
            await asyncio.gather(*unfinished)
        if lost:
            if len(lost) > 1:
                lost[0].add_note(f"and {len(lost) - 1} more of the pipeline's commands failed")
            raise lost[0]


class CachePipeline(CommonCommands[C], FlushCommands[C], Batch[C]):
    """A pipeline or transaction on the cache."""

    @cached_property
    def packed(self) -> CachePacked[C]:
        """The same commands for packed values."""
        return CachePacked(self, self._executor)


class SysPipeline(CommonCommands[S], Batch[S]):
    """A pipeline or transaction on the system server."""

    @cached_property
    def packed(self) -> SysPacked[S]:
        """The same commands for packed values."""
        return SysPacked(self, self._executor)
