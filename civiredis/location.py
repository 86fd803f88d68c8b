"""Where the server of a client listens: known from its URL, or, for `embedded://NAME`, once the server has started."""

from __future__ import annotations

import asyncio

from civiredis import embedded
from civiredis.exceptions import EmbeddedServerError
from civiredis.server_url import EMBEDDED, ServerUrl


class Location:
    """The address of one client's server. An embedded server runs from `find` to `release`."""

    def __init__(self, url: str) -> None:
        """Check `url`, and start nothing. Raises `SettingsError` where it is wrong."""
        self._url = url
        self._embedded = ServerUrl.parse(url, "url").scheme == EMBEDDED
        self._lease: embedded.Lease | None = None
        self._starting = asyncio.Lock()

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
        """Return the URL that redis-py connects to, and start an embedded server for it."""
        if self._embedded and self._lease is None:
            async with self._starting:
                if self._lease is None:
                    self._lease = await embedded.acquire(self._url)
        return self.url

    async def release(self) -> None:
        """Give an embedded server back; it stops with the last client that uses it."""
        lease, self._lease = self._lease, None
        if lease is not None:
            await lease.release()
