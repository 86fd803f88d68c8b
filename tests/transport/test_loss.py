"""Connections that end: what is sent again, what is not, and what the callers are told."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from civiredis.transport import CommandTimeoutError, NotSentError, OutcomeUnknownError, Transport

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from tests.conftest import StartServer
    from tests.transport.conftest import Connect


async def kill_clients(admin: Redis) -> None:
    await admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]


async def test_written_write_is_not_repeated_and_a_read_is(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url) as transport:
        await transport.execute(("SET", "k", "v"))
        with server.stalled():
            write, read = transport.execute(("INCR", "n")), transport.execute(("GET", "k"))
            batch = transport.batch([("GET", "k"), ("INCR", "m")])
            reads = transport.batch([("GET", "k"), ("GET", "k")])
            await asyncio.sleep(0.02)
            line = transport._here.link.line  # type: ignore[union-attr]
            assert line is not None
            line.transport.abort()
            unsent = transport.execute(("INCR", "unsent"))
        with pytest.raises(OutcomeUnknownError, match="sent, but"):
            await write
        assert await read == b"v"
        assert await unsent == 1
        assert await reads == [b"v", b"v"]
        assert all(isinstance(result, OutcomeUnknownError) for result in await batch)
        assert await transport.execute(("GET", "n"), int) == 1, "it was executed, once"
        stats = transport.stats()
        assert (stats.connects, stats.losses) == (2, 1)


async def test_client_kill_counts_exactly(transport: Transport, admin: Redis) -> None:
    acknowledged = unknown = 0

    async def count() -> None:
        nonlocal acknowledged, unknown
        for _ in range(300):
            try:
                await transport.execute(("INCR", "n"))
                acknowledged += 1
            except OutcomeUnknownError:
                unknown += 1

    async def kill() -> None:
        for _ in range(15):
            await asyncio.sleep(0.005)
            await kill_clients(admin)

    await asyncio.gather(kill(), *[count() for _ in range(20)])
    counted = int(await admin.get("n") or 0)
    assert acknowledged <= counted <= acknowledged + unknown
    assert acknowledged + unknown == 6000
    assert transport.stats().losses >= 1


async def test_reads_under_client_kill_never_fail(transport: Transport, admin: Redis) -> None:
    await transport.batch([("SET", f"k{i}", i) for i in range(50)])

    async def read(index: int) -> None:
        for _ in range(60):
            assert await transport.execute(("GET", f"k{index}"), int) == index
            await asyncio.sleep(0)

    async def kill() -> None:
        for _ in range(5):
            await asyncio.sleep(0.02)
            await kill_clients(admin)

    await asyncio.gather(kill(), *[read(i) for i in range(50)])


async def test_stall_counts_exactly(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url, timeout=0.2) as transport:
        await transport.execute(("PING",))
        with server.stalled():
            started = time.monotonic()
            replies = [transport.execute(("INCR", "n")) for _ in range(100)]
            results = await asyncio.gather(*replies, return_exceptions=True)
            assert time.monotonic() - started >= 0.2, "not before the deadline"
            assert all(isinstance(result, CommandTimeoutError) for result in results)
            assert all(isinstance(result, (OutcomeUnknownError, RedisTimeoutError)) for result in results)
        assert await transport.execute(("GET", "n"), int) == 100, "each was executed once"
        assert transport.stats().timeouts == 100


async def test_slow_command_times_out_alone(start_server: StartServer, connect: Connect) -> None:
    server = start_server(enable_debug_command="yes")
    async with connect(server.url, timeout=1.2) as transport:
        await transport.execute(("PING",))
        slow = transport.execute(("DEBUG", "SLEEP", "3"))
        await asyncio.sleep(2.3)
        late = transport.execute(("PING",))
        with pytest.raises(CommandTimeoutError):
            await slow
        assert await late == b"PONG"


async def test_busy_loop_is_nobodys_timeout(transport: Transport, connect: Connect, cache_url: str) -> None:
    async with connect(cache_url, timeout=0.1) as quick:
        await quick.execute(("PING",))
        reply = quick.execute(("INCR", "n"))
        time.sleep(0.3)
        assert await reply == 1


async def test_server_restarts(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url) as transport:
        await transport.execute(("SET", "k", "v"))
        server.kill()
        await asyncio.sleep(0.02)
        waiting = transport.execute(("SET", "k", "w"))
        await asyncio.sleep(0.1)
        server.start()
        assert await waiting == b"OK", "never written, so sent to the new server"


async def test_server_is_gone(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url, connect_retries=2, backoff_base=0.01) as transport:
        await transport.execute(("PING",))
        server.kill()
        await asyncio.sleep(0.02)
        results = await asyncio.gather(*[transport.execute(("INCR", "n")) for _ in range(50)], return_exceptions=True)
        assert all(isinstance(result, RedisConnectionError) for result in results)
        assert not any(isinstance(result, OutcomeUnknownError) for result in results), "never sent, and it says so"
        assert "not sent" in str(results[0])
        assert len(set(map(id, results))) == 50, "an error is not shared between callers"


async def test_waiting_for_a_silent_server_ends(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url, timeout=0.2, connect_timeout=5) as transport:
        with server.stalled(), pytest.raises(NotSentError, match="never was"):
            await transport.execute(("INCR", "n"))
        assert await transport.execute(("GET", "n")) is None


async def test_wrong_password_fails_at_once(
    start_server: StartServer, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    server = start_server(requirepass="secret")
    async with connect(server.url.replace("redis://", "redis://:wrong@")) as transport:
        with pytest.raises(AuthenticationError) as caught:
            await transport.execute(("PING",))
        assert "wrong@" not in str(caught.value)
    assert caplog.text.count("connecting failed") == 1, "it is not tried again"
    async with connect(server.url.replace("redis://", "redis://:secret@")) as transport:
        assert await transport.execute(("PING",)) == b"PONG"


async def test_pauses_between_attempts_grow_and_differ(connect: Connect) -> None:
    """A server that takes connections and ends them at once: as often as allowed, and no two clients in step."""
    attempts = 0

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal attempts
        attempts += 1
        writer.close()

    listener = await asyncio.start_server(refuse, "127.0.0.1", 0)
    url = f"redis://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with connect(url, connect_retries=4, backoff_base=0.01) as transport:
        with pytest.raises(RedisConnectionError, match="not sent"):
            await transport.execute(("PING",))
        assert attempts == 5
    listener.close()

    async with connect(url) as transport:
        transport.execute(("PING",)).cancel()
        link = transport._here.link  # type: ignore[union-attr]
        for failures, longest in ((1, 0.05), (2, 0.1), (3, 0.2), (4, 0.4), (5, 0.8), (6, 1.0), (60, 1.0)):
            link._failures = failures
            pauses = [link._pause() for _ in range(50)]
            assert longest / 2 <= min(pauses) < max(pauses) <= longest
            assert len(set(pauses)) > 25, "clients that lost a server at the same time do not return together"


async def test_a_callers_own_deadline(start_server: StartServer, connect: Connect) -> None:
    """It may be shorter than the client's: the caller goes on, and the connection serves the others."""
    server = start_server()
    async with connect(server.url) as transport:
        await transport.execute(("SET", "k", "v"))
        with server.stalled():
            other = transport.execute(("GET", "k"))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await transport.execute(("INCR", "n"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(transport.execute(("INCR", "n")), 0.05)
        assert await other == b"v"
        assert await transport.execute(("GET", "n"), int) == 2
        assert (transport.stats().connects, transport.stats().timeouts) == (1, 0)


async def test_order_holds_over_a_new_connection(start_server: StartServer, connect: Connect) -> None:
    """Reads that are sent again, and what was not sent yet, keep the order in which they were issued."""
    server = start_server()
    async with connect(server.url) as transport:
        await transport.execute(("RPUSH", "l", "first"))
        with server.stalled():
            length = transport.execute(("LLEN", "l"))
            await asyncio.sleep(0.02)
            transport._here.link.line.transport.abort()  # type: ignore[union-attr]
            pushes = [transport.execute(("RPUSH", "l", number)) for number in range(100)]
            last = transport.execute(("LLEN", "l"))
        assert await length == 1, "asked before anything else was pushed"
        assert await asyncio.gather(*pushes) == list(range(2, 102))
        assert await last == 101
