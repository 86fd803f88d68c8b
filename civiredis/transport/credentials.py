"""Credentials that are renewed while connections are open (redis-py's `StreamingCredentialProvider`).

A connection that is made asks its provider for credentials; that is redis-py's work. One that is open must log in
again when the provider has new ones, or the server ends it with the old ones.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from redis.credentials import CredentialProvider, StreamingCredentialProvider

from civiredis.reply import Answer
from civiredis.transport.reply import FutureReply
from civiredis.transport.wire import pack_command

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from redis.auth.token import TokenInterface

    from civiredis.transport.line import Line

log = logging.getLogger("civiredis.transport")


def follow(provider: CredentialProvider | None, log_in: Callable[[str, str], None]) -> None:
    """Call `log_in(username, password)` with every renewal, from whatever thread the provider tells of it in."""

    def renewed(token: TokenInterface) -> Any:  # noqa: ANN401 - typed as a callback without a result
        log_in(token.try_get("oid"), token.get_value())
        return Answer(None)  # some providers await what they call

    def failed(error: Exception) -> Any:  # noqa: ANN401 - as above
        log.warning("credentials were not renewed: %s", type(error).__name__)
        return Answer(None)

    if isinstance(provider, StreamingCredentialProvider):
        provider.on_next(renewed)
        provider.on_error(failed)


def log_in_again(loop: asyncio.AbstractEventLoop, lines: Iterable[Line], username: str, password: str) -> None:
    """Send AUTH on open connections, between the commands of their callers."""
    data = pack_command(("AUTH", username, password))
    for line in lines:
        reply: FutureReply[Any] = FutureReply.on(loop)
        reply.decode, reply.size, reply.resend = None, len(data), None
        reply.add_done_callback(_logged_in)
        line.push(reply, data)


def _logged_in(reply: FutureReply[Any]) -> None:
    error = None if reply.cancelled() else reply.exception()
    if error is not None:
        log.warning("a connection did not log in again with renewed credentials: %s", error)


class Asking(CredentialProvider):
    """Asks another provider, and does not listen to it: a provider tells one listener of its renewals."""

    def __init__(self, provider: CredentialProvider) -> None:
        """Ask `provider`."""
        self._provider = provider

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        """Give what the other gives."""
        return self._provider.get_credentials()

    async def get_credentials_async(self) -> tuple[str] | tuple[str, str]:
        """Give what the other gives."""
        return await self._provider.get_credentials_async()
