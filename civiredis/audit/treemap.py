"""Areas for a treemap: rectangles as large as their values, and as square as can be.

The algorithm is "Squarified Treemaps" by Bruls, Huizing and van Wijk (2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rectangle(NamedTuple):
    """A rectangle in the units of the whole map."""

    x: float
    y: float
    width: float
    height: float


def treemap(values: Sequence[float], width: float, height: float) -> list[Rectangle]:
    """Divide `width` by `height` into one rectangle for each of `values`, which are above 0 and fall."""
    free = Rectangle(0, 0, width, height)
    scale = width * height / sum(values) if values else 0
    areas = [value * scale for value in values]
    placed: list[Rectangle] = []
    start = 0
    while start < len(areas):
        side = min(free.width, free.height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
            end += 1
        row, free = _placed(areas[start:end], free)
        placed += row
        start = end
    return placed


def _worst(areas: Sequence[float], side: float) -> float:
    """How far from square the least square rectangle of a row along `side` is; 1 is a square."""
    total = sum(areas)
    if total <= 0 or side <= 0:
        return float("inf")
    return max(side * side * areas[0] / total**2, total**2 / (side * side * areas[-1]))


def _placed(areas: Sequence[float], free: Rectangle) -> tuple[list[Rectangle], Rectangle]:
    """Lay a row along the shorter side; return its rectangles, and what stays free."""
    total = sum(areas)
    row: list[Rectangle] = []
    if free.width >= free.height:
        thick = min(free.width, total / free.height) if free.height else 0
        y = free.y
        for area in areas:
            length = free.height * area / total
            row.append(Rectangle(free.x, y, thick, length))
            y += length
        return row, Rectangle(free.x + thick, free.y, free.width - thick, free.height)
    thick = min(free.height, total / free.width) if free.width else 0
    x = free.x
    for area in areas:
        length = free.width * area / total
        row.append(Rectangle(x, free.y, length, thick))
        x += length
    return row, Rectangle(free.x, free.y + thick, free.width, free.height - thick)
