"""The bases of registries, one entry each, with all that their declarations tell."""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from civiredis.catalogue.loading import kind_of
from civiredis.catalogue.structures import UNDECLARED, contents_of
from civiredis.declaration import DeclaredKey
from civiredis.grammar import PACKED_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from civiredis.registry import Declaration, Registry


class Place(NamedTuple):
    """A line of a source file."""

    path: Path
    line: int

    def __str__(self) -> str:
        """Write it as editors read it, below the current directory without that."""
        here = Path.cwd()
        shown = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return f"{shown}:{self.line}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One base of one registry."""

    registry: str
    """The registry that was asked for."""
    kind: str
    """The server of the registry: `cache` or `system`."""
    base: str
    attribute: str
    """The dotted path of the attribute, from the name of the registry on that declares it."""
    ttl: int | None
    """The lifetime that keys of this base have, in seconds; None where none is declared."""
    structure: str | None
    """As in `Contents`."""
    value_type: str | None
    """As in `Contents`."""
    doc: str | None
    place: Place | None
    """Where it is declared; None where there is no source."""

    @property
    def packed(self) -> bool:
        """Whether the keys hold MessagePack."""
        return self.base.startswith(PACKED_PREFIX)


def entries_of(registry: type[Registry]) -> list[Entry]:
    """List the bases of `registry`, parents' first, in the order of declaration."""
    declarations = registry._declarations  # noqa: SLF001 the registry has no public name for where a base is declared
    return [_entry(registry, base, declaration) for base, declaration in declarations.items()]


def _entry(registry: type[Registry], base: str, declaration: Declaration) -> Entry:
    declared = base if isinstance(base, DeclaredKey) else None
    contents = UNDECLARED if declared is None else contents_of(declared, declaration.registry.__module__)
    return Entry(
        registry=registry.__name__,
        kind=kind_of(registry),
        base=str(base),
        attribute=declaration.attribute,
        ttl=None if declared is None else declared.ttl,
        structure=contents.structure,
        value_type=contents.value_type,
        doc=None if declared is None or declared.doc is None else inspect.cleandoc(declared.doc),
        place=_place(declaration),
    )


def _place(declaration: Declaration) -> Place | None:
    module = sys.modules.get(declaration.registry.__module__)
    source = getattr(module, "__file__", None)
    if source is None:
        return None
    owner = declaration.registry
    qualified = owner.__qualname__ + declaration.attribute.removeprefix(owner.__name__)
    line = _lines(Path(source)).get(qualified)
    return None if line is None else Place(Path(source), line)


@lru_cache(maxsize=256)
def _lines(path: Path) -> Mapping[str, int]:
    """The line of every name that a class body of the file assigns, by its qualified name."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    return dict(_assignments(tree.body, ""))


def _assignments(body: Sequence[ast.stmt], path: str) -> Iterator[tuple[str, int]]:
    for statement in body:
        match statement:
            case ast.ClassDef():
                yield from _assignments(statement.body, f"{path}{statement.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _assignments(statement.body, f"{path}{statement.name}.<locals>.")
            case ast.Assign():
                names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
                yield from ((f"{path}{name}", statement.lineno) for name in names)
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield f"{path}{name}", statement.lineno
            case ast.If() | ast.Try() | ast.With():
                inner = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.stmt)]
                yield from _assignments(inner, path)
            case _:
                pass
