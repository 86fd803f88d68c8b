"""A real cluster for tests and benchmarks, made of servers of its own."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import redis
from redis.exceptions import ResponseError

from tests.transport.asking import ask
from tests.valkey_server import ValkeyServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RANGES = ((0, 5460), (5461, 10922), (10923, 16383))


class Cluster:
    """Three masters, three replicas, joined without a tool of the server's."""

    @classmethod
    @contextlib.contextmanager
    def started(cls, timeout: int = 500) -> Iterator[Self]:
        """Run a cluster for the length of the block; it notices a dead node after `timeout` milliseconds."""
        with contextlib.ExitStack() as stack:
            servers = [
                stack.enter_context(
                    ValkeyServer(cluster_enabled="yes", cluster_node_timeout=timeout, repl_diskless_sync_delay=0)
                )
                for _ in range(6)
            ]
            made = cls(servers)
            made.join()
            yield made

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where its nodes listen."""
        return [("127.0.0.1", server.port) for server in self.servers]

    @property
    def servers(self) -> list[ValkeyServer]:
        """All of its nodes, whatever they are at the moment."""
        return [*self.masters, *self.replicas]

    def __init__(self, servers: list[ValkeyServer]) -> None:
        self.masters, self.replicas = servers[:3], servers[3:]

    def join(self) -> None:
        """Give out the slots, let everybody meet, and wait until the cluster serves."""
        clients: list[Any] = [redis.Redis.from_url(server.url, decode_responses=True) for server in self.servers]
        for epoch, client in enumerate(clients, 1):
            client.execute_command("CLUSTER SET-CONFIG-EPOCH", epoch)
        for client, (first, last) in zip(clients, RANGES, strict=False):
            client.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
        for client in clients[1:]:
            bus = clients[0].config_get("cluster-port")["cluster-port"]
            client.execute_command("CLUSTER MEET", "127.0.0.1", self.masters[0].port, bus)
        wait(lambda: all(client.execute_command("CLUSTER INFO")["cluster_known_nodes"] == "6" for client in clients))
        for master, replica in zip(clients, clients[3:], strict=False):
            ident = master.execute_command("CLUSTER MYID")
            wait(partial(replicates, replica, ident))
        wait(lambda: all(client.execute_command("CLUSTER INFO")["cluster_state"] == "ok" for client in clients))
        for client in clients:
            client.close()


async def move_slot(slot: int, source: ValkeyServer, target: ValkeyServer, pause: float = 0.01) -> None:
    """Move a slot with its keys, one key after another, to another master."""
    old, new = await ask(source, "CLUSTER MYID"), await ask(target, "CLUSTER MYID")
    await ask(target, "CLUSTER SETSLOT", slot, "IMPORTING", old)
    await ask(source, "CLUSTER SETSLOT", slot, "MIGRATING", new)
    while keys := await ask(source, "CLUSTER GETKEYSINSLOT", slot, 1):
        await asyncio.sleep(pause)
        await ask(source, "MIGRATE", "127.0.0.1", target.port, keys[0], 0, 5000)
    await asyncio.sleep(pause)
    for server in (target, source):
        await ask(server, "CLUSTER SETSLOT", slot, "NODE", new)


def replicates(replica: Any, ident: str) -> bool:
    try:
        replica.execute_command("CLUSTER REPLICATE", ident)
    except ResponseError:  # not met yet
        return False
    return True


def wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
