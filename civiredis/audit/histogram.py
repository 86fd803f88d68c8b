"""Quantiles of any number of whole numbers in bounded memory."""

from __future__ import annotations

from collections import Counter
from typing import Final

PRECISION: Final = 6
"""Bits that are kept of each number: below 64 it is exact, above its error is at most 1/64."""


class Histogram:
    """Counts numbers from 0 on in buckets that grow with the number, as HdrHistogram does."""

    __slots__ = ("_buckets", "count", "largest", "smallest")

    def __init__(self) -> None:
        self._buckets: Counter[tuple[int, int]] = Counter()
        self.count = 0
        self.smallest = 0
        self.largest = 0

    def add(self, number: int) -> None:
        """Count one number."""
        shift = max(0, number.bit_length() - PRECISION)
        self._buckets[shift, number >> shift] += 1
        self.smallest = number if self.count == 0 else min(self.smallest, number)
        self.largest = max(self.largest, number)
        self.count += 1

    def quantile(self, share: float) -> int | None:
        """The number that `share` (0 to 1) of all are not above, within 1/64; None where there are none."""
        if self.count == 0:
            return None
        wanted = share * self.count
        seen = 0
        for (shift, kept), count in sorted(self._buckets.items()):
            seen += count
            if seen >= wanted:
                middle = (kept << shift) + ((1 << shift) >> 1)
                return max(self.smallest, min(middle, self.largest))
        return self.largest
