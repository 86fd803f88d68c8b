"""TLS in front of a server that has none: the test server is built without."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING, Self

import trustme

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from tests.valkey_server import ValkeyServer


class Certificates:
    """An authority, and what it vouches for, as files."""

    def __init__(self, directory: Path) -> None:
        self.authority = trustme.CA()
        self.ca = directory / "ca.pem"
        self.authority.cert_pem.write_to_path(self.ca)
        self.client = directory / "client.pem"
        self.authority.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(self.client)

    def context(self, *, name: str = "localhost", ask: bool = False) -> ssl.SSLContext:
        """Give what a server called `name` needs; with `ask` it wants certificates of its clients."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(name).configure_cert(context)
        if ask:
            self.authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class TlsFront:
    """Takes TLS connections, and hands what they carry to a server, as stunnel does."""

    def __init__(self, server: ValkeyServer, context: ssl.SSLContext) -> None:
        self.port = 0
        self._server = server
        self._context = context
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._context)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()
        self.cut()
        await self._listener.wait_closed()

    def cut(self) -> None:
        """Cut every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, there = await asyncio.open_connection("127.0.0.1", self._server.port)
        both = {writer, there}
        self._writers |= both
        try:
            await asyncio.gather(carry(reader, there), carry(behind, writer))
        finally:
            self._writers -= both
            for end in both:
                end.transport.abort()


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Carry bytes one way until either side ends."""
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.transport.abort()
