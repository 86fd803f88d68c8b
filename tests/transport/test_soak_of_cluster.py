"""A cluster under load whose masters are killed, whose replicas take over and whose slots move."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from civiredis import create_cache_redis
from civiredis.transport.cluster.slots import slot_of
from tests.commands.keys import CacheKeys
from tests.transport.asking import ask
from tests.transport.soaking import CALLERS, RECOVERY, Callers
from tests.transport.valkey_cluster import Cluster, move_slot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from civiredis import CacheRedis, KeyOf
    from tests.valkey_server import ValkeyServer


def key_of(number: int) -> KeyOf[CacheKeys]:
    return f"generation:count:{number}"


class Counter:
    """Counters all over a cluster, read together with others of other slots."""

    def __init__(self, client: CacheRedis[CacheKeys]) -> None:
        self._client = client

    def add(self, number: int) -> Awaitable[int]:
        return self._client.incr(key_of(number))

    async def read(self, number: int) -> int:
        values = await self._client.mget([key_of(number + 1), key_of(number), key_of(number + 2)])
        return int(values[1] or 0)


class Disturbance:
    """What happens to one cluster."""

    def __init__(self, cluster: Cluster, callers: Callers) -> None:
        self._servers = [*cluster.masters, *cluster.replicas]
        self._callers = callers
        self._dice = random.Random(2)

    async def go_on(self, seconds: float) -> None:
        """Let everything happen once, in any order, and so on; after each fault all recovers within seconds."""
        until = time.monotonic() + seconds
        faults: list[Callable[[], Awaitable[None]]] = [
            self._kill_connections,
            self._move_the_slot_of_a_key,
            self._let_a_replica_take_over,
            self._kill_a_master,
        ]
        await self._whole()
        while True:
            for fault in faults:
                await fault()
                await self._callers.all_write()
                await self._whole()
            if time.monotonic() > until:
                return
            self._dice.shuffle(faults)

    async def _kill_a_master(self) -> None:
        victim = self._dice.choice(await self._masters())
        self._callers.forgive()
        victim.kill()
        async with asyncio.timeout(RECOVERY):
            while victim in await self._masters():
                await asyncio.sleep(0.1)
        await self._callers.all_write()
        await asyncio.to_thread(victim.start)

    async def _let_a_replica_take_over(self) -> None:
        masters = await self._masters()
        replica = self._dice.choice([server for server in self._servers if server not in masters])
        await ask(replica, "CLUSTER FAILOVER")
        async with asyncio.timeout(RECOVERY):
            while replica not in await self._masters():
                await asyncio.sleep(0.1)

    async def _move_the_slot_of_a_key(self) -> None:
        slot = slot_of(key_of(self._dice.randrange(CALLERS)))
        masters = await self._masters()
        (source,) = [master for master in masters if await ask(master, "CLUSTER COUNTKEYSINSLOT", slot)]
        await move_slot(slot, source, self._dice.choice([master for master in masters if master is not source]))

    async def _kill_connections(self) -> None:
        for master in await self._masters():
            await ask(master, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    async def _masters(self) -> list[ValkeyServer]:
        """Give those who serve slots, as the first node that answers sees it."""
        for server in self._servers:
            slots: Any = await ask(server, "CLUSTER SLOTS")
            if slots:
                ports = {primary[1] for _, _, primary, *_ in slots}
                return [server for server in self._servers if server.port in ports]
        raise AssertionError("no node answers")

    async def _whole(self) -> None:
        """Wait until there are three masters, each with a replica that has everything, and all agree."""
        async with asyncio.timeout(2 * RECOVERY):
            while not await self._is_whole():
                await asyncio.sleep(0.1)

    async def _is_whole(self) -> bool:
        nodes = [await ask(server, "INFO", "replication") for server in self._servers]
        states = [await ask(server, "CLUSTER INFO") for server in self._servers]
        if not all(nodes) or not all(state and state["cluster_state"] == "ok" for state in states):
            return False
        masters = [node for node in nodes if node["role"] == "master" and node["connected_slaves"] >= 1]
        replicas = [node for node in nodes if node["role"] == "slave" and node["master_link_status"] == "up"]
        return len(masters) == len(replicas) == 3


@pytest.mark.parametrize("seconds", [0, pytest.param(300, marks=pytest.mark.slow)])
async def test_every_acknowledged_write_is_there(seconds: int) -> None:
    with Cluster.started(timeout=1500) as cluster:
        nodes = [f"{host}:{port}" for host, port in cluster.addresses]
        url = f"redis://{nodes[0]}"
        async with create_cache_redis(CacheKeys, url=url, cluster=True, cluster_nodes=nodes) as client:
            callers = Callers(Counter(client))
            await callers.during(Disturbance(cluster, callers).go_on(seconds))
