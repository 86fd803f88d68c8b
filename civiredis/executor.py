"""The seam between commands and the wire: what a client or a pipeline asks of whatever carries its commands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from civiredis.commands.arguments import Argument

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from civiredis.commands.replies import RawReply
    from civiredis.reply import Reply
    from civiredis.transport import TransportStats

T = TypeVar("T")

Args: TypeAlias = tuple[Argument, ...]
"""A command, word by word; the words that are keys are of the type `WireKey`."""


class Executor(Protocol):
    """What carries commands out on one server. Making one connects nothing; the first command does.

    Replies are handed to `decode` as they were parsed: text as bytes, in the shapes of RESP3.
    """

    def execute(self, args: Args, decode: Callable[[RawReply], T]) -> Reply[T]:
        """Send one command. Its reply is what `decode` makes of the raw one, or raises the server's error."""

    def execute_blocking(self, args: Args, decode: Callable[[RawReply], T], seconds: float) -> Reply[T]:
        """Send a command that may wait for `seconds` (0: for ever), where it keeps no other command waiting."""

    def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> Awaitable[list[RawReply]]:
        """Send commands in one write, in MULTI and EXEC for a transaction, and give their raw replies in order.

        An error of a single command stands in its place; what stops all of them is raised.
        """

    def stats(self) -> TransportStats:
        """Count what happened so far."""

    async def aclose(self) -> None:
        """Close every connection."""
