"""Connections of one's own: blocking commands, WATCH, pub/sub and MONITOR."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from civiredis.transport import CommandTimeoutError, OutcomeUnknownError, Transport

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from tests.conftest import StartServer
    from tests.transport.conftest import Connect


async def blocked(admin: Redis, count: int) -> None:
    """Wait until the server holds as many clients."""
    async with asyncio.timeout(20):
        while (await admin.info("clients"))["blocked_clients"] != count:
            await asyncio.sleep(0.005)


async def test_blocking_commands_hold_nobody(transport: Transport, admin: Redis) -> None:
    waiting = [transport.execute(("BLPOP", f"q{i}", 20)) for i in range(10)]
    stream = transport.execute(("XREAD", "BLOCK", 20_000, "STREAMS", "s", "$"))
    await blocked(admin, 11)
    assert await transport.execute(("PING",)) == b"PONG"
    for index in range(10):
        await transport.execute(("RPUSH", f"q{index}", "x"))
    await transport.execute(("XADD", "s", "*", "f", "v"))
    assert [await reply for reply in waiting] == [[f"q{i}".encode(), b"x"] for i in range(10)]
    assert b"s" in await stream
    before = transport.stats().connections
    await transport.execute(("RPUSH", "q", "y"))
    assert await transport.execute(("BLPOP", "q", 1)) == [b"q", b"y"]
    assert transport.stats().connections == before, "connections are used again"


async def test_blocking_longer_than_the_clients_timeout(cache_url: str, connect: Connect) -> None:
    async with connect(cache_url, timeout=0.1) as transport:
        started = time.monotonic()
        assert await transport.execute(("BLPOP", "none", 0.3)) is None
        assert time.monotonic() - started >= 0.3
        assert transport.stats().timeouts == 0


async def test_blocking_deadline_on_a_silent_server(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url, timeout=0.2) as transport:
        assert await transport.execute(("BLPOP", "q", 0.01)) is None
        reply = transport.execute(("BLPOP", "q", 0.1))
        await asyncio.sleep(0.02)
        with server.stalled(), pytest.raises(CommandTimeoutError):
            await reply


async def test_cancelled_blocking_command_takes_nothing(transport: Transport, admin: Redis) -> None:
    reply = transport.execute(("BLPOP", "q", 0))
    await blocked(admin, 1)
    reply.cancel()
    await blocked(admin, 0)
    await transport.execute(("RPUSH", "q", "x"))
    assert await transport.execute(("LLEN", "q")) == 1


async def test_more_blockers_than_connections_wait(cache_url: str, connect: Connect) -> None:
    async with connect(cache_url, own_connections=2) as transport:
        replies = [transport.execute(("BLPOP", f"q{i}", 5)) for i in range(5)]
        for index in range(5):
            await transport.execute(("RPUSH", f"q{index}", index))
        assert [await reply for reply in replies] == [[f"q{i}".encode(), b"%d" % i] for i in range(5)]


async def test_lost_blocking_command_says_so(transport: Transport, admin: Redis) -> None:
    reply = transport.execute(("BLPOP", "q", 0))
    await blocked(admin, 1)
    await admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
    with pytest.raises(OutcomeUnknownError):
        await reply


async def test_watch(transport: Transport) -> None:
    await transport.execute(("SET", "n", 1))
    async with transport.lease() as own:
        await own.execute(("WATCH", "n"))
        value = await own.execute(("GET", "n"), int)
        await transport.execute(("SET", "n", 5))
        results = await own.batch([("MULTI",), ("SET", "n", value + 1), ("EXEC",)])
        assert results[-1] is None, "changed meanwhile"
        await own.execute(("WATCH", "n"))
        results = await own.batch([("MULTI",), ("INCR", "n"), ("EXEC",)])
        assert results[-1] == [6]


async def test_aborted_lease_is_not_used_again(transport: Transport) -> None:
    async def fail() -> None:
        async with transport.lease() as own:
            await own.execute(("MULTI",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with transport.lease() as own:
        assert await own.execute(("SET", "k", "v")) == b"OK", "not QUEUED in another's transaction"


async def test_publish_and_subscribe(transport: Transport) -> None:
    async with transport.lease() as own:
        queue = own.listen()
        own.send(("SUBSCRIBE", "news"))
        assert await queue.get() == [b"subscribe", b"news", 1]
        assert await transport.execute(("PUBLISH", "news", "hello")) == 1
        assert await queue.get() == [b"message", b"news", b"hello"]
        assert await own.execute(("PING",)) == b"PONG"


async def test_lost_subscription_is_noticed(transport: Transport, admin: Redis) -> None:
    async with transport.lease() as own:
        own.send(("SUBSCRIBE", "news"))
        messages = own.pushes()
        assert await anext(messages) == [b"subscribe", b"news", 1]
        await admin.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]
        with pytest.raises(RedisConnectionError):
            await anext(messages)


async def test_monitor(transport: Transport) -> None:
    async with transport.lease() as own:
        messages = own.pushes()
        own.listen()
        assert await own.execute(("MONITOR",)) == b"OK"
        await transport.execute(("SET", "watched", "v"))
        while b"watched" not in (line := await anext(messages)):
            pass
        assert b'"SET"' in line
