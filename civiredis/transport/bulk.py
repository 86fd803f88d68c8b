"""Large values travel on a second connection, so that small ones do not wait behind them.

A large command is known by its size. A large reply is known only once it came: the key it was read from is
remembered, and further commands on that key take the second connection. So the first read of a large value still
holds what was sent after it, and so does a large reply that is not read from a key (KEYS, a script).

Order is kept per key: a large command starts when everything issued before it is answered, and while it is under
way further commands on its keys follow it. Between different keys, commands issued without awaiting each other may
be executed in another order when one of them is large.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from civiredis.transport.reply import FutureReply
from civiredis.transport.wire import pack_command

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from civiredis.transport.link import Link
    from civiredis.transport.wire import Args, Parcel

KEYS_REMEMBERED: Final = 1024
"""Keys of large values that are remembered; the oldest goes first."""

LONGEST_KEY: Final = 1024
"""Longer arguments are taken for values, not keys: hashing them would cost more than it saves."""

FENCE: Final[bytes] = pack_command(("PING",))


class Bulk:
    """Chooses between the connection for small values and the one for large ones."""

    def __init__(self, small: Link, large: Link) -> None:
        """Watch the replies of `small` for large ones."""
        self.small = small
        self.large = large
        self.detours = False
        """Whether any command needs a look at its keys at all."""
        self._active: dict[Hashable, int] = {}
        self._learnt: dict[Hashable, None] = {}
        self._held: deque[tuple[FutureReply[Any], bytes, Parcel, FutureReply[Any]]] = deque()
        small.on_large = self.learn

    def wants(self, commands: Iterable[Args]) -> bool:
        """Whether one of `commands` concerns a key whose value is large or has a large command under way."""
        for args in commands:
            if len(args) > 1 and args[1] in self._learnt:
                return True
            if self._active and any(key in self._active for key in keys_of(args)):
                return True
        return False

    def send(self, reply: FutureReply[Any], data: bytes, parcel: Parcel, commands: Iterable[Args]) -> None:
        """Send on the second connection, behind everything issued before."""
        keys = [key for args in commands for key in keys_of(args)]
        for key in keys:
            self._active[key] = self._active.get(key, 0) + 1
        self.detours = True
        if self.small.busy or self._held:
            fence = fence_reply(self.small)
            self._held.append((reply, data, parcel, fence))
            fence.add_done_callback(self._release)
        else:
            self.large.send(reply, data, parcel)
        reply.add_done_callback(lambda _: self._left(keys))

    def learn(self, reply: FutureReply[Any]) -> None:
        """Remember the key that a large reply was read from."""
        if reply.resend is None:
            return
        key = key_in(reply.resend)
        if key is not None:
            self._learnt[key] = None
            self._learnt[key.decode("utf-8", "replace")] = None
            while len(self._learnt) > KEYS_REMEMBERED:
                del self._learnt[next(iter(self._learnt))]
            self.detours = True

    def _release(self, fence: FutureReply[Any]) -> None:
        while self._held:
            reply, data, parcel, its_fence = self._held.popleft()
            if not reply.done():
                self.large.send(reply, data, parcel)
            if its_fence is fence:
                return

    def _left(self, keys: list[Hashable]) -> None:
        for key in keys:
            count = self._active.get(key, 0) - 1
            if count > 0:
                self._active[key] = count
            else:
                self._active.pop(key, None)
        self.detours = bool(self._active or self._learnt)


def fence_reply(link: Link) -> FutureReply[Any]:
    """Send a PING whose answer tells that everything before it is answered."""
    fence: FutureReply[Any] = FutureReply.on(link.loop)
    fence.decode, fence.size, fence.resend = None, len(FENCE), FENCE
    link.send(fence, FENCE, FENCE)
    return fence


def keys_of(args: Args) -> list[Hashable]:
    """Arguments that may be keys."""
    return [arg for arg in args[1:] if isinstance(arg, (str, bytes)) and len(arg) <= LONGEST_KEY]


def key_in(data: bytes) -> bytes | None:
    """Give the first argument of a packed command."""
    parts = data.split(b"\r\n", 5)  # *2, $3, GET, $5, mykey, rest
    return parts[4] if len(parts) > 5 and parts[3] == b"$%d" % len(parts[4]) else None  # noqa: PLR2004
