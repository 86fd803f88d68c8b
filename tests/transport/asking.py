"""One command to one server, from outside of what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

if TYPE_CHECKING:
    from tests.valkey_server import ValkeyServer


async def ask(server: ValkeyServer, *command: str | int) -> Any:
    """Send one command to one node; text comes back as `str`. A dead node gives None."""
    retry = Retry(NoBackoff(), 0)
    async with Redis.from_url(server.url, decode_responses=True, socket_timeout=5, retry=retry) as client:
        try:
            return await client.execute_command(*command)  # type: ignore[no-untyped-call]
        except RedisConnectionError:
            return None
