"""Ratios of two clients, round by round, with their noise."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Ratio:
    """How many times as much, in each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        """Write the median, and the lowest and highest round behind it."""
        return f"{self.median:.2f} ({min(self.rounds):.2f} to {max(self.rounds):.2f})"


def ratio(over: Sequence[float], under: Sequence[float]) -> Ratio:
    """Divide what was measured in rounds that ran right after one another."""
    return Ratio(tuple(a / b for a, b in zip(over, under, strict=True)))
