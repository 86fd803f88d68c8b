"""The report of an audit as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.table import Table
from rich.text import Text

from civiredis.audit.conditions import problems_of
from civiredis.audit.wording import QUANTILES, contents, course_of, declared_lifetime, lifetimes, types, undecodable
from civiredis.quantities import number, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from civiredis.audit.report import AuditReport, BaseReport, StrayReport

MOST_GROUPS: Final = 20
"""Groups of unmatched keys that are shown; JSON and HTML have all."""

MOST_KEYS: Final = 10
"""Keys that are shown as the largest of all."""

RIGHT: Final = frozenset({"keys", "memory", "share", "TTL", *QUANTILES, "no TTL", "undecodable"})


def print_report(console: Console, report: AuditReport) -> None:
    """Print the tables, and what is not as it should be."""
    console.print(Text(course_of(report)), soft_wrap=True)
    about = "" if report.complete else "~"
    memory = sum(base.estimated_memory for base in report.bases) + sum(g.estimated_memory for g in report.unmatched)
    bases = sorted(report.bases, key=lambda base: -base.memory)
    columns = ["base", "keys", "memory", "share", "declared", "found", "undecodable"]
    _print_table(console, "Bases", columns, [_base_row(base, memory, about) for base in bases])
    if rows := [_lifetime_row(base) for base in bases if base.keys]:
        _print_table(console, "Lifetimes", ["base", "TTL", *QUANTILES, "no TTL"], rows)
    if report.unmatched:
        rows = [_stray_row(group, about) for group in report.unmatched[:MOST_GROUPS]]
        more = len(report.unmatched) - MOST_GROUPS
        title = "Keys that match no base" + (f" ({number(more)} more groups in --json)" if more > 0 else "")
        _print_table(console, title, ["prefix", "keys", "memory", "found", "example", "did you mean"], rows)
    largest = [key for base in report.bases for key in base.largest] + [*report.largest_unmatched]
    largest.sort(key=lambda key: -key.memory)
    rows = [[key.key, key.type, size(key.memory)] for key in largest[:MOST_KEYS]]
    if rows:
        _print_table(console, "Largest keys", ["key", "type", "memory"], rows)
    for problem in problems_of(report):
        label = Text(f"{problem.condition}: ", style="yellow")
        console.print(label + Text(problem.message), soft_wrap=True)


def _base_row(base: BaseReport, memory: int, about: str) -> list[str]:
    return [
        base.base,
        about + number(base.estimated_keys),
        about + size(base.estimated_memory),
        f"{base.estimated_memory / memory:.1%}" if memory else "",
        contents(base),
        types(base.types),
        undecodable(base.decoding),
    ]


def _lifetime_row(base: BaseReport) -> list[str]:
    left = [text for text, _ in lifetimes(base.ttl)]
    return [base.base, declared_lifetime(base.ttl), *left, number(base.ttl.without)]


def _stray_row(group: StrayReport, about: str) -> list[str]:
    return [
        group.prefix,
        about + number(group.estimated_keys),
        about + size(group.estimated_memory),
        types(group.types),
        group.example,
        group.meant or "",
    ]


def _print_table(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, justify="right" if column in RIGHT else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
