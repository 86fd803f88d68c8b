"""The grammar of keys: what a base is, and which base a key starts with.

A key is a registered base, or a registered base followed by `:` and anything, also nothing:

    key  = base [ ":" suffix ]
    base = text that is not blank and neither starts nor ends with ":"

The mypy plugin holds its own copy of these rules (it may not import this package); a property test keeps the two the
same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

SEPARATOR = ":"
PACKED_PREFIX = "packed:"
SYSTEM_PREFIXES = ("system:", "packed:system:")


def malformation(base: str) -> str | None:
    """What is wrong with `base` as a base key, as the end of a sentence; None when nothing is."""
    if not base:
        return "is empty"
    if not base.strip():
        return "is blank"
    if base.startswith(SEPARATOR):
        return "starts with a colon"
    if base.endswith(SEPARATOR):
        return "ends with a colon"
    return None


def longest_base(key: str, bases: Container[str], longest: int | None = None) -> str | None:
    """Find the longest of `bases` that `key` is, or that stands in `key` before a colon; None when there is none.

    Costs at most one look-up per colon-separated segment of `key`, whatever the number of bases. `longest`, the length
    of the longest base, spares the look-ups that cannot succeed: a key may be megabytes of colons.
    """
    end = len(key)
    if longest is not None and end > longest:
        end = key.rfind(SEPARATOR, 0, longest + 1)
    while end >= 0:
        candidate = key[:end]
        if candidate in bases:
            return candidate
        end = key.rfind(SEPARATOR, 0, end)
    return None
