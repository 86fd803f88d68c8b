"""Whether a TypeScript module still says what the registries in Python say; how it is formatted does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.typescript.table import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from civiredis.typescript.table import Leaf, Table


def differences(python: Sequence[Table], typescript: Sequence[Table]) -> list[str]:
    """List what is not the same, as sentences."""
    ours = {table.name: table for table in python}
    theirs = {table.name: table for table in typescript}
    found = [f"{name} is missing" for name in ours if name not in theirs]
    for name, table in ours.items():
        if name in theirs:
            found += _table(table, theirs[name])
    return found


def _table(ours: Table, theirs: Table) -> Iterator[str]:
    if ours.kind != theirs.kind:
        yield f"{ours.name} is a {theirs.kind} registry there, and a {ours.kind} registry in Python"
    here, there = dict(ours.leaves()), dict(theirs.leaves())
    for path in here | there:
        sentence = _leaf(here.get(path), there.get(path))
        if sentence is not None:
            yield f"{ours.name}.{path} {sentence}"
    docs_here, docs_there = dict(_docs(ours.tree, "")), dict(_docs(theirs.tree, ""))
    for path in [path for path in docs_here if path in docs_there]:
        if docs_here[path] != docs_there[path]:
            yield f"{ours.name}{path} is documented differently in Python"


def _leaf(ours: Leaf | None, theirs: Leaf | None) -> str | None:
    if theirs is None:
        return "is in Python alone"
    if ours is None:
        return "is not in Python"
    if ours.base != theirs.base:
        return f"is {theirs.base!r} there, and {ours.base!r} in Python"
    if ours.contents != theirs.contents:
        return f"holds {_held(theirs)} there, and {_held(ours)} in Python"
    if ours.ttl != theirs.ttl:
        return f"lives {_lived(theirs)} there, and {_lived(ours)} in Python"
    return "is documented differently in Python" if ours.doc != theirs.doc else None


def _held(leaf: Leaf) -> str:
    structure, value_type = leaf.contents
    return "what is not declared" if structure is None else f"{structure}[{value_type}]" if value_type else structure


def _lived(leaf: Leaf) -> str:
    return "as long as is not declared" if leaf.ttl is None else f"{leaf.ttl} seconds"


def _docs(group: Group, path: str) -> Iterator[tuple[str, str | None]]:
    yield path, group.doc
    for member in group.members:
        if isinstance(member, Group):
            yield from _docs(member, f"{path}.{member.name}")
