"""What can be set on a transport, with the reason for each default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """Limits of one client's transport; times in seconds, sizes in bytes."""

    timeout: float = 5.0
    """How long a command may take from being issued to its reply, waiting for a connection included (redis-py's
    `socket_timeout` default). A blocking command may take its own timeout on top."""
    connect_timeout: float = 5.0
    """How long dialling and the handshake may take together."""
    connect_retries: int = 5
    """Further attempts to connect before the waiting commands fail; with the back-off below, about 1.2 s in all."""
    backoff_base: float = 0.05
    """Pause before the second attempt; it doubles from there, and a random half of it is left out, so that many
    clients do not come back at the same moment."""
    backoff_cap: float = 1.0
    """The longest pause between two attempts."""
    pending_limit: int = 8 * 1024 * 1024
    """Bytes of unanswered commands per connection; further commands wait their turn. 8 MiB hold a reply back by
    some 10 ms on the loopback and keep the memory of a flood of writes bounded."""
    large: int = 256 * 1024
    """From here on a command or a reply is large and travels on a second connection: what one read of an asyncio
    socket takes at most."""
    own_connections: int = 32
    """Connections for blocking commands and leases at the same time; further ones wait."""
    resends: int = 3
    """How often a read is sent again when its connection is lost."""
