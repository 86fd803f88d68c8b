"""Tables as a Python module with registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.catalogue.value_types import renamed
from civiredis.typescript.imports import Imports
from civiredis.typescript.table import Group, Leaf, Table
from civiredis.typescript.tokens import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_LINE: Final = 100

_PARENTS: Final = {"cache": "CacheRegistry", "system": "SysRegistry"}


def python_of(tables: Sequence[Table]) -> str:
    """Write the module."""
    writer = _Writer(Imports({name for table in tables for name in _names(table.tree)}))
    classes = [line for table in tables for line in ["", "", *writer.registry(table)]]
    header = '"""Base keys, written by `civiredis import typescript`."""'
    return "\n".join([header, "", *writer.imports.lines(), *classes[1:]]) + "\n"


def _names(group: Group) -> Iterator[str]:
    yield group.name
    for member in group.members:
        yield member.name
        if isinstance(member, Group):
            yield from _names(member)


class _Writer:
    """Writes classes, and collects what they need."""

    def __init__(self, imports: Imports) -> None:
        self.imports = imports

    def registry(self, table: Table) -> Iterator[str]:
        yield from self._class(table.tree, f"({self._own(_PARENTS[table.kind])})", "")

    def _class(self, group: Group, parents: str, indent: str) -> Iterator[str]:
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
                yield from self._leaf(member, inner)
                above = None
            else:
                yield ""
                yield from self._class(member, "", inner)
                above = member.name

    def _leaf(self, leaf: Leaf, indent: str) -> Iterator[str]:
        base = quoted(leaf.base)
        options = [*self._contents(leaf), *([] if leaf.ttl is None else [f"ttl={leaf.ttl}"])]
        docs = [] if leaf.doc is None else leaf.doc.split("\n")
        if not options and not docs:
            yield f"{indent}{leaf.name} = {base}"
            return
        call = f"{indent}{leaf.name} = {self._own('key')}("
        line = f"{call}{', '.join([base, *options, *(f'doc={quoted(doc)}' for doc in docs)])})"
        if len(docs) <= 1 and len(line) <= LONGEST_LINE:
            yield line
            return
        yield call
        yield from (f"{indent}    {argument}," for argument in [base, *options])
        yield from _doc_argument(docs, f"{indent}    ")
        yield f"{indent})"

    def _contents(self, leaf: Leaf) -> Iterator[str]:
        structure, value_type = leaf.contents
        if structure is not None:
            inner = "" if value_type is None else f"[{renamed(value_type, lambda name: self.imports.name_of(*name))}]"
            yield f"{self._own(structure)}{inner}"

    def _own(self, name: str) -> str:
        return self.imports.name_of("civiredis", name)


def _doc_argument(docs: Sequence[str], indent: str) -> Iterator[str]:
    """Write the lines of a documentation one below the other."""
    for number, doc in enumerate(docs):
        last = number == len(docs) - 1
        text = quoted(doc if last else f"{doc}\n")
        yield f"{indent}{'' if number else 'doc='}{text}{',' if last else ''}"


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
