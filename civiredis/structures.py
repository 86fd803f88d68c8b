"""Structures: what the keys of a base hold, as `key("user:follows", Set[int])` declares it.

Their names are those of Redis' data types (https://redis.io/docs/latest/develop/data-types). Each takes the type of its
values: `String[Profile]`, `Hash[int]`. Without one (`Hash`) the structure alone is declared, and values are as in a key
of which nothing is declared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from typing import Self

V_co = TypeVar("V_co", covariant=True)


class Structure:
    """Base of all structures. Of its own it says that none is declared."""

    def __new__(cls) -> Self:
        """Refuse instances: a structure describes keys, it holds nothing."""
        raise TypeError(f"{cls.__name__} describes what a key holds and has no instances; use the class itself")


class String(Structure, Generic[V_co]):
    """One value (https://redis.io/docs/latest/develop/data-types/strings)."""


class Counter(String[int]):
    """A whole number that is counted up and down by INCR and its kin."""


class Hash(Structure, Generic[V_co]):
    """Fields, named by text, with a value each (https://redis.io/docs/latest/develop/data-types/hashes)."""


class List(Structure, Generic[V_co]):
    """Values in an order, as in a queue (https://redis.io/docs/latest/develop/data-types/lists)."""


class Set(Structure, Generic[V_co]):
    """Values without order, each once (https://redis.io/docs/latest/develop/data-types/sets)."""


class SortedSet(Structure, Generic[V_co]):
    """Values in the order of their scores (https://redis.io/docs/latest/develop/data-types/sorted-sets)."""


class Stream(Structure, Generic[V_co]):
    """Entries of fields, named by text, with a value each (https://redis.io/docs/latest/develop/data-types/streams)."""
