"""What a transport counted: plain integers, added up per connection instead of per command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.transport.line import Line
    from civiredis.transport.server import Server


@dataclass(slots=True)
class Counters:
    """What happened so far; replies and bytes of connections that are gone (the live ones count themselves)."""

    connects: int = 0
    losses: int = 0
    errors: int = 0
    timeouts: int = 0
    replies: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def add(self, line: Line) -> None:
        """Take over what a connection counted, now that it ends."""
        self.replies += line.received + line.batched
        self.bytes_in += line.bytes_in
        self.bytes_out += line.bytes_out
        line.received = line.batched = line.bytes_in = line.bytes_out = 0


@dataclass(frozen=True, slots=True)
class TransportStats:
    """A snapshot of one client's traffic, over all its connections and event loops."""

    connects: int
    """Connections made."""
    losses: int
    """Connections lost, other than by closing the client."""
    errors: int
    """Error replies of the server."""
    timeouts: int
    """Commands not answered in time."""
    replies: int
    """Replies received, those to MULTI, EXEC and commands of the transport itself included."""
    in_flight: int
    """Commands sent and not answered (a batch counts once)."""
    waiting: int
    """Commands not sent yet: no connection, or no room."""
    pending_bytes: int
    """Bytes of the commands in flight."""
    bytes_in: int
    bytes_out: int
    connections: int
    """Connections open now."""
    busy: int
    """Connections with commands that are not answered."""

    @property
    def idle(self) -> int:
        """Connections that wait for commands."""
        return self.connections - self.busy


def errors_among(replies: list[Any]) -> int:
    """How many of a batch's replies, those that EXEC gives included, are errors of the server.

    It looks at each only where there is one.
    """
    executed = replies[-1] if replies and type(replies[-1]) is list else []
    failed = {kind for kind in {*map(type, replies), *map(type, executed)} if issubclass(kind, ResponseError)}
    return sum(type(reply) in failed for reply in [*replies, *executed]) if failed else 0


def snapshot(counters: Counters, servers: Iterable[Server]) -> TransportStats:
    """Add what the live connections of `servers` counted to what is counted already."""
    servers = list(servers)
    links = [link for server in servers for link in server.links()]
    lines = [line for server in servers for line in server.lines()]
    return TransportStats(
        connects=counters.connects,
        losses=counters.losses,
        errors=counters.errors,
        timeouts=counters.timeouts,
        replies=counters.replies + sum(line.received + line.batched for line in lines),
        in_flight=sum(len(line.fifo) for line in lines),
        waiting=sum(len(link.queue) for link in links),
        pending_bytes=sum(line.pending for line in lines),
        bytes_in=counters.bytes_in + sum(line.bytes_in for line in lines),
        bytes_out=counters.bytes_out + sum(line.bytes_out for line in lines),
        connections=len(lines),
        busy=sum(bool(line.fifo) for line in lines),
    )
