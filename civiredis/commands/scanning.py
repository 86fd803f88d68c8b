"""Looking through what the server, a hash or a set holds (https://redis.io/commands/scan), page by page or whole.

What is there from the first page to the last comes at least once; what changes meanwhile may come twice or not at all.
`iteration` walks over all pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from civiredis.annotations import R
from civiredis.commands.arguments import option
from civiredis.commands.replies import cursor_of, page_of, scored, text_map, texts
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf
    from civiredis.reply import Reply

# What a pattern of keys takes for more than itself.
GLOB = re.compile(r"[\\*?\[\]^-]")

KeyType: TypeAlias = Literal["string", "list", "set", "zset", "hash", "stream"]


class ScanCommands(ValueCommands[R]):
    """Pages of keys, fields and members: `count` is how much the server looks at for one, `cursor` where it begins."""

    def keys(self, pattern: str = "*") -> Reply[list[KeyOf[R]]]:
        """List the keys of the registry that match; it blocks the server: rather scan (https://redis.io/commands/keys).

        Keys that start with no base of the registry are left out.
        """
        return self._run(self._found, "KEYS", self._pattern(pattern))

    def scan(
        self,
        cursor: int = 0,
        match: str | None = None,
        count: int | None = None,
        type: KeyType | None = None,
    ) -> Reply[tuple[int, list[KeyOf[R]]]]:
        """Get a page of keys, and the cursor of the next, 0 at the end (https://redis.io/commands/scan).

        Keys that start with no base of the registry are left out. `scan_iter` walks over all pages.
        """
        everything = "*" if self._namespace else None
        pattern = everything if match is None else match
        only = option("MATCH", None if pattern is None else self._pattern(pattern))
        return self._run(cursor_of(self._found), "SCAN", cursor, *only, *option("COUNT", count), *option("TYPE", type))

    def hscan(
        self, key: KeyOf[R], cursor: int = 0, match: str | None = None, count: int | None = None
    ) -> Reply[tuple[int, dict[str, str]]]:
        """Get a page of fields, and the cursor of the next, 0 at the end (https://redis.io/commands/hscan).

        `hscan_iter` walks over all pages.
        """
        rest = (*option("MATCH", match), *option("COUNT", count))
        return self._values(key, page_of(text_map), "HSCAN", self._key(key), cursor, *rest)

    def sscan(
        self, key: KeyOf[R], cursor: int = 0, match: str | None = None, count: int | None = None
    ) -> Reply[tuple[int, list[str]]]:
        """Get a page of members, and the cursor of the next, 0 at the end (https://redis.io/commands/sscan).

        `sscan_iter` walks over all pages. A member may come twice while the set changes.
        """
        rest = (*option("MATCH", match), *option("COUNT", count))
        return self._values(key, page_of(texts), "SSCAN", self._key(key), cursor, *rest)

    def zscan(
        self, key: KeyOf[R], cursor: int = 0, match: str | None = None, count: int | None = None
    ) -> Reply[tuple[int, list[tuple[str, float]]]]:
        """Get a page of members with scores, and the next cursor, 0 at the end (https://redis.io/commands/zscan).

        `zscan_iter` walks over all pages. A member may come twice while the set changes.
        """
        rest = (*option("MATCH", match), *option("COUNT", count))
        return self._values(key, page_of(scored), "ZSCAN", self._key(key), cursor, *rest)

    def _pattern(self, pattern: str) -> str:
        """Write a pattern of keys, with the namespace taken literally."""
        return GLOB.sub(r"\\\g<0>", self._namespace) + pattern
