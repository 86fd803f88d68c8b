"""The master that sentinels name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis, Sentinel
from redis.asyncio.connection import SSLConnection, parse_url

from civiredis.discovery import sentinel_addresses
from civiredis.location.login import asking, check_login
from civiredis.transport import SentinelMaster, Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.credentials import CredentialProvider

    from civiredis.transport import TransportOptions


class SentinelLocation:
    """The sentinels that know one client's server; of its URL user, password, database and TLS count."""

    def __init__(
        self,
        url: str,
        sentinels: Sequence[str],
        name: str | None,
        password: str | None,
        provider: CredentialProvider | None = None,
    ) -> None:
        """Check everything. Raises `SettingsError` where it is wrong."""
        self._addresses = sentinel_addresses(url, sentinels, name, ("url", "sentinels", "sentinel_name"))
        check_login(url, provider)
        self._url = url
        self._provider = provider
        self._name = name or ""
        self._password = password
        self._sentinel: Sentinel | None = None
        self._raw: Redis | None = None

    def transport(self, options: TransportOptions) -> Transport:
        """Make a transport to the master; while another is promoted, commands wait for it until their deadline."""
        master = SentinelMaster(self._addresses, self._name, self._url, password=self._password)
        return Transport.from_sentinels(master, replace(options, connect_retries=30, backoff_cap=0.25), self._provider)

    @property
    def raw(self) -> Redis:
        """redis-py's client of the master."""
        if self._raw is None:
            options: dict[str, Any] = {**parse_url(self._url), **asking(self._provider)}
            options["ssl"] = options.pop("connection_class", None) is SSLConnection
            for place in ("host", "port"):
                options.pop(place, None)
            self._sentinel = Sentinel(  # type: ignore[no-untyped-call]
                self._addresses, sentinel_kwargs={"password": self._password}
            )
            self._raw = self._sentinel.master_for(self._name, **options)
        return self._raw

    async def release(self) -> None:
        """Close redis-py's clients of the master and of the sentinels."""
        if self._raw is not None:
            await self._raw.aclose()
        if self._sentinel is not None:
            for client in self._sentinel.sentinels:
                await client.aclose()
