"""A Redis Cluster: found through any of its nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redis.asyncio import RedisCluster
from redis.asyncio.cluster import ClusterNode

from civiredis.discovery import cluster_addresses
from civiredis.location.login import asking, check_login
from civiredis.transport.cluster import ClusterTransport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.credentials import CredentialProvider

    from civiredis.transport import TransportOptions


class ClusterLocation:
    """The nodes that one client's cluster is discovered from."""

    def __init__(self, url: str, nodes: Sequence[str], provider: CredentialProvider | None = None) -> None:
        """Check the `url` of a node, and further `nodes`. Raises `SettingsError` where they are wrong."""
        self._addresses = cluster_addresses(url, nodes, "url", "cluster_nodes")
        check_login(url, provider)
        self._url = url
        self._provider = provider
        self._raw: RedisCluster | None = None

    def transport(self, options: TransportOptions) -> ClusterTransport:
        """Make a transport to all masters; a node that does not answer is soon asked no more, as others may serve."""
        return ClusterTransport(self._addresses, self._url, replace(options, connect_retries=1), self._provider)

    @property
    def raw(self) -> RedisCluster:
        """redis-py's client of the cluster."""
        if self._raw is None:
            nodes = [ClusterNode(*address) for address in self._addresses]
            self._raw = RedisCluster.from_url(self._url, startup_nodes=nodes, **asking(self._provider))
        return self._raw

    async def release(self) -> None:
        """Close redis-py's client."""
        if self._raw is not None:
            await self._raw.aclose()
