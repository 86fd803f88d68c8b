"""Keeps one line to one server alive: what waits for it, how it is dialled again, and what is sent once more."""

from __future__ import annotations

import asyncio
import copy
import logging
import random
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from redis.exceptions import AuthenticationError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from civiredis.transport.errors import CommandTimeoutError, NotSentError, OutcomeUnknownError, TransportClosedError
from civiredis.transport.line import Line
from civiredis.transport.reply import BatchReply
from civiredis.transport.watchdog import Marks, Watchdog
from civiredis.transport.wire import packed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from civiredis.transport.options import TransportOptions
    from civiredis.transport.reply import FutureReply
    from civiredis.transport.stats import Counters
    from civiredis.transport.wire import Parcel

DRAIN_LOOK: Final = 0.002
"""Seconds between two looks whether everything is answered, while closing; rare enough for no event of its own."""

RETIRED_LOOK: Final = 0.05
"""Seconds between two looks whether a line that is not used any more has all its answers."""

log = logging.getLogger("civiredis.transport")


class Waiting(NamedTuple):
    """A command that is not on a line yet."""

    reply: FutureReply[Any]
    parcel: Parcel
    since: float


class Link:
    """One connection to one server, dialled when a command needs it and again when it is lost."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dial: Callable[[Line], Awaitable[None]],
        options: TransportOptions,
        counters: Counters,
    ) -> None:
        """Connect nothing yet; `dial` puts a fresh line onto a connected socket."""
        self.loop = loop
        self.options = options
        self.counters = counters
        self.line: Line | None = None
        self.queue: deque[Waiting] = deque()
        self.closed = False
        self.watched = False
        self.on_refused: Callable[[Link, FutureReply[Any], Exception], None] | None = None
        """Takes a server's error instead of the caller (redirections)."""
        self.on_unsent: Callable[[FutureReply[Any], Exception], None] | None = None
        """Takes commands that could not be sent because nobody answers, instead of failing them."""
        self.on_trouble: Callable[[], None] | None = None
        """Is told when the connection is lost or cannot be made."""
        self.on_large: Callable[[FutureReply[Any]], None] | None = None
        self._dial = dial
        self._dialling: asyncio.Task[None] | None = None
        self._failures = 0
        self._retired: set[Line] = set()
        self._watchdog = Watchdog(loop, options.timeout, self._look)
        self._marks = Marks(options.timeout)
        self._seen = (0, 0.0)

    # ------------------------------------------------------------------ sending

    def send(self, reply: FutureReply[Any], data: bytes, parcel: Parcel) -> None:
        """Send now if the line has room, else let the command wait; `parcel` is what is kept meanwhile."""
        if self.closed:
            reply.fail(TransportClosedError("the client is closed"))
            return
        line = self.line
        if line is None or self.queue or self._full(line, reply):
            self.queue.append(Waiting(reply, parcel, self.loop.time()))
            if line is None:
                self._connect()
            else:
                line.crowded = True
        else:
            line.push(reply, data)
        self.watch()

    def watch(self) -> None:
        """See to deadlines from now on."""
        if not self.watched:
            self.watched = True
            self._marks = Marks(self.options.timeout)
            self._seen = (0, self.loop.time())
            self._watchdog.start()

    @property
    def busy(self) -> bool:
        """Whether a command waits or has no reply yet."""
        return bool(self.queue) or (self.line is not None and bool(self.line.fifo))

    def _full(self, line: Line, reply: FutureReply[Any]) -> bool:
        return line.pending > 0 and line.pending + reply.size > self.options.pending_limit

    def _pump(self) -> None:
        """Move what waits onto the line, as far as there is room."""
        line = self.line
        if line is None:
            return
        while self.queue and not self._full(line, self.queue[0].reply):
            reply, parcel, _ = self.queue.popleft()
            if not reply.done():  # cancelled while waiting: never sent
                line.push(reply, packed(parcel))
        line.crowded = bool(self.queue)

    # --------------------------------------------------------------- connecting

    def _connect(self) -> None:
        if self._dialling is None or self._dialling.done():  # done at once, where tasks start eagerly
            self._dialling = self.loop.create_task(self._dial_until_connected())

    async def _dial_until_connected(self) -> None:
        try:
            while self.line is None:
                if self._failures:
                    await asyncio.sleep(self._pause())
                line = Line(self, self.loop, self.options.large)
                try:
                    await self._dial(line)
                except (RedisError, OSError) as error:
                    self._failures += 1
                    log.warning("connecting failed (%d): %s", self._failures, error)
                    if self._failures > self.options.connect_retries or isinstance(error, AuthenticationError):
                        self._give_up(error)
                        return
                except Exception as error:  # noqa: BLE001 - not the server's doing, so trying again is no help
                    self._give_up(error)
                    return
                else:
                    self.line = line
                    self.counters.connects += 1
        finally:
            self._dialling = None
        self._pump()

    def _pause(self) -> float:
        pause = min(self.options.backoff_cap, self.options.backoff_base * 2.0 ** (self._failures - 1))
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads clients, guards nothing

    def _give_up(self, cause: Exception) -> None:
        """Fail everything that waits: it was never sent."""
        self._failures = 0
        queue, self.queue = self.queue, deque()
        if self.on_trouble is not None:
            self.on_trouble()
        if self.on_unsent is not None:
            for waiting in queue:
                self.on_unsent(waiting.reply, cause)
            return
        if not isinstance(cause, (RedisError, OSError)):
            for waiting in queue:
                fail(waiting.reply, lambda: copy.copy(cause))
            return
        kind = type(cause) if isinstance(cause, (RedisConnectionError, RedisTimeoutError)) else RedisConnectionError
        for waiting in queue:
            fail(waiting.reply, lambda: kind(f"{cause} (the command was not sent)"))

    # ---------------------------------------------------------- what a line says

    def answered(self, line: Line) -> None:
        """Let waiting commands use the room that replies made."""
        if line is self.line:
            self._pump()

    def refused(self, line: Line, reply: FutureReply[Any], error: Exception) -> None:  # noqa: ARG002
        """Hand a server's error to its caller, or to whoever knows a way around it."""
        self.counters.errors += 1
        if self.on_refused is None:
            reply.fail(error)
        else:
            self.on_refused(self, reply, error)

    def arrived_large(self, line: Line, reply: FutureReply[Any], size: int) -> None:  # noqa: ARG002
        """Tell whoever chooses between connections."""
        if self.on_large is not None:
            self.on_large(reply)

    def lost(self, line: Line, error: Exception) -> None:
        """Send again what may be sent again, and tell the others that their outcome is unknown."""
        if line is self.line:
            self.line = None
            self._marks = Marks(self.options.timeout)
        elif line in self._retired:
            self._retired.remove(line)
        else:
            return
        self._failures = 0 if line.bytes_in else self._failures + 1
        self.counters.add(line)
        now = self.loop.time()
        again = [Waiting(r, r.resend, now) for r in line.unanswered() if r.resend is not None and self._may_resend(r)]
        kept = {id(waiting.reply) for waiting in again}
        for reply in line.unanswered():
            if id(reply) not in kept:
                fail(reply, lambda: OutcomeUnknownError(f"sent, but its reply will not come: {error}"))
        again += [Waiting(reply, data, now) for reply, data in line.unwritten()]
        if again or self.queue:
            self.queue.extendleft(reversed(again))
            self._connect()
        if self.on_trouble is not None:
            self.on_trouble()
        if not self.closed:
            self.counters.losses += 1
            log.warning("connection lost: %s (%d commands are sent again)", error, len(again))

    def _may_resend(self, reply: FutureReply[Any]) -> bool:
        attempts = getattr(reply, "attempts", 0)
        reply.attempts = attempts + 1
        if attempts >= self.options.resends or self.closed:
            return False
        if isinstance(reply, BatchReply):
            reply.raws.clear()
        return True

    # ---------------------------------------------------------------- deadlines

    def _look(self, now: float) -> bool:
        """Fail what is overdue; give False when there is nothing to watch."""
        timeout = self.options.timeout
        late = self._watchdog.late
        if self.queue:
            self._expire_queue(now - timeout - late)
        line = self.line
        if line is not None and line.fifo:
            self._expire_line(line, now, late)
        self.watched = self.busy
        return self.watched

    def _expire_queue(self, before: float) -> None:
        expired = [waiting for waiting in self.queue if waiting.since <= before]
        if expired:
            self.queue = deque(waiting for waiting in self.queue if waiting.since > before)
            for waiting in expired:
                fail(waiting.reply, lambda: NotSentError(f"not sent within {self.options.timeout} s; it never was"))

    def _expire_line(self, line: Line, now: float, late: float) -> None:
        overdue = self._marks.overdue(now, line.received + len(line.fifo), late) - line.received
        bytes_in, since = self._seen
        if line.bytes_in != bytes_in or late > self.options.timeout:
            self._seen = (line.bytes_in, now)
        if overdue <= 0:
            return
        for reply in list(islice(line.fifo, overdue)):
            fail(reply, lambda: CommandTimeoutError(f"no reply within {self.options.timeout} s"))
        self.counters.timeouts += overdue
        if now - since >= self.options.timeout:  # not one byte: the server, or the way to it, is gone
            line.drop(RedisConnectionError(f"nothing received for {self.options.timeout} s"))

    # ------------------------------------------------------------------- ending

    def retire(self) -> None:
        """Send nothing more on the present line; it ends when everything on it is answered, or a timeout later."""
        line, self.line = self.line, None
        if line is None:
            return
        self._marks = Marks(self.options.timeout)
        self._retired.add(line)
        now = self.loop.time()
        unwritten = [Waiting(reply, data, now) for reply, data in line.unwritten()]
        for _ in unwritten:
            line.fifo.pop()
        line.outgoing.clear()
        self.queue.extendleft(reversed(unwritten))
        if self.queue:
            self._connect()
        deadline = now + self.options.timeout
        self._end_retired(line, deadline)

    def _end_retired(self, line: Line, deadline: float) -> None:
        if not line.fifo or self.loop.time() >= deadline:
            line.drop(RedisConnectionError("this server is no longer used"))
        else:
            self.loop.call_later(RETIRED_LOOK, self._end_retired, line, deadline)

    async def aclose(self) -> None:
        """Refuse new commands, wait for those under way (their deadlines hold), and close the socket."""
        self.closed = True
        while self.busy:  # noqa: ASYNC110 - see DRAIN_LOOK
            await asyncio.sleep(DRAIN_LOOK)
        if self._dialling is not None:
            self._dialling.cancel()
        self._watchdog.stop()
        for retired in list(self._retired):
            retired.drop(RedisConnectionError("the client is closed"))
        line, self.line = self.line, None
        if line is not None:
            self.counters.add(line)
            line.closing = line.scheduled = True
            line.transport.close()


def fail(reply: FutureReply[Any], make: Callable[[], Exception]) -> None:
    """Fail a command, or what is missing of a batch, with errors made by `make`: one each, never shared."""
    if isinstance(reply, BatchReply):
        reply.break_off(make)
    else:
        reply.fail(make())
