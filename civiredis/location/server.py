"""One server: known from its URL, or, for `embedded://NAME`, once the server has started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis.asyncio import Redis

from civiredis import embedded
from civiredis.exceptions import EmbeddedServerError
from civiredis.location.login import asking, check_login
from civiredis.server_url import EMBEDDED, ServerUrl
from civiredis.transport import Transport

if TYPE_CHECKING:
    from redis.credentials import CredentialProvider

    from civiredis.transport import TransportOptions


class ServerLocation:
    """The address of one client's server. An embedded server runs from `find` to `release`."""

    def __init__(self, url: str, provider: CredentialProvider | None = None) -> None:
        """Check `url`, and start nothing. Raises `SettingsError` where it is wrong."""
        self._url = url
        self._provider = provider
        self._embedded = ServerUrl.parse(url, "url").scheme == EMBEDDED
        check_login(url, provider)
        self._lease: embedded.Lease | None = None
        self._raw: Redis | None = None

    def transport(self, options: TransportOptions) -> Transport:
        """Make a transport that starts an embedded server with the first command."""
        return Transport.found_by(self.find, options, self._provider)

    @property
    def raw(self) -> Redis:
        """redis-py's client. Raises `EmbeddedServerError` while an embedded server has not started."""
        if self._raw is None:
            self._raw = Redis.from_url(self.url, **asking(self._provider))
        return self._raw

    @property
    def url(self) -> str:
        """The URL that redis-py connects to. Raises `EmbeddedServerError` while an embedded server has not started."""
        if not self._embedded:
            return self._url
        if self._lease is None:
            message = f"{self._url} starts with the first command: await one, such as ping(), before this"
            raise EmbeddedServerError(message)
        return self._lease.url

    async def find(self) -> str:
        """Return the URL that redis-py connects to, and start an embedded server for it.

        Raises `EmbeddedServerError` where that does not start, or has ended since.
        """
        if self._embedded and self._lease is None:
            lease = await embedded.acquire(self._url)
            if self._lease is None:
                self._lease = lease
            else:  # another connection of this client, or another event loop, was faster
                await lease.release()
        if self._lease is not None:
            self._lease.check()
        return self.url

    async def release(self) -> None:
        """Give an embedded server back; it stops with the last client that uses it."""
        lease, self._lease = self._lease, None
        try:
            if self._raw is not None:
                await self._raw.aclose()
        finally:
            if lease is not None:
                await lease.release()
