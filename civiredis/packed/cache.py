"""`.packed` of the cache client: what does not unpack is a miss, and is removed, for it can be rebuilt."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from civiredis.annotations import R
from civiredis.commands.replies import integer
from civiredis.packed.hashes import PackedHashCommands
from civiredis.packed.sets import PackedSetCommands
from civiredis.packed.strings import PackedStringCommands

if TYPE_CHECKING:
    from civiredis.commands.arguments import Argument
    from civiredis.places import Place

logger = logging.getLogger("civiredis.packed")


class CachePacked(PackedStringCommands[R], PackedHashCommands[R], PackedSetCommands[R]):
    """Packed values on the cache server.

    Stored bytes that are no packed value count as missing: a warning of the logger `civiredis.packed` names the
    key, and exactly these bytes are removed. A value written meanwhile stays.
    """

    async def _refuse(self, place: Place, stored: bytes, reason: str) -> None:
        try:
            removed = await self._run_at_once(integer, *place.removal(stored))
        except (RedisError, OSError) as error:  # a miss all the same; its text may quote the command
            outcome = f"not removed: {type(error).__name__}"
        else:
            outcome = "removed" if removed else "not removed: it is no longer there"
        logger.warning("%s %s and counts as missing: %s (%s)", place.name, place.fault, reason, outcome)

    async def _refuse_popped(self, place: Place, popped: list[bytes], reason: str) -> None:  # noqa: ARG002
        logger.warning("%s %s and counts as missing: %s (popped)", place.name, place.fault, reason)

    async def _put_back(self, words: tuple[Argument, ...]) -> None:
        """Leave out what was taken out: it is none, and can be rebuilt."""
