"""Ratios with their noise, as a table and as a picture."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Ratio:
    """How many times faster than the base, round by round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        """Write the median, and the middle half of the rounds behind it."""
        low, _, high = statistics.quantiles(self.rounds, n=4)
        return f"{self.median:.2f} ({low:.2f}-{high:.2f})"


def ratio(base: Sequence[float], seconds: Sequence[float]) -> Ratio:
    """Compare rounds that ran right after one another."""
    return Ratio(tuple(b / s for b, s in zip(base, seconds, strict=True)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(header), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)])


ROW = 26
LABEL = 300
BAR = 420
"""Height of a bar's row, width of the labels and of the longest bar, in pixels."""


def picture(title: str, bars: Sequence[tuple[str, float, bool]]) -> str:
    """Draw bars as SVG; each has a label, a ratio, and whether it is ours."""
    longest = max(value for _, value, _ in bars)
    height = ROW * (len(bars) + 1) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + BAR + 80}" height="{height}" font-size="13">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="20" font-weight="bold">{title}</text>',
    ]
    for row, (label, value, ours) in enumerate(bars, 1):
        y = ROW * row + 8
        width = max(2.0, BAR * value / longest)
        parts.append(
            f'<text x="8" y="{y + 15}">{label}</text>'
            f'<rect x="{LABEL}" y="{y + 2}" width="{width:.0f}" height="18" fill="{"#c0392b" if ours else "#b0b8bf"}"/>'
            f'<text x="{LABEL + width + 6:.0f}" y="{y + 15}">{value:.1f}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])
