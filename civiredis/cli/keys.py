"""`civiredis keys`: registries as a table, as Markdown or as JSON, with what is found in them."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click
from rich import box
from rich.table import Table
from rich.text import Text

from civiredis.catalogue.entries import Entry, entries_of
from civiredis.catalogue.findings import Finding, Severity, findings_of
from civiredis.catalogue.value_types import without_modules
from civiredis.cli.console import output
from civiredis.cli.loading import load_all
from civiredis.quantities import counted, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

COLUMNS: Final = ("base", "attribute", "structure", "value type", "TTL", "doc", "declared")
STYLES: Final = {Severity.NOTE: "cyan", Severity.WARNING: "yellow", Severity.ERROR: "bold red"}


@click.command()
@click.argument("registries", metavar="MODULE:REGISTRY...", nargs=-1, required=True)
@click.option("--json", "form", flag_value="json", help="Write JSON, for programs.")
@click.option("--markdown", "form", flag_value="markdown", help="Write Markdown, for documentation.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="End with status 1 where a finding is at least this grave.",
)
def keys(registries: Sequence[str], form: str | None, fail_on: str) -> int:
    """List the base keys of registries, and what is found in them.

    The registries are imported from the current directory, as in `civiredis keys app.keys:CacheKeys app.keys:SysKeys`.
    """
    entries = [entry for registry in load_all(registries) for entry in entries_of(registry)]
    findings = findings_of(entries)
    if form == "json":
        click.echo(_json(entries, findings))
    elif form == "markdown":
        click.echo(_markdown(entries))
    else:
        _print(output(), entries, findings)
    grave = fail_on != "never" and any(finding.severity >= Severity[fail_on.upper()] for finding in findings)
    return int(grave)


def _print(console: Console, entries: Sequence[Entry], findings: Sequence[Finding]) -> None:
    for (registry, kind), group in groupby(entries, lambda entry: (entry.registry, entry.kind)):
        bases = list(group)
        table = Table(
            title=f"{registry} ({kind}, {counted(len(bases), 'base')})", title_justify="left", box=box.SIMPLE_HEAD
        )
        for column in COLUMNS:
            table.add_column(column, overflow="fold")
        for entry in bases:
            table.add_row(*map(Text, _cells(entry)))
        console.print(table)
    for finding in findings:
        places = [str(entry.place) for entry in finding.entries if entry.place is not None]
        label = Text(f"{finding.severity.name.lower()}: ", style=STYLES[finding.severity])
        console.print(label + Text(f"{finding.message}  [{finding.rule}]"), soft_wrap=True)
        if places:
            console.print(Text(f"    {', '.join(places)}", style="dim"), soft_wrap=True)
    console.print(Text(_summary(findings)), soft_wrap=True)


def _summary(findings: Sequence[Finding]) -> str:
    if not findings:
        return "Nothing found."
    counts = {grade: sum(finding.severity == grade for finding in findings) for grade in reversed(Severity)}
    return f"Found {', '.join(counted(count, grade.name.lower()) for grade, count in counts.items() if count)}."


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        entry.base,
        entry.attribute,
        entry.structure or "",
        _value_type(entry),
        "" if entry.ttl is None else duration(entry.ttl),
        entry.doc or "",
        "" if entry.place is None else str(entry.place),
    )


def _value_type(entry: Entry) -> str:
    """The type of the values, and how they are written."""
    shown = "" if entry.value_type is None else without_modules(entry.value_type)
    if entry.packed:
        return f"{shown} (MessagePack)" if shown else "MessagePack"
    return shown


def _markdown(entries: Sequence[Entry]) -> str:
    lines: list[str] = []
    for (registry, kind), group in groupby(entries, lambda entry: (entry.registry, entry.kind)):
        lines += [f"## {registry}", "", f"Keys of the {kind} server.", ""]
        lines += [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
        for entry in group:
            base, attribute, *rest = map(_markdown_cell, _cells(entry))
            lines.append(f"| {' | '.join([f'`{base}`', f'`{attribute}`', *rest])} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _markdown_cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").replace("<", "&lt;").split())


def _json(entries: Sequence[Entry], findings: Sequence[Finding]) -> str:
    document = {
        "keys": [
            {
                "registry": entry.registry,
                "kind": entry.kind,
                "base": entry.base,
                "attribute": entry.attribute,
                "packed": entry.packed,
                "structure": entry.structure,
                "value_type": entry.value_type,
                "ttl": entry.ttl,
                "doc": entry.doc,
                "path": None if entry.place is None else str(entry.place.path),
                "line": None if entry.place is None else entry.place.line,
            }
            for entry in entries
        ],
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.name.lower(),
                "message": finding.message,
                "attributes": [entry.attribute for entry in finding.entries],
            }
            for finding in findings
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
