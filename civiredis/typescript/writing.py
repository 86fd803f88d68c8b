"""Tables as a TypeScript module: each as a constant, with the type of its bases and the type of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.typescript.table import Group, Leaf, Table
from civiredis.typescript.tags import to_comment
from civiredis.typescript.tokens import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADER: Final = """\
// Written by `civiredis export typescript`, from registries in Python: change those, and write it again.

type BasesOf<Table> = Table extends string ? Table : { [Name in keyof Table]: BasesOf<Table[Name]> }[keyof Table];
"""


def typescript_of(tables: Sequence[Table]) -> str:
    """Write the module."""
    return "\n".join([HEADER, *map(_table, tables)])


def _table(table: Table) -> str:
    name = table.name
    lines = [
        *_comment(to_comment(table.tree.doc, registry=table.kind), ""),
        f"export const {name} = {{",
        *_members(table.tree, "  "),
        "} as const;",
        "",
        f"/** A base of {name}. */",
        f"export type BaseOf{name} = BasesOf<typeof {name}>;",
        "",
        f"/** A key of {name}: a base, or a base followed by a colon and anything. */",
        f'export type KeyOf{name} = `${{BaseOf{name}}}${{"" | `:${{string}}`}}`;',
        "",
    ]
    return "\n".join(lines)


def _members(group: Group, indent: str) -> Iterator[str]:
    for member in group.members:
        if isinstance(member, Leaf):
            structure, value_type = member.contents
            yield from _comment(to_comment(member.doc, structure=structure, value=value_type, ttl=member.ttl), indent)
            yield f"{indent}{member.name}: {quoted(member.base)},"
        else:
            yield from _comment(to_comment(member.doc), indent)
            yield f"{indent}{member.name}: {{"
            yield from _members(member, f"{indent}  ")
            yield f"{indent}}},"


def _comment(lines: Sequence[str], indent: str) -> list[str]:
    if len(lines) > 1:
        return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]
    return [f"{indent}/** {line} */" for line in lines]
