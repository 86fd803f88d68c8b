"""A registry without its language: a tree of groups and bases, each with its documentation."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from civiredis.catalogue.loading import kind_of
from civiredis.catalogue.structures import UNDECLARED, Contents, contents_of
from civiredis.catalogue.value_types import is_readable
from civiredis.declaration import DeclaredKey
from civiredis.exceptions import CiviredisError
from civiredis.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Control characters, which no source should hold."""


class TableError(CiviredisError, ValueError):
    """A registry cannot be said in the other language; the message says which part, and what to do."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One base."""

    name: str
    base: str
    ttl: int | None = None
    """Seconds."""
    doc: str | None = None
    contents: Contents = UNDECLARED


@dataclass(frozen=True, slots=True)
class Group:
    """Bases and further groups under one name."""

    name: str
    members: tuple[Member, ...]
    doc: str | None = None


Member: TypeAlias = Leaf | Group


@dataclass(frozen=True, slots=True)
class Table:
    """A registry."""

    kind: str
    """Its server: `cache` or `system`."""
    tree: Group

    @property
    def name(self) -> str:
        """The name of the registry."""
        return self.tree.name

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Yield every base with the dotted path of its name below the registry."""
        return _leaves(self.tree.members, "")


def table_of(registry: type[Registry]) -> Table:
    """Make the table of a registry, with what its parents declare in front.

    Raises `TableError` where a name of a parent is declared again, for an object literal has each name once, and where
    the type of values has no name that another module could import.
    """
    members: dict[str, Member] = {}
    for declaring in reversed(registry.__mro__):
        if issubclass(declaring, Registry) and declaring.__module__ != Registry.__module__:
            _merge(members, _members(declaring, declaring.__module__), registry.__name__)
    return Table(kind_of(registry), Group(registry.__name__, tuple(members.values()), _docstring(registry)))


def tidied(doc: str | None) -> str | None:
    """Documentation without indentation, blank ends and control characters; None when nothing is left."""
    if doc is None:
        return None
    lines = doc.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).split("\n")
    text = "\n".join(line.rstrip() for line in lines)
    while (cleaned := inspect.cleandoc(text)) != text:
        text = cleaned
    return text or None


def _members(group: type, module: str) -> Iterator[Member]:
    for name, value in vars(group).items():
        if name.startswith("_"):
            continue
        if isinstance(value, type):
            yield Group(name, tuple(_members(value, module)), _docstring(value))
        elif isinstance(value, DeclaredKey):
            contents = contents_of(value, module)
            if contents.value_type is not None and not is_readable(contents.value_type):
                raise TableError(
                    f"{group.__qualname__}.{name} holds {contents.value_type}, which no other module can import; "
                    "declare a type that has a name at the top of a module"
                )
            yield Leaf(name, str(value), value.ttl, tidied(value.doc), contents)
        elif isinstance(value, str):
            yield Leaf(name, value)


def _merge(members: dict[str, Member], further: Iterator[Member], path: str) -> None:
    for member in further:
        former = members.get(member.name)
        if isinstance(former, Group) and isinstance(member, Group):
            inner = {one.name: one for one in former.members}
            _merge(inner, iter(member.members), f"{path}.{member.name}")
            members[member.name] = Group(member.name, tuple(inner.values()), member.doc or former.doc)
        elif former is not None:
            raise TableError(
                f"{path}.{member.name} is declared in two classes that {path} is made of; an object literal has each "
                "name once: give one of them another name"
            )
        else:
            members[member.name] = member


def _docstring(group: type) -> str | None:
    doc = vars(group).get("__doc__")
    return tidied(doc) if isinstance(doc, str) else None


def _leaves(members: tuple[Member, ...], path: str) -> Iterator[tuple[str, Leaf]]:
    for member in members:
        if isinstance(member, Group):
            yield from _leaves(member.members, f"{path}{member.name}.")
        else:
            yield f"{path}{member.name}", member
