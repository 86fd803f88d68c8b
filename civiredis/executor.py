"""The seam between commands and the wire: what carries commands out (`Executor`), and redis-py's pool as one."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeVar

import hiredis
from redis.asyncio.connection import BlockingConnectionPool, ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ExecAbortError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from civiredis.commands.arguments import Argument
from civiredis.reply import CoroutineReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from redis.asyncio.connection import AbstractConnection

    from civiredis.commands.replies import RawReply
    from civiredis.location import Location
    from civiredis.reply import Reply

T = TypeVar("T")

Args: TypeAlias = tuple[Argument, ...]
"""A command, word by word; the words that are keys are of the type `WireKey`."""

POOL_SIZE = 50
"""Commands under way at once; further ones wait for a connection."""

BLOCKING_POOL_SIZE = 10_000
"""Blocking commands under way at once: each holds a connection, so waiting for one could take for ever."""


class Executor(Protocol):
    """What carries commands out on one server. Making one connects nothing; the first command does.

    Replies are handed to `decode` as they were parsed: text as bytes, in the shapes of RESP3.
    """

    def execute(self, args: Args, decode: Callable[[RawReply], T]) -> Reply[T]:
        """Send one command. Its reply is what `decode` makes of the raw one, or raises the server's error."""

    def execute_blocking(self, args: Args, decode: Callable[[RawReply], T], seconds: float) -> Reply[T]:
        """Send a command that may wait for `seconds` (0: for ever), where it keeps no other command waiting."""

    def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> Awaitable[list[RawReply]]:
        """Send commands in one write, in MULTI and EXEC for a transaction, and give their raw replies in order.

        An error of a single command stands in its place; what stops all of them is raised.
        """

    async def aclose(self) -> None:
        """Close every connection."""


def pack(args: Args) -> bytes:
    """Write a command as the Redis protocol does. Raises `TypeError` naming the first argument it has no form for."""
    try:
        packed: bytes = hiredis.pack_command(args)  # type: ignore[arg-type]  # its stub knows tuples of one item only
    except TypeError:
        words: tuple[object, ...] = args
        wrong = next(arg for arg in words if isinstance(arg, bool) or not isinstance(arg, (str, bytes, int, float)))
        way_out = "write 1 or 0" if isinstance(wrong, bool) else "convert it first"
        message = f"{args[0]!s}: {wrong!r} is {type(wrong).__name__}; Redis takes str, bytes, int and float: {way_out}"
        raise TypeError(message) from None
    return packed


class _Pools(NamedTuple):
    quick: ConnectionPool
    blocking: ConnectionPool


class PoolExecutor:
    """Carries commands out on connections of redis-py, one command a connection at a time."""

    def __init__(self, location: Location, *, socket_timeout: float, socket_connect_timeout: float) -> None:
        """Use the server at `location`; times are seconds."""
        self._location = location
        self._socket_timeout = socket_timeout
        self._socket_connect_timeout = socket_connect_timeout
        self._pools: _Pools | None = None

    def execute(self, args: Args, decode: Callable[[RawReply], T]) -> Reply[T]:
        """See `Executor`."""
        return CoroutineReply(self._execute(args, decode))

    def execute_blocking(self, args: Args, decode: Callable[[RawReply], T], seconds: float) -> Reply[T]:
        """See `Executor`."""
        return CoroutineReply(self._execute_blocking(args, decode, seconds))

    async def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> list[RawReply]:
        """See `Executor`."""
        words = [("MULTI",), *commands, ("EXEC",)] if transaction else commands
        packed = b"".join(map(pack, words))
        async with _lent((await self._open()).quick) as connection:
            await connection.send_packed_command(packed)
            replies = [await _reply_or_error(connection) for _ in words]
        return _of_transaction(replies) if transaction else replies

    async def aclose(self) -> None:
        """See `Executor`."""
        pools, self._pools = self._pools, None
        if pools is not None:
            await pools.quick.aclose()
            await pools.blocking.aclose()

    async def _open(self) -> _Pools:
        """Return the pools, made for the first command."""
        if self._pools is None:
            url = await self._location.find()
            times = {"socket_timeout": self._socket_timeout, "socket_connect_timeout": self._socket_connect_timeout}
            if self._pools is not None:  # another command was quicker
                return self._pools
            self._pools = _Pools(
                BlockingConnectionPool.from_url(url, max_connections=POOL_SIZE, timeout=None, protocol=3, **times),
                ConnectionPool.from_url(url, max_connections=BLOCKING_POOL_SIZE, protocol=3, **times),
            )
        return self._pools

    async def _execute(self, args: Args, decode: Callable[[RawReply], T]) -> T:
        packed = pack(args)
        async with _lent((await self._open()).quick) as connection:
            await connection.send_packed_command(packed)
            raw = await connection.read_response(disable_decoding=True)
        return decode(raw)

    async def _execute_blocking(self, args: Args, decode: Callable[[RawReply], T], seconds: float) -> T:
        packed = pack(args)
        async with _lent((await self._open()).blocking) as connection:
            await connection.send_packed_command(packed)
            try:
                async with asyncio.timeout(seconds + self._socket_timeout if seconds else None):
                    raw = await connection.read_response(disable_decoding=True, timeout=math.inf)
            except TimeoutError:
                message = f"no reply to {args[0]!s} within its {seconds} s and another {self._socket_timeout} s"
                raise RedisTimeoutError(message) from None
        return decode(raw)


@asynccontextmanager
async def _lent(pool: ConnectionPool) -> AsyncIterator[AbstractConnection]:
    connection = await pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py leaves it bare
    try:
        yield connection
    finally:
        await pool.release(connection)


async def _reply_or_error(connection: AbstractConnection) -> RawReply:
    try:
        return await connection.read_response(disable_decoding=True)
    except ResponseError as error:
        return error


def _of_transaction(replies: list[RawReply]) -> list[RawReply]:
    """Take the replies of the commands out of EXEC's. Raises what made the server refuse the transaction."""
    executed = replies[-1]
    refused = next((reply for reply in replies[:-1] if isinstance(reply, Exception)), None)
    if isinstance(executed, ExecAbortError) and refused is not None:
        raise executed from refused
    if isinstance(executed, Exception):
        raise executed
    if executed is None:
        message = "the server discarded the transaction"
        raise RedisConnectionError(message)
    results: list[RawReply] = executed
    return results
