"""uvloop, whose transports are its own: the shared connection takes them over, and all holds there too."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import uvloop

from civiredis import OutcomeUnknownError, create_cache_redis
from tests.commands.keys import CacheKeys
from tests.transport.tls_front import Certificates, TlsFront

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from tests.conftest import StartServer


def on_uvloop(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def test_commands_pipelines_and_large_values(cache_url: str) -> None:
    async def work() -> None:
        async with create_cache_redis(CacheKeys, url=cache_url) as client:
            assert await asyncio.gather(*[client.incr("user:n") for _ in range(2000)]) == list(range(1, 2001))
            assert client.stats().connections == 1
            async with client.pipeline() as pipe:
                replies = [pipe.packed.set(f"packed:user:profile:{number}", number) for number in range(500)]
            assert [await reply for reply in replies] == [True] * 500
            large = "x" * 8_000_000
            written, small = client.set("user:large", large), client.get("user:n")
            assert (await small, await written) == ("2000", True)
            assert await client.get("user:large") == large
            waiting = asyncio.create_task(client.blpop(["user:list"], timeout=10))
            await client.rpush("user:list", "x")
            assert await waiting == ("user:list", "x")

    on_uvloop(work())


def test_cancelling_and_losing_a_connection(start_server: StartServer) -> None:
    server = start_server()

    async def work() -> None:
        async with create_cache_redis(CacheKeys, url=server.url) as client:
            await client.set("user:1", "v")
            with server.stalled():
                cancelled, kept = asyncio.create_task(client.get("user:1")), client.get("user:1")
                await asyncio.sleep(0.02)
                cancelled.cancel()
            assert await kept == "v"
            with server.stalled():
                write, read = client.incr("user:n"), client.get("user:1")
                await asyncio.sleep(0.02)
                client._transport._here.link.line.transport.abort()  # type: ignore[attr-defined]
            with pytest.raises(OutcomeUnknownError):
                await write
            assert await read == "v"

    on_uvloop(work())


def test_tls(start_server: StartServer, tmp_path: Path) -> None:
    server, certificates = start_server(), Certificates(tmp_path)

    async def work() -> None:
        async with TlsFront(server, certificates.context()) as tls:
            url = f"rediss://localhost:{tls.port}?ssl_ca_certs={certificates.ca}"
            async with create_cache_redis(CacheKeys, url=url) as client:
                assert await asyncio.gather(*[client.incr("user:n") for _ in range(2000)]) == list(range(1, 2001))
                large = "x" * 2_000_000
                assert await client.set("user:large", large)
                assert await client.get("user:large") == large

    on_uvloop(work())
