"""`FinishedReply`: a reply whose decoder may need a further command, or a thread, to come to its result."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from civiredis.reply import FollowUp
from civiredis.transport.reply import FutureReply, HeldReply
from civiredis.transport.waking import settle, wake

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Self

T = TypeVar("T")


class FinishedReply(FutureReply[T]):
    """A future like that of any command; a task finishes it where the reply alone does not say the result.

    Nearly every value unpacks as soon as it arrives, and a task for each would cost more than the unpacking.
    """

    __slots__ = ("_task",)

    _task: asyncio.Task[None]
    """Kept, as the event loop alone would let it be collected."""

    @classmethod
    def behind(cls, reply: FutureReply[T]) -> Self:
        """Follow `reply`, and the `FollowUp` that its decoder may raise.

        Cancelling gives up a command that the server may hold, or it would take out what nobody gets; any other is
        carried out by then, and what it took out may have to be put back.
        """
        finished: Self = super().on(reply.get_loop())
        reply.add_done_callback(finished._settle)
        if isinstance(reply, HeldReply):
            finished.add_done_callback(lambda done: reply.cancel() if done.cancelled() else None)
        return finished

    @classmethod
    def of(cls, begin: Callable[[], Coroutine[object, None, T]]) -> Self:
        """Stand for the result of a coroutine, which begins with the next turn of the event loop, awaited or not."""
        finished: Self = super().on(asyncio.get_running_loop())
        finished._begin(begin)
        return finished

    def _begin(self, begin: Callable[[], Coroutine[object, None, T]]) -> None:
        self._task = self.get_loop().create_task(self._finish(begin))

    def _settle(self, reply: asyncio.Future[T]) -> None:
        if reply.cancelled():
            self.cancel()
        elif (error := reply.exception()) is None:
            if not self.done():
                settle(self, reply.result())
                wake((self,))
        elif isinstance(error, FollowUp):
            self._begin(error.finish)
        else:
            self.fail(error)

    async def _finish(self, begin: Callable[[], Coroutine[object, None, T]]) -> None:
        try:
            result = await begin()
        except Exception as error:  # noqa: BLE001 whatever it is, whoever awaits the reply gets it
            self.fail(error)
        except BaseException:  # the event loop ends
            self.cancel()
            raise
        else:
            if not self.done():
                self.set_result(result)
