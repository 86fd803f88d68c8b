"""A master under load that is killed, or hands over to its replica, again and again."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Final

import pytest
from redis.exceptions import ResponseError

from civiredis import create_sys_redis
from tests.commands.keys import SysKeys
from tests.transport.asking import ask
from tests.transport.soaking import RECOVERY, Callers
from tests.transport.watched_master import Watched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from civiredis import KeyOf, SysRedis
    from tests.conftest import StartServer
    from tests.valkey_server import ValkeyServer


def key_of(number: int) -> KeyOf[SysKeys]:
    return f"system:features:{number}"


class Counter:
    """Counters on the system server."""

    def __init__(self, client: SysRedis[SysKeys]) -> None:
        self._client = client

    def add(self, number: int) -> Awaitable[int]:
        return self._client.incr(key_of(number))

    async def read(self, number: int) -> int:
        return int(await self._client.get(key_of(number)) or 0)


class Disturbance:
    """What happens to one master and its replica."""

    def __init__(self, watched: Watched, callers: Callers) -> None:
        self._watched = watched
        self._callers = callers

    async def go_on(self, seconds: float) -> None:
        """Let everything happen once, in any order, and so on; after each fault all recovers within seconds."""
        dice = random.Random(3)
        until = time.monotonic() + seconds
        faults: list[Callable[[], Awaitable[None]]] = [self._kill_connections, self._hand_over, self._kill_the_master]
        while True:
            for fault in faults:
                await fault()
                await self._callers.all_write()
                await self._whole()
            if time.monotonic() > until:
                return
            dice.shuffle(faults)

    async def _kill_connections(self) -> None:
        master, _ = await self._roles()
        await ask(master, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    async def _hand_over(self) -> None:
        """Let the sentinels move the master to the replica, which has everything by then."""
        _, replica = await self._roles()
        async with asyncio.timeout(RECOVERY):
            while not await self._asked_to_hand_over():
                await asyncio.sleep(0.2)
        await self._named(replica)

    async def _asked_to_hand_over(self) -> bool:
        """Ask a sentinel for it, which refuses while it is not done with the failover before."""
        try:
            await ask(self._watched.sentinels[0], "SENTINEL", "FAILOVER", "sys", "COORDINATED")
        except ResponseError as error:
            assert str(error).startswith(("INPROG", "NOGOODSLAVE"))  # noqa: PT017 - anything else is raised
            return False
        return True

    async def _kill_the_master(self) -> None:
        master, replica = await self._roles()
        self._callers.forgive()
        master.kill()
        await self._named(replica)
        await self._callers.all_write()
        await self._bring_back(master, replica)

    async def _bring_back(self, old: ValkeyServer, master: ValkeyServer) -> None:
        """Start a server whose data are old: as a replica, which must not be promoted before it has everything."""
        old.configure(replicaof=f"127.0.0.1 {master.port}", replica_priority=0)
        await asyncio.to_thread(old.start)
        async with asyncio.timeout(RECOVERY):
            while (await ask(old, "INFO", "replication") or {}).get("master_link_status") != "up":
                await asyncio.sleep(0.05)
        await ask(old, "CONFIG", "SET", "replica-priority", 100)

    async def _roles(self) -> tuple[ValkeyServer, ValkeyServer]:
        """Give the master and the replica, as the sentinels see it."""
        first, second = self._watched.first, self._watched.second
        _, port = await ask(self._watched.sentinels[0], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "sys")
        return (first, second) if int(port) == first.port else (second, first)

    async def _named(self, server: ValkeyServer) -> None:
        """Wait until the sentinels call this one the master."""
        async with asyncio.timeout(RECOVERY):
            while (await self._roles())[0] is not server:
                await asyncio.sleep(0.05)

    async def _whole(self) -> None:
        """Wait until the replica has everything, and every sentinel knows it as one that may be promoted."""
        async with asyncio.timeout(2 * RECOVERY):
            while not await self._is_whole():
                await asyncio.sleep(0.1)

    async def _is_whole(self) -> bool:
        master, replica = await self._roles()
        one, other = await ask(master, "INFO", "replication"), await ask(replica, "INFO", "replication")
        if not (one and other and one["role"] == "master" and other["role"] == "slave"):
            return False
        if other["master_link_status"] != "up" or int(other["master_port"]) != master.port:
            return False
        for sentinel in self._watched.sentinels:
            known = await ask(sentinel, "SENTINEL", "REPLICAS", "sys")
            found = [dict(zip(*[iter(item)] * 2, strict=True)) if isinstance(item, list) else item for item in known]
            if not any(int(item["port"]) == replica.port and item["flags"] == "slave" for item in found):
                return False
        return True


DOWN: Final = 3000
"""Milliseconds of silence after which a server is called down. On a busy machine sentinels that are quicker promote a
replica while the master lives, and what that acknowledges meanwhile is lost with it."""


@pytest.mark.parametrize("seconds", [0, pytest.param(300, marks=pytest.mark.slow)])
async def test_every_acknowledged_write_is_there(start_server: StartServer, seconds: int) -> None:
    watched = Watched(start_server, DOWN)
    await watched.settle()
    sentinels = [f"{host}:{port}" for host, port in watched.addresses]
    async with create_sys_redis(SysKeys, url="redis://any", sentinels=sentinels, sentinel_name="sys") as client:
        callers = Callers(Counter(client))
        await callers.during(Disturbance(watched, callers).go_on(seconds))
