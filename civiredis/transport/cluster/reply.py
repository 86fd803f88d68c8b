"""A reply that remembers its command: it may have to be sent to another node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from civiredis.transport.reply import FutureReply

if TYPE_CHECKING:
    from civiredis.transport.wire import Args


class ClusterReply(FutureReply[Any]):
    """The reply of one command in a cluster."""

    __slots__ = ("args", "route", "until")

    args: Args
    route: int
    until: float | None
    """Until when it is redirected and tried again (time of the loop); None before the first refusal."""
