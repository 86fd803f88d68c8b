"""The largest of any number of keys, in bounded memory."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from civiredis.audit.walk import KeyFacts

MOST: Final = 10
"""How many keys are kept."""


class Heavy(NamedTuple):
    """One of the largest keys. They are ordered by memory, then by name, so the order of the walk does not matter."""

    memory: int
    """Bytes."""
    name: bytes
    type: bytes


class Heaviest:
    """Keeps the largest keys."""

    __slots__ = ("_heap",)

    def __init__(self) -> None:
        self._heap: list[Heavy] = []

    def add(self, facts: KeyFacts) -> None:
        """Look at one key."""
        if len(self._heap) < MOST:
            heapq.heappush(self._heap, Heavy(facts.memory, facts.name, facts.type))
        elif (facts.memory, facts.name) > self._heap[0]:
            heapq.heapreplace(self._heap, Heavy(facts.memory, facts.name, facts.type))

    def in_order(self) -> list[Heavy]:
        """The largest keys, the largest first."""
        return sorted(self._heap, key=lambda heavy: (-heavy.memory, heavy.name))
