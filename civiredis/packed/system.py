"""`.packed` of the system client: what does not unpack is an error, and stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from civiredis.annotations import R
from civiredis.commands.replies import done, integer
from civiredis.exceptions import UnpackError
from civiredis.packed.hashes import PackedHashCommands
from civiredis.packed.sets import PackedSetCommands
from civiredis.packed.strings import PackedStringCommands

if TYPE_CHECKING:
    from civiredis.commands.arguments import Argument
    from civiredis.places import Place


class SysPacked(PackedStringCommands[R], PackedHashCommands[R], PackedSetCommands[R]):
    """Packed values on the system server.

    Stored bytes that are no packed value raise `UnpackError`, which names the key, and nothing is touched.
    """

    async def _refuse(self, place: Place, stored: bytes, reason: str) -> NoReturn:  # noqa: ARG002 - never quoted
        message = f"{place.name} {place.fault}: {reason}; {place.outcome}"
        raise UnpackError(message)

    async def _refuse_popped(self, place: Place, popped: list[bytes], reason: str) -> NoReturn:
        """Put back all that was popped, so that no value is lost with the error.

        Should the set have been emptied, and had a lifetime, it comes back without one.
        """
        await self._run_at_once(integer, "SADD", place.wire_key, *popped)
        await self._refuse(place, b"", reason)

    async def _put_back(self, words: tuple[Argument, ...]) -> None:
        """Undo a command of the plain commands by `words`, so that no value is lost with the error."""
        await self._run_at_once(done, *words)
