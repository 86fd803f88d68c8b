"""Tables as Markdown has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table whose columns are aligned."""
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]

    def written(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([written(header), written(["-" * width for width in widths]), *map(written, rows)])
