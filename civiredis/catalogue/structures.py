"""What a base is declared to hold, by the names that people and servers have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from civiredis.catalogue.value_types import text_of
from civiredis.structures import Counter, Hash, List, Set, SortedSet, Stream, String

if TYPE_CHECKING:
    from civiredis.declaration import DeclaredKey

REDIS_TYPES: Final = {
    String.__name__: "string",
    Counter.__name__: "string",
    Hash.__name__: "hash",
    List.__name__: "list",
    Set.__name__: "set",
    SortedSet.__name__: "zset",
    Stream.__name__: "stream",
}
"""What the command TYPE says of a key, by the structure (https://redis.io/commands/type)."""

PACKED: Final = frozenset({String.__name__, Hash.__name__, Set.__name__})
"""The structures whose values `.packed` reads and writes."""


class Contents(NamedTuple):
    """What the keys of a base hold."""

    structure: str | None = None
    """The name of a structure, such as `Hash`; None where none is declared."""
    value_type: str | None = None
    """The type of the values, as `value_types` writes it; None where none is declared."""


UNDECLARED: Final = Contents()


def contents_of(declared: DeclaredKey[Any, Any], module: str) -> Contents:
    """What `key()` says in the source of `module`; a class that somebody derived from a structure counts as that."""
    if declared.structure is None:
        return UNDECLARED
    name = next(one.__name__ for one in declared.structure.__mro__ if one.__name__ in REDIS_TYPES)
    if declared.value_type is None or name == Counter.__name__:  # which holds whole numbers, and says so by its name
        return Contents(name)
    return Contents(name, text_of(declared.value_type, module))
