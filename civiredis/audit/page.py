"""The report of an audit as one page, which needs nothing but itself and asks nothing of any server.

Names of keys are whatever somebody has written into a database: every text is escaped, and the page forbids itself
all scripts but its own.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from civiredis.audit.conditions import problems_of
from civiredis.audit.treemap import treemap
from civiredis.audit.wording import QUANTILES, contents, course_of, declared_lifetime, lifetimes, types, undecodable
from civiredis.grammar import PACKED_PREFIX
from civiredis.quantities import counted, number, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.audit.report import AuditReport, BaseReport, StrayReport

WIDTH: Final = 1160
HEIGHT: Final = 380
CHARACTER: Final = 7.1
"""About how wide a character of the treemap's labels is, in the units of `WIDTH`."""

LOWEST: Final = 20
"""Height from which a rectangle of the treemap has a label."""

SHORTEST: Final = 6
"""Characters of a longer name that its label has at least; less would tell nothing."""

MOST_OPEN: Final = 4
"""Messages of one condition that are shown at once."""

MEMORY: Final = "memory"
"""The column by which each table is sorted at first, downwards."""

MOST_AREAS: Final = 200
"""Rectangles of the treemap; what is smaller cannot be seen."""

_HERE: Final = Path(__file__).parent


class Cell(NamedTuple):
    """A cell of a table."""

    text: str
    value: float | None = None
    """What it is sorted by, where that is a number."""
    code: bool = False


class _Area(NamedTuple):
    name: str
    memory: int
    kind: str


def page_of(report: AuditReport) -> str:
    """Write the page."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Keys of {escape(report.masters[0])}</title>
<style>{style}</style>
</head>
<body>
<h1>Keys of {escape(", ".join(report.masters))}</h1>
<p>{escape(course_of(report))}; {escape(report.at)}</p>
{_problems(report)}
{_map(report)}
{_bases(report)}
{_lifetimes(report)}
{_strays(report)}
{_largest(report)}
<script>{script}</script>
</body>
</html>
"""


def _problems(report: AuditReport) -> str:
    found = groupby(problems_of(report), lambda problem: problem.condition)
    items = "".join(_condition(condition, [problem.message for problem in problems]) for condition, problems in found)
    return f"<h2>Not as declared</h2><ul>{items}</ul>" if items else ""


def _condition(condition: str, messages: Sequence[str]) -> str:
    """Show the messages of one condition; many of them only when they are asked for."""
    if len(messages) <= MOST_OPEN:
        return "".join(f"<li><b>{escape(condition)}</b>: {escape(message)}</li>" for message in messages)
    items = "".join(f"<li>{escape(message)}</li>" for message in messages)
    title = f"<b>{escape(condition)}</b>: {counted(len(messages), 'base')}"
    return f"<li><details><summary>{title}</summary><ul>{items}</ul></details></li>"


def _map(report: AuditReport) -> str:
    areas = [_Area(base.base, base.estimated_memory, _kind(base)) for base in report.bases]
    areas += [_Area(group.prefix, group.estimated_memory, "stray") for group in report.unmatched]
    areas = sorted((area for area in areas if area.memory > 0), key=lambda area: -area.memory)[:MOST_AREAS]
    if not areas:
        return "<h2>Memory</h2><p>No keys.</p>"
    drawn = "".join(
        _drawn(area, *rectangle)
        for area, rectangle in zip(areas, treemap([area.memory for area in areas], WIDTH, HEIGHT), strict=True)
    )
    names = {"plain": "plain values", "packed": "MessagePack", "stray": "no base matches"}
    legend = "".join(f'<span class="{kind}"></span>{name}' for kind, name in names.items())
    return (
        f"<h2>Memory: {size(sum(area.memory for area in areas))}</h2>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Memory by base">{drawn}</svg>'
        f'<p class="legend">{legend}</p>'
    )


def _kind(base: BaseReport) -> str:
    return "packed" if base.base.startswith(PACKED_PREFIX) else "plain"


def _drawn(area: _Area, x: float, y: float, width: float, height: float) -> str:
    fits = int((width - 12) / CHARACTER)
    label = ""
    if height >= LOWEST and fits >= min(len(area.name), SHORTEST):
        name = area.name if len(area.name) <= fits else f"{area.name[: fits - 1]}…"
        label = f'<text x="{x + 6:.1f}" y="{y + 16:.1f}">{escape(name)}</text>'
        if height >= 2 * LOWEST and fits >= len(size(area.memory)):
            label += f'<text x="{x + 6:.1f}" y="{y + 33:.1f}">{size(area.memory)}</text>'
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    title = f"<title>{escape(area.name)}: {size(area.memory)}</title>"
    return f'<g><rect class="{area.kind}" {place}>{title}</rect>{label}</g>'


def _bases(report: AuditReport) -> str:
    about = "" if report.complete else "~"
    rows = [
        [
            Cell(base.base, code=True),
            Cell(base.attribute, code=True),
            Cell(about + number(base.estimated_keys), base.estimated_keys),
            Cell(about + size(base.estimated_memory), base.estimated_memory),
            Cell(contents(base)),
            Cell(types(base.types)),
            Cell(undecodable(base.decoding), -1 if base.decoding is None else base.decoding.undecodable),
        ]
        for base in sorted(report.bases, key=lambda base: -base.memory)
    ]
    return _table("Bases", ["base", "attribute", "keys", MEMORY, "declared", "found", "undecodable"], rows)


def _lifetimes(report: AuditReport) -> str:
    rows = [
        [
            Cell(base.base, code=True),
            Cell(declared_lifetime(base.ttl), base.ttl.declared or -1),
            *(Cell(text, seconds) for text, seconds in lifetimes(base.ttl)),
            Cell(number(base.ttl.without), base.ttl.without),
        ]
        for base in sorted(report.bases, key=lambda base: -base.memory)
        if base.keys
    ]
    return _table("Lifetimes", ["base", "TTL", *QUANTILES, "no TTL"], rows) if rows else ""


def _strays(report: AuditReport) -> str:
    if not report.unmatched:
        return ""
    return _table(
        "Keys that match no base",
        ["prefix", "keys", MEMORY, "found", "example", "did you mean"],
        [_stray_row(group, "" if report.complete else "~") for group in report.unmatched],
    )


def _stray_row(group: StrayReport, about: str) -> list[Cell]:
    return [
        Cell(group.prefix, code=True),
        Cell(about + number(group.estimated_keys), group.estimated_keys),
        Cell(about + size(group.estimated_memory), group.estimated_memory),
        Cell(types(group.types)),
        Cell(group.example, code=True),
        Cell(group.meant or "", code=True),
    ]


def _largest(report: AuditReport) -> str:
    keys = [(base.base, key) for base in report.bases for key in base.largest]
    keys += [("", key) for key in report.largest_unmatched]
    rows = [
        [Cell(key.key, code=True), Cell(base, code=True), Cell(key.type), Cell(size(key.memory), key.memory)]
        for base, key in keys
    ]
    rows.sort(key=lambda row: -(row[-1].value or 0))
    return _table("Largest keys", ["key", "base", "type", MEMORY], rows) if rows else ""


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    numeric = [cell.value is not None for cell in rows[0]] if rows else [False] * len(columns)
    head = "".join(
        f"<th{_class(number_column)}{_sorting(column)}><button>{escape(column)}</button></th>"
        for column, number_column in zip(columns, numeric, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return f"<h2>{escape(title)}</h2>{table}"


def _cell(cell: Cell) -> str:
    text = f"<code>{escape(cell.text)}</code>" if cell.code and cell.text else escape(cell.text)
    value = "" if cell.value is None else f' data-value="{cell.value}"'
    return f"<td{_class(cell.value is not None)}{value}>{text}</td>"


def _sorting(column: str) -> str:
    return ' aria-sort="descending"' if column == MEMORY else ""


def _class(numeric: bool) -> str:  # noqa: FBT001 the only thing there is to say
    return ' class="number"' if numeric else ""
