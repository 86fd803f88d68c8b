"""The server itself: a few questions, publishing, and (for a cache alone) flushing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.replies import done, integer, text

if TYPE_CHECKING:
    from civiredis.commands.arguments import Value
    from civiredis.commands.replies import RawReply
    from civiredis.reply import Reply


def moment(raw: RawReply) -> tuple[int, int]:
    """Decode TIME."""
    return int(raw[0]), int(raw[1])


def info(raw: RawReply) -> dict[str, str]:
    """Decode INFO: lines of `name:value`, under headings that start with a hash."""
    lines = (line.partition(":") for line in text(raw).splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


class ServerCommands(Commands[R]):
    """Commands that change nothing on the server."""

    def ping(self) -> Reply[bool]:
        """Ask for an answer; always True (https://redis.io/commands/ping)."""
        return self._run(done, "PING")

    def dbsize(self) -> Reply[int]:
        """Count all keys of the database, of every registry and namespace (https://redis.io/commands/dbsize)."""
        return self._run(integer, "DBSIZE")

    def time(self) -> Reply[tuple[int, int]]:
        """Give the server's time: Unix seconds, and microseconds in this one (https://redis.io/commands/time)."""
        return self._run(moment, "TIME")

    def info(self, *sections: str) -> Reply[dict[str, str]]:
        """Report on the server, every value as the text it sends (https://redis.io/commands/info)."""
        return self._run(info, "INFO", *sections)

    def publish(self, channel: str, message: Value) -> Reply[int]:
        """Send a message, and count who received it (https://redis.io/commands/publish).

        Channels are no keys: they are neither checked nor prefixed with the namespace.
        """
        return self._run(integer, "PUBLISH", channel, message)


class FlushCommands(Commands[R]):
    """Commands that delete everything: only a cache, which can be rebuilt, has them."""

    def flushdb(self, *, asynchronous: bool = False) -> Reply[bool]:
        """Delete every key of the database, of all namespaces; always True (https://redis.io/commands/flushdb)."""
        return self._run(done, "FLUSHDB", *(["ASYNC"] if asynchronous else []))

    def flushall(self, *, asynchronous: bool = False) -> Reply[bool]:
        """Delete every key of every database on the server; always True (https://redis.io/commands/flushall)."""
        return self._run(done, "FLUSHALL", *(["ASYNC"] if asynchronous else []))
