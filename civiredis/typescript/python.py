"""Tables as a Python module with registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.typescript.table import Group, Leaf, Table
from civiredis.typescript.tokens import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_LINE: Final = 100

_PARENTS: Final = {"cache": "CacheRegistry", "system": "SysRegistry"}


def python_of(tables: Sequence[Table]) -> str:
    """Write the module."""
    needed = sorted({_PARENTS[table.kind] for table in tables})
    if any(leaf.doc is not None or leaf.ttl is not None for table in tables for _, leaf in table.leaves()):
        needed.append("key")
    lines = [
        '"""Base keys, written by `civiredis import typescript`."""',
        "",
        f"from civiredis import {', '.join(needed)}",
    ]
    for table in tables:
        lines += ["", "", *_class(table.tree, f"({_PARENTS[table.kind]})", "")]
    return "\n".join(lines) + "\n"


def _class(group: Group, parents: str, indent: str) -> Iterator[str]:
    yield f"{indent}class {group.name}{parents}:"
    inner = f"{indent}    "
    if group.doc is not None:
        yield from _docstring(group.doc, inner)
    elif not group.members:
        yield f"{inner}pass"
    above: str | None = group.doc
    for member in group.members:
        if isinstance(member, Leaf):
            if above is not None:
                yield ""
            yield from _leaf(member, inner)
            above = None
        else:
            yield ""
            yield from _class(member, "", inner)
            above = member.name


def _docstring(doc: str, indent: str) -> Iterator[str]:
    escaped = doc.replace("\\", r"\\")
    if '"""' in doc or doc.endswith('"'):
        escaped = escaped.replace('"', r"\"")
    lines = escaped.split("\n")
    if len(lines) == 1:
        yield f'{indent}"""{escaped}"""'
        return
    yield f'{indent}"""{lines[0]}'
    yield from (f"{indent}{line}".rstrip() for line in lines[1:])
    yield f'{indent}"""'


def _leaf(leaf: Leaf, indent: str) -> Iterator[str]:
    base = quoted(leaf.base)
    if leaf.ttl is None and leaf.doc is None:
        yield f"{indent}{leaf.name} = {base}"
        return
    options = [] if leaf.ttl is None else [f"ttl={leaf.ttl}"]
    docs = [] if leaf.doc is None else leaf.doc.split("\n")
    line = f"{indent}{leaf.name} = key({', '.join([base, *options, *(f'doc={quoted(doc)}' for doc in docs)])})"
    if len(docs) <= 1 and len(line) <= LONGEST_LINE:
        yield line
        return
    yield f"{indent}{leaf.name} = key("
    yield from (f"{indent}    {argument}," for argument in [base, *options])
    for number, doc in enumerate(docs):
        last = number == len(docs) - 1
        text = quoted(doc if last else f"{doc}\n")
        yield f"{indent}    {'' if number else 'doc='}{text}{',' if last else ''}"
    yield f"{indent})"
