"""The picture of the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.transport.peers import CIVIREDIS

if TYPE_CHECKING:
    from collections.abc import Mapping

ROW: Final = 20
TITLE: Final = 30
LABEL: Final = 190
BAR: Final = 420
"""Height of a bar's row and of a title's, width of the labels and of the longest bar, in pixels."""

OURS: Final = "#c0392b"
THEIRS: Final = "#b0b8bf"


class Group(NamedTuple):
    """The bars of one work."""

    title: str
    goal: float
    """How many times the base we want to be."""
    bars: Mapping[str, float]
    """Operations per second of each peer, as times those of the base."""


def picture(groups: list[Group]) -> str:
    """Draw the groups below one another as SVG, each with a line at its goal."""
    longest = max(value for group in groups for value in group.bars.values())
    height = 16 + sum(TITLE + ROW * len(group.bars) for group in groups)
    size = f'width="{LABEL + BAR + 70}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    y = 0
    for group in groups:
        parts.append(f'<text x="8" y="{y + 22}" font-weight="bold">{group.title}, goal {group.goal:g}</text>')
        y += TITLE
        for name, value in group.bars.items():
            width = max(2.0, BAR * value / longest)
            parts.append(
                f'<text x="{LABEL - 8}" y="{y + 14}" text-anchor="end">{name}</text>'
                f'<rect x="{LABEL}" y="{y + 3}" width="{width:.0f}" height="{ROW - 5}" '
                f'fill="{OURS if name.startswith(CIVIREDIS) else THEIRS}"/>'
                f'<text x="{LABEL + width + 6:.0f}" y="{y + 14}">{value:.1f}</text>'
            )
            y += ROW
        at = LABEL + BAR * group.goal / longest
        top = y - ROW * len(group.bars)
        parts.append(f'<line x1="{at:.0f}" y1="{top}" x2="{at:.0f}" y2="{y}" stroke="#333" stroke-dasharray="3 2"/>')
    return "\n".join([*parts, "</svg>", ""])
