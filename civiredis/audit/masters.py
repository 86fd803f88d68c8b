"""The servers that together hold the keyspace: one, or every master of a cluster."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from civiredis.audit.link import AuditError, Link
from civiredis.server_url import Address, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOTS: Final = 16384
"""Slots of a cluster. https://valkey.io/topics/cluster-spec/"""


@contextmanager
def masters_of(url: str) -> Iterator[list[Link]]:
    """Connect to every master of the cluster that the server of `url` belongs to, or to that server alone.

    Raises `AuditError` where one cannot be reached, is a sentinel, or where the cluster does not serve all of its
    slots.
    """
    with ExitStack() as links:
        first = links.enter_context(Link.open(url))
        told = first.ask("INFO")
        if b"_mode:sentinel" in told:  # `redis_mode` in Redis, `server_mode` in Valkey
            raise AuditError(
                f"{first.name} is a sentinel, which holds no keys; give the URL of the master that it watches"
            )
        if b"cluster_enabled:1" not in told:
            yield [first]
            return
        yield [links.enter_context(Link.open(url, node)) for node in _nodes(first, url)]


def _nodes(first: Link, url: str) -> list[Address]:
    place = ServerUrl.parse(url, "--url").place
    asked = place.host if isinstance(place, Address) else "localhost"
    served = 0
    nodes: dict[Address, None] = {}
    for start, end, master, *_replicas in first.ask("CLUSTER", "SLOTS"):
        served += end - start + 1
        host = (master[0] or b"").decode()
        nodes[Address(asked if host in {"", "?"} else host, master[1])] = None
    if served < SLOTS:
        raise AuditError(f"the cluster of {first.name} serves {served} of {SLOTS} slots; mend it first")
    return list(nodes)
