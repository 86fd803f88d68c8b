"""The grammar of keys, as `civiredis.grammar` has it.

The plugin runs in the type checker's environment, where the package itself may not be importable, so the rules stand
here again; a property test keeps the two the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

SEPARATOR: Final = ":"
PACKED_PREFIX: Final = "packed:"
SYSTEM_PREFIXES: Final = ("system:", "packed:system:")
UNSEEN: Final = ":"
"""No base."""


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


class Bases:
    """The bases of one or more registries, ready to be asked which of them a text starts with or leads to."""

    def __init__(self, bases: Iterable[str]) -> None:
        self.all = frozenset(bases)
        self.ordered = sorted(self.all)
        self._complete: dict[str, str | None] = {}

    def __contains__(self, text: object) -> bool:
        return text in self.all

    def longest_before_separator(self, text: str) -> str | None:
        """Find the longest base that stands in `text` before a colon; the text as a whole does not count."""
        end = text.rfind(SEPARATOR)
        while end >= 0:
            candidate = text[:end]
            if candidate in self.all:
                return candidate
            end = text.rfind(SEPARATOR, 0, end)
        return None

    def longest(self, key: str) -> str | None:
        """Find the longest base that `key` is, or that stands in it before a colon; None when there is none."""
        return key if key in self.all else self.longest_before_separator(key)

    def first_starting_with(self, text: str) -> str | None:
        """Find the first base that starts with `text`, so that more text could complete it."""
        at = bisect_left(self.ordered, text)
        if at < len(self.ordered) and self.ordered[at].startswith(text):
            return self.ordered[at]
        return None

    def complete_in(self, head: str) -> str | None:
        """Find the base that stands in `head` before a colon, where no longer one can follow: anything may.

        The heads of many keys are the same, so each is looked at once.
        """
        found = self._complete.get(head, UNSEEN)
        if found is UNSEEN:
            may_grow = self.first_starting_with(head) is not None
            found = self._complete[head] = None if may_grow else self.longest_before_separator(head)
        return found
