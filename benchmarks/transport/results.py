"""Results: one row for each ratio, its goal beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks import markdown
from benchmarks.ratios import Ratio, ratio
from benchmarks.transport.peers import CIVIREDIS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.transport.rounds import Samples
    from benchmarks.transport.works import Work


class Row(NamedTuple):
    """A line of the table."""

    work: str
    against: str
    goal: str
    """In words; empty where there is none."""
    found: str
    reached: bool | None
    """None where there is no goal."""


def rows_of(work: Work, samples: Samples) -> list[Row]:
    """Compare ourselves with each peer: operations per second, then CPU time."""
    ours = samples[CIVIREDIS]
    rows = []
    for peer, goal in work.goals.items():
        found = ratio([sample.seconds for sample in samples[peer]], [sample.seconds for sample in ours])
        rows.append(at_least(work.name, peer, goal, found))
    for peer, most in work.cpu.items():
        found = ratio([sample.cpu for sample in ours], [sample.cpu for sample in samples[peer]])
        rows.append(at_most(work.name, f"{peer}: CPU", most, found))
    return rows


def at_least(work: str, against: str, goal: float | None, found: Ratio) -> Row:
    if goal is None:
        return Row(work, against, "", str(found), None)
    return Row(work, against, f">= {goal:g}", str(found), found.median >= goal)


def at_most(work: str, against: str, goal: float, found: Ratio) -> Row:
    return Row(work, against, f"<= {goal:g}", str(found), found.median <= goal)


def counted(work: str, goal: float, ours: float, redis_py: float | None = None) -> Row:
    """Write a count, which is the same in every round, and that of redis-py where it can be counted."""
    theirs = "" if redis_py is None else f" (redis-py: {redis_py:.1f})"
    return Row(work, "counted", f"<= {goal:g}", f"{ours:.1f}{theirs}", ours <= goal)


def table(rows: Mapping[str, Sequence[Row]]) -> str:
    """Write the rows of each event loop beside one another, as a Markdown table."""
    header = ["work", "against", "goal", *rows]
    lines: dict[tuple[str, str], list[str]] = {}
    for column, found in enumerate(rows.values()):
        for row in found:
            cells = lines.setdefault((row.work, row.against), [row.work, row.against, row.goal, *[""] * len(rows)])
            cells[3 + column] = row.found + {True: "", None: "", False: " MISSED"}[row.reached]
    return markdown.table(header, list(lines.values()))
