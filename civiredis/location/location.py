"""What a client asks of the place where its server is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from redis.asyncio import Redis, RedisCluster

if TYPE_CHECKING:
    from civiredis.executor import Executor
    from civiredis.transport import TransportOptions

Raw_co = TypeVar("Raw_co", bound=Redis | RedisCluster, covariant=True)


class Location(Protocol[Raw_co]):
    """A place to send commands to. Making one checks what it was made of, and connects nothing."""

    def transport(self, options: TransportOptions) -> Executor:
        """Make what carries commands there."""

    @property
    def raw(self) -> Raw_co:
        """redis-py's own client for this place, made when it is asked for first."""

    async def release(self) -> None:
        """Close redis-py's client, and give back whatever runs for this location alone."""
