"""Bitmaps: strings taken bit by bit (https://redis.io/docs/latest/develop/data-types/bitmaps)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from civiredis.annotations import R
from civiredis.commands.arguments import option
from civiredis.commands.base import Commands
from civiredis.commands.replies import integer, optional_integers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument
    from civiredis.reply import Reply


class BitmapCommands(Commands[R]):
    """Commands on the bits of the string that a key holds."""

    def getbit(self, key: KeyOf[R], offset: int) -> Reply[int]:
        """Get the bit at `offset`, 0 or 1; 0 when missing (https://redis.io/commands/getbit)."""
        return self._run(integer, "GETBIT", self._key(key), offset)

    def setbit(self, key: KeyOf[R], offset: int, value: Literal[0, 1]) -> Reply[int]:
        """Set the bit at `offset`, and get the old one, 0 or 1 (https://redis.io/commands/setbit)."""
        return self._run(integer, *self._lasting(key, "SETBIT", self._key(key), offset, value))

    def bitcount(
        self,
        key: KeyOf[R],
        start: int | None = None,
        end: int | None = None,
        mode: Literal["BYTE", "BIT"] | None = None,
    ) -> Reply[int]:
        """Count the bits that are 1, from `start` to `end` in units of `mode` (https://redis.io/commands/bitcount)."""
        return self._run(integer, "BITCOUNT", self._key(key), *_span(start, end, mode))

    def bitpos(
        self,
        key: KeyOf[R],
        bit: Literal[0, 1],
        start: int | None = None,
        end: int | None = None,
        mode: Literal["BYTE", "BIT"] | None = None,
    ) -> Reply[int]:
        """Find the first bit that is `bit`, -1 when there is none (https://redis.io/commands/bitpos)."""
        return self._run(integer, "BITPOS", self._key(key), bit, *_span(start, end, mode))

    def bitop(
        self,
        operation: Literal["AND", "OR", "XOR", "NOT", "DIFF", "DIFF1", "ANDOR", "ONE"],
        dest: KeyOf[R],
        *keys: KeyOf[R] | list[KeyOf[R]],
    ) -> Reply[int]:
        """Combine the bits of `keys` into `dest`, and give its length in bytes (https://redis.io/commands/bitop)."""
        return self._run(integer, *self._lasting(dest, "BITOP", operation, self._key(dest), *self._keys(keys)))

    def bitfield(
        self, key: KeyOf[R], *operations: Iterable[str | int], overflow: Literal["WRAP", "SAT", "FAIL"] | None = None
    ) -> Reply[list[int | None]]:
        """Read and write integers of any width, one result an operation (https://redis.io/commands/bitfield).

        An operation is `("GET", "u8", 0)`, `("SET", "u8", 0, 255)` or `("INCRBY", "i5", "#1", 1)`. `overflow` rules
        the writes; with FAIL one that would overflow is left out and gives None.
        """
        words = [word for operation in operations for word in operation]
        return self._run(
            optional_integers, *self._lasting(key, "BITFIELD", self._key(key), *option("OVERFLOW", overflow), *words)
        )

    def bitfield_ro(self, key: KeyOf[R], *operations: tuple[str, str | int]) -> Reply[list[int | None]]:
        """Read integers of any width, each named as `("u8", 0)` (https://redis.io/commands/bitfield_ro)."""
        words = [word for encoding, offset in operations for word in ("GET", encoding, offset)]
        return self._run(optional_integers, "BITFIELD_RO", self._key(key), *words)


def _span(start: int | None, end: int | None, mode: str | None) -> list[Argument]:
    if start is None and (end is not None or mode is not None):
        message = "an end or a mode without a start: Redis counts from a start"
        raise ValueError(message)
    if end is None and mode is not None:
        message = "a mode without an end: write end=-1 for the rest of the value"
        raise ValueError(message)
    return [word for word in (start, end, mode) if word is not None]
