"""Keys that no base matches, in groups by how they begin."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from civiredis.audit.heaviest import Heaviest
from civiredis.grammar import SEPARATOR

if TYPE_CHECKING:
    from civiredis.audit.walk import KeyFacts

MOST_GROUPS: Final = 1000
"""Groups that are kept apart; the keys of further ones are counted together."""

OTHERS: Final = "(others)"
"""The group of all keys that came when there were `MOST_GROUPS`."""

LONGEST_PREFIX: Final = 80
"""Characters of a prefix that are kept."""

_VARIABLE: Final = re.compile(r"[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*|\d+")


class StrayGroup:
    """The unmatched keys of one prefix."""

    __slots__ = ("example", "keys", "memory", "prefix", "types")

    def __init__(self, prefix: str, example: bytes) -> None:
        self.prefix = prefix
        self.example = example
        self.keys = 0
        self.memory = 0
        self.types: Counter[bytes] = Counter()


class Strays:
    """All unmatched keys."""

    def __init__(self) -> None:
        self.groups: dict[str, StrayGroup] = {}
        self.heaviest = Heaviest()

    def add(self, text: str, facts: KeyFacts) -> None:
        """Count the key `text`."""
        prefix = prefix_of(text)
        group = self.groups.get(prefix)
        if group is None:
            if len(self.groups) >= MOST_GROUPS:
                prefix = OTHERS
            group = self.groups.setdefault(prefix, StrayGroup(prefix, facts.name))
        group.keys += 1
        group.memory += facts.memory
        group.types[facts.type] += 1
        self.heaviest.add(facts)

    def by_memory(self) -> list[StrayGroup]:
        """The groups, the largest first."""
        return sorted(self.groups.values(), key=lambda group: -group.memory)


def prefix_of(text: str) -> str:
    """What keys like this one have in common: the first segment, with numbers and identifiers as `*`.

    `legacy:17:x` belongs to `legacy:*`, `sess_5f3a9c0e77d1` to `sess_*`.
    """
    segment, separator, _ = text[: LONGEST_PREFIX * 4].partition(SEPARATOR)
    start = _VARIABLE.sub("*", segment)[:LONGEST_PREFIX]
    return f"{start}{SEPARATOR}*" if separator else start
