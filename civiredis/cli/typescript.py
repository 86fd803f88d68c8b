"""`civiredis export typescript` and `civiredis import typescript`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from civiredis.cli.failure import CommandError
from civiredis.cli.files import read_text, write_text
from civiredis.cli.loading import load_all
from civiredis.typescript.drift import differences
from civiredis.typescript.python import python_of
from civiredis.typescript.reading import read_typescript
from civiredis.typescript.table import TableError, table_of
from civiredis.typescript.writing import typescript_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.typescript.table import Table

MOST_SHOWN: Final = 20
"""Differences that are listed one by one."""

OUTPUT = click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to this file.")


@click.group("export")
def export_group() -> None:
    """Write registries in another language."""


@click.group("import")
def import_group() -> None:
    """Write registries from another language."""


@export_group.command("typescript")
@click.argument("registries", metavar="MODULE:REGISTRY...", nargs=-1, required=True)
@OUTPUT
@click.option("--check", is_flag=True, help="Write nothing: end with status 1 where the file says something else.")
def export_typescript(registries: Sequence[str], output: Path | None, check: bool) -> int:  # noqa: FBT001 an option
    """Write registries as a TypeScript module: their tables `as const`, and the types of their bases and keys."""
    try:
        tables = [table_of(registry) for registry in load_all(registries)]
    except TableError as fault:
        raise CommandError(str(fault)) from fault
    if check:
        if output is None:
            raise CommandError("name the file to check: --check --output FILE")
        return _checked(tables, output)
    text = typescript_of(tables)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
    return 0


@import_group.command("typescript")
@click.argument("file", type=click.Path(path_type=Path))
@OUTPUT
def import_typescript(file: Path, output: Path | None) -> int:
    """Write the tables of a TypeScript file as Python registries; comments become documentation."""
    text = python_of(_read(file))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
    return 0


def _read(file: Path) -> list[Table]:
    source = read_text(file)
    try:
        return read_typescript(source)
    except TableError as fault:
        raise CommandError(f"{file}: {fault}") from fault


def _checked(tables: Sequence[Table], file: Path) -> int:
    found = differences(tables, _read(file))
    for line in found[:MOST_SHOWN]:
        click.echo(f"{file}: {line}")
    if len(found) > MOST_SHOWN:
        click.echo(f"{file}: and {len(found) - MOST_SHOWN} more")
    if not found:
        click.echo(f"{file} says what the registries say.")
    return int(bool(found))
