"""Walks over everything that a scan finds, page by page (https://redis.io/commands/scan).

What is there from the beginning to the end of a walk comes at least once; what changes meanwhile may come twice or not
at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.annotations import R
from civiredis.commands.scanning import ScanCommands

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from civiredis.annotations import KeyOf
    from civiredis.commands.scanning import KeyType


class IterationCommands(ScanCommands[R]):
    """Async iterators; clients have them. `count` is how much the server looks at for a page."""

    async def scan_iter(
        self, match: str | None = None, count: int | None = None, type: KeyType | None = None
    ) -> AsyncIterator[KeyOf[R]]:
        """Walk over the keys of the registry (https://redis.io/commands/scan).

        Keys on the server that start with no base of the registry, or are no UTF-8, are left out: so whatever comes
        is a `KeyOf[R]` and goes back into a command as it is.
        """
        cursor = 0
        while True:
            cursor, page = await self.scan(cursor, match, count, type)
            for key in page:
                yield key
            if cursor == 0:
                return

    async def hscan_iter(
        self, key: KeyOf[R], match: str | None = None, count: int | None = None
    ) -> AsyncIterator[tuple[str, str]]:
        """Walk over the fields of a hash with their values (https://redis.io/commands/hscan)."""
        cursor = 0
        while True:
            cursor, page = await self.hscan(key, cursor, match, count)
            for field in page.items():
                yield field
            if cursor == 0:
                return

    async def sscan_iter(self, key: KeyOf[R], match: str | None = None, count: int | None = None) -> AsyncIterator[str]:
        """Walk over the members of a set (https://redis.io/commands/sscan)."""
        cursor = 0
        while True:
            cursor, page = await self.sscan(key, cursor, match, count)
            for member in page:
                yield member
            if cursor == 0:
                return

    async def zscan_iter(
        self, key: KeyOf[R], match: str | None = None, count: int | None = None
    ) -> AsyncIterator[tuple[str, float]]:
        """Walk over the members of a sorted set with their scores (https://redis.io/commands/zscan)."""
        cursor = 0
        while True:
            cursor, page = await self.zscan(key, cursor, match, count)
            for member in page:
                yield member
            if cursor == 0:
                return
