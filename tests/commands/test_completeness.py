"""Every command of the server that takes keys has a method, or a reason why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import redis.asyncio

from civiredis.commands import base

if TYPE_CHECKING:
    from tests.valkey_server import ValkeyServer

WITHOUT_METHOD: Final = {
    "clusterscan": "scans a whole cluster, node by node: for a client of clusters",
    "georadius": "deprecated since Redis 6.2: geosearch",
    "georadius_ro": "deprecated since Redis 6.2: geosearch",
    "georadiusbymember": "deprecated since Redis 6.2: geosearch",
    "georadiusbymember_ro": "deprecated since Redis 6.2: geosearch",
    "migrate": "moves keys to another server: administration",
    "pfdebug": "for the server's own developers",
    "restore-asking": "for clusters that move slots",
    "spublish": "its channel is no key: the server counts it among them to route it",
    "ssubscribe": "its channel is no key: the server counts it among them to route it",
    "sunsubscribe": "its channel is no key: the server counts it among them to route it",
    "watch": "needs a connection of its own",
    "xsetid": "for replication",
}


async def test_every_command_on_keys_has_a_method(cache_server: ValkeyServer) -> None:
    async with redis.asyncio.Redis.from_url(cache_server.url) as admin:
        commands = await admin.command()
    on_keys = {
        name
        for name, command in commands.items()
        if command["first_key_pos"] or {"movablekeys", b"movablekeys"} & set(command["flags"])
    }
    sources = "".join(path.read_text() for path in Path(base.__file__).parent.glob("*.py"))
    written = {word.lower() for word in re.findall(r'"([A-Z][A-Z_]+)"', sources)}
    also_written = {"decr", "incr", "setnx"}  # by DECRBY, INCRBY and SET NX
    assert on_keys - written - also_written == set(WITHOUT_METHOD)
