"""Beginning and end: event loops, forks, closing with commands under way."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from civiredis.transport import Transport, TransportClosedError

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.transport.conftest import Connect


async def test_closing_waits_for_commands_under_way(start_server: StartServer) -> None:
    server = start_server()
    transport = Transport.from_url(server.url)
    await transport.execute(("PING",))
    server.stall()
    replies = [transport.execute(("INCR", "n")) for _ in range(100)]
    blocked = transport.execute(("BLPOP", "q", 0))
    closing = asyncio.create_task(transport.aclose())
    await asyncio.sleep(0.02)
    assert not closing.done()
    with pytest.raises(TransportClosedError):
        await transport.execute(("INCR", "n"))
    server.resume()
    assert await asyncio.gather(*replies) == list(range(1, 101))
    with pytest.raises(TransportClosedError):
        await blocked
    await closing
    assert transport.stats().connections == 0
    for _ in range(2):
        with pytest.raises(TransportClosedError, match="closed"):
            await transport.execute(("PING",))
        with pytest.raises(TransportClosedError, match="closed"):
            await transport.execute(("BLPOP", "q", 1))
    await transport.aclose()


def test_closing_is_done_when_it_says_so(cache_url: str) -> None:
    """Also for who runs a loop by hand, and closes it at once."""
    loop = asyncio.new_event_loop()
    transport = Transport.from_url(cache_url)
    loop.run_until_complete(use(transport))
    loop.run_until_complete(transport.aclose())
    loop.close()
    del transport
    gc.collect()


async def use(transport: Transport) -> None:
    await transport.execute(("BLPOP", "none", 0.01))
    await transport.execute(("SET", "large", b"x" * 1_000_000))


async def test_closing_what_was_never_used(cache_url: str) -> None:
    await Transport.from_url(cache_url).aclose()


def test_several_loops_one_after_another(cache_url: str) -> None:
    transport = Transport.from_url(cache_url)

    async def once() -> bytes:
        return await transport.execute(("PING",), bytes)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the first loops end without closing
        assert [asyncio.run(once()) for _ in range(3)] == [b"PONG"] * 3
        assert transport.stats().connects == 3

        async def last() -> None:
            await once()
            await transport.aclose()

        asyncio.run(last())
        gc.collect()
    assert transport.stats().connections == 0


def test_several_loops_at_the_same_time(cache_url: str) -> None:
    transport = Transport.from_url(cache_url)
    counts: list[int] = []

    async def count() -> None:
        counts.extend([await transport.execute(("INCR", "n")) for _ in range(100)])
        await transport.aclose_here()

    threads = [threading.Thread(target=asyncio.run, args=(count(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 301))


def test_loops_that_take_turns_and_move_between_threads(cache_url: str) -> None:
    transport = Transport.from_url(cache_url)
    loops = [asyncio.new_event_loop() for _ in range(2)]

    async def who() -> int:
        return await transport.execute(("CLIENT", "ID"), int)

    found = [[loop.run_until_complete(who()) for loop in loops] for _ in range(3)]
    assert found == [found[0]] * 3, "each loop has its connection, whichever ran last"
    assert len(set(found[0])) == 2

    elsewhere: list[int] = []
    thread = threading.Thread(target=lambda: elsewhere.append(loops[0].run_until_complete(who())))
    thread.start()
    here = loops[1].run_until_complete(who())
    thread.join()
    assert [*elsewhere, here] == found[0]
    for loop in loops:
        loop.run_until_complete(transport.aclose_here())
        loop.close()


def test_without_a_loop(cache_url: str) -> None:
    transport = Transport.from_url(cache_url)
    with pytest.raises(RuntimeError, match="no running event loop"):
        transport.execute(("PING",))


async def test_forked_child_has_its_own_connection(transport: Transport) -> None:
    mine = await transport.execute(("CLIENT", "ID"))
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads
        child = os.fork()
    if child == 0:
        asyncio.events._set_running_loop(None)
        theirs = asyncio.run(in_child(transport))
        os.write(writer, str(theirs).encode())
        os._exit(0)
    replies = [transport.execute(("INCR", "n")) for _ in range(100)]
    assert await asyncio.gather(*replies) == list(range(1, 101))
    await asyncio.to_thread(os.waitpid, child, 0)
    theirs = int(os.read(reader, 64))
    os.close(reader)
    os.close(writer)
    assert theirs not in {0, mine}
    assert await transport.execute(("CLIENT", "ID")) == mine, "the parent's connection is untouched"


async def in_child(transport: Transport) -> int:
    for _ in range(100):
        await transport.execute(("SET", "child", 1))
    return await transport.execute(("CLIENT", "ID"), int)


async def test_idle_connection_runs_no_timer(transport: Transport, connect: Connect, cache_url: str) -> None:
    async with connect(cache_url, timeout=0.08) as quick:
        await quick.execute(("PING",))
        await asyncio.sleep(0.05)
        link = quick._here.link  # type: ignore[union-attr]
        assert not link.watched
        assert link._watchdog._timer is None
