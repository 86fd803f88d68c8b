"""One connected socket that many callers share: commands go out together, replies come back in order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final, Protocol

import hiredis
from redis._parsers import BaseParser
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import InvalidResponse

from civiredis.transport.reply import BatchReply
from civiredis.transport.waking import settle, wake

if TYPE_CHECKING:
    from collections.abc import Callable

    from civiredis.transport.reply import FutureReply

INCOMPLETE: Final = object()
"""What the reader hands out while a reply is not complete: None and False are replies."""


class LineOwner(Protocol):
    """Who keeps a line, and is told what happens on it."""

    def refused(self, line: Line, reply: FutureReply[Any], error: Exception) -> None:
        """The server answered `reply` with `error`."""

    def answered(self, line: Line) -> None:
        """Replies arrived, so there is room for commands that wait; called only while `line.crowded` is set."""

    def arrived_large(self, line: Line, reply: FutureReply[Any], size: int) -> None:
        """A reply needed `size` bytes, spread over several reads of the socket."""

    def lost(self, line: Line, error: Exception) -> None:
        """The line is gone; `line.unwritten()` and `line.unanswered()` tell what was on it."""


class Line(asyncio.Protocol):
    """The protocol that takes over a connected transport.

    Commands issued in one turn of the loop leave in one write at its end; on an idle line a command leaves at
    once. After a burst of replies the next command waits for the end of the turn too, because the callers just
    woken are about to send theirs.
    """

    def __init__(self, owner: LineOwner, loop: asyncio.AbstractEventLoop, large: int) -> None:
        """Serve `owner`; a reply of more than `large` bytes is reported to it."""
        self.owner = owner
        self.loop = loop
        self.large = large
        self.transport: asyncio.Transport
        self.keeper: object = None
        """Whatever must live as long as the socket (redis-py's stream writer closes it when collected)."""
        self.on_push: Callable[[Any], None] | None = None
        """Takes messages that answer no command; None ignores pushes."""
        self.fifo: deque[FutureReply[Any]] = deque()
        self.outgoing: list[bytes] = []
        """The packed commands of the last replies in `fifo`: not handed to the transport yet."""
        self.pending = 0
        """Bytes of commands without a reply."""
        self.received = 0
        """Replies that arrived; those of a batch count as one, as it is one entry of `fifo`."""
        self.batched = 0
        """The replies of batches that are not in `received`."""
        self.bytes_in = 0
        self.bytes_out = 0
        self.crowded = False
        self.scheduled = False
        """A flush is due, or writing is held back: commands gather in `outgoing`."""
        self.held = False
        self.closing = False
        self.burst = False
        self._partial = 0
        self._error: Exception | None = None
        reader = hiredis.Reader(
            protocolError=InvalidResponse,
            replyError=BaseParser.parse_error,
            notEnoughData=INCOMPLETE,
        )
        self._feed = reader.feed
        self._gets = reader.gets

    # ------------------------------------------------------------------ sending

    def push(self, reply: FutureReply[Any], packed: bytes) -> None:
        """Send `packed`, and hand its answer to `reply`."""
        self.pending += reply.size
        if self.scheduled:
            self.outgoing.append(packed)
        elif self.fifo or self.burst or self.transport.is_closing():
            self.outgoing.append(packed)
            self.scheduled = True
            self.loop.call_soon(self.flush)
        else:
            self.bytes_out += reply.size
            self.transport.write(packed)
        self.fifo.append(reply)

    def flush(self) -> None:
        """Write what gathered during this turn of the loop."""
        if self.held or self.closing:
            return
        if self.transport.is_closing():  # what is written now would vanish: keep it, to be sent elsewhere
            self.closing = True
            return
        self.scheduled = False
        if self.outgoing:
            data = b"".join(self.outgoing)
            self.outgoing.clear()
            self.bytes_out += len(data)
            self.transport.write(data)

    def pause_writing(self) -> None:
        """Hold commands back while the socket does not take what it has."""
        self.held = self.scheduled = True

    def resume_writing(self) -> None:
        """Write what was held back."""
        self.held = False
        self.flush()

    # ---------------------------------------------------------------- receiving

    def data_received(self, data: bytes) -> None:
        """Hand each complete reply to the oldest command without one."""
        unanswered = len(self.fifo)
        large = self.fifo[0] if unanswered and self._partial > self.large else None
        settled: list[FutureReply[Any]] = []
        try:
            self._feed(data)
            self._hand_out(settled)
        except Exception as error:  # noqa: BLE001 - whatever the parser meets, the stream cannot be followed any more
            self.drop(InvalidResponse(f"unreadable reply: {error!r}"))
            wake(settled)  # what was read before it counts
            return
        answered = unanswered - len(self.fifo)
        self.received += answered
        self.bytes_in += len(data)
        if not answered:
            self._partial += len(data)
            return
        if large is not None:
            self.owner.arrived_large(self, large, self._partial)
        self._partial = 0
        self.burst = answered > 1
        if self.burst and not self.scheduled:
            self._wake_together(settled)
        else:
            self._wake(settled)

    def _wake_together(self, settled: list[FutureReply[Any]]) -> None:
        """Let what the callers send now leave in one write."""
        self.scheduled = True
        try:
            self._wake(settled)
        finally:
            self.flush()

    def _wake(self, settled: list[FutureReply[Any]]) -> None:
        if self.crowded:
            self.owner.answered(self)
        wake(settled)

    def _hand_out(self, settled: list[FutureReply[Any]]) -> None:
        """Settle what can be settled, and add to `settled` the replies whose callers are to be woken."""
        gets = self._gets
        fifo = self.fifo
        while (raw := gets()) is not INCOMPLETE:
            if raw.__class__ is hiredis.PushNotification or not fifo:
                self._pushed(raw)
                continue
            reply = fifo[0]
            if reply.__class__ is BatchReply:
                if not self._collect(reply, raw):
                    continue
                settled.append(reply)
            elif isinstance(raw, Exception):
                self.owner.refused(self, reply, raw)  # which may send it elsewhere, so it need not be settled
            else:
                decode = reply.decode
                try:
                    settle(reply, raw if decode is None else decode(raw))
                except asyncio.InvalidStateError:  # cancelled: it kept its place, and the reply is dropped
                    pass
                except Exception as error:  # noqa: BLE001 - a decoder is anybody's code
                    reply.fail(error)
                else:
                    settled.append(reply)
            del fifo[0]
            self.pending -= reply.size

    def _collect(self, batch: BatchReply, raw: Any) -> bool:  # noqa: ANN401
        """Add `raw` to a batch and, while at it, whatever else of it is there; True when it is complete."""
        raws = batch.raws
        raws.append(raw)
        gets = self._gets
        missing = batch.expected - len(raws)
        while missing:
            raw = gets()
            if raw is INCOMPLETE:
                return False
            if raw.__class__ is hiredis.PushNotification:
                self._pushed(raw)
                continue
            raws.append(raw)
            missing -= 1
        self.batched += batch.expected - 1
        batch.complete()
        return True

    def _pushed(self, raw: Any) -> None:  # noqa: ANN401
        if self.on_push is not None:
            self.on_push(raw)
        elif raw.__class__ is not hiredis.PushNotification:
            error = raw if isinstance(raw, Exception) else InvalidResponse("a reply that answers no command")
            raise error

    # ------------------------------------------------------------------- ending

    def eof_received(self) -> bool:
        """Stop sending: what is not written yet goes elsewhere."""
        self.closing = self.scheduled = True
        return False

    def drop(self, error: Exception) -> None:
        """Give the connection up because of `error`."""
        self._error = self._error or error
        self.closing = self.scheduled = True
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the owner what the transport says."""
        self.closing = self.scheduled = True
        error = self._error or RedisConnectionError(f"connection lost: {exc}" if exc else "connection closed by server")
        self.owner.lost(self, error)

    def unanswered(self) -> list[FutureReply[Any]]:
        """Commands that were (or may have been) sent and have no reply, oldest first."""
        return list(self.fifo)[: len(self.fifo) - len(self.outgoing)]

    def unwritten(self) -> list[tuple[FutureReply[Any], bytes]]:
        """Commands that never left, oldest first."""
        if not self.outgoing:
            return []
        return list(zip(list(self.fifo)[-len(self.outgoing) :], self.outgoing, strict=True))
