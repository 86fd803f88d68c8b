"""Commands that take several steps in a cluster, each in a task of its own behind the reply of any command."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from civiredis.transport.errors import TransportClosedError
from civiredis.transport.reply import FutureReply, HeldReply

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from civiredis.transport.reply import Decoder


class Errands:
    """The tasks of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run nothing yet."""
        self._loop = loop
        self._short: set[asyncio.Task[None]] = set()
        self._blocking: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, Any], decode: Decoder[Any] | None) -> FutureReply[Any]:
        """Do what ends within a timeout; closing waits for it."""
        return self._run(FutureReply.on(self._loop), work, decode, self._short)

    def run_blocking(self, work: Coroutine[Any, Any, Any], decode: Decoder[Any] | None) -> FutureReply[Any]:
        """Do what may wait for ever; closing ends it."""
        return self._run(HeldReply.on(self._loop), work, decode, self._blocking)

    async def aclose(self) -> None:
        """End what waits, and see the rest through."""
        for task in self._blocking:
            task.cancel()
        await asyncio.gather(*self._blocking, *self._short, return_exceptions=True)

    def _run(
        self,
        reply: FutureReply[Any],
        work: Coroutine[Any, Any, Any],
        decode: Decoder[Any] | None,
        tasks: set[asyncio.Task[None]],
    ) -> FutureReply[Any]:
        reply.decode, reply.size, reply.resend = decode, 0, None
        task = self._loop.create_task(self._settle(reply, work))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        reply.add_done_callback(lambda done: task.cancel() if done.cancelled() else None)
        return reply

    @staticmethod
    async def _settle(reply: FutureReply[Any], work: Coroutine[Any, Any, Any]) -> None:
        try:
            reply.arrive(await work)
        except asyncio.CancelledError:
            reply.fail(TransportClosedError("the client was closed while the command was waiting"))
        except Exception as error:  # noqa: BLE001 - it is the caller's
            reply.fail(error)
