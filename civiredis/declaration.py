"""`key()`: a base that carries more than its text."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar, get_args, get_origin, overload
from uuid import UUID

from civiredis.exceptions import RegistryError
from civiredis.grammar import SEPARATOR
from civiredis.proven import BaseOf, KeyOf, RegistryT_contra
from civiredis.structures import Structure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from civiredis.registry import Registry

KeyPart: TypeAlias = str | int | UUID | date
"""What follows a base in a key: something whose text says what it is."""

StructureT_co = TypeVar("StructureT_co", bound=Structure, covariant=True)
StructureT = TypeVar("StructureT", bound=Structure)


class TypedKey(KeyOf[RegistryT_contra], Generic[RegistryT_contra, StructureT_co]):
    """A key that tells what it holds, as `CacheKeys.PROFILE(user_id)` makes it. It is text wherever one is meant."""

    __slots__ = ()


class DeclaredKey(TypedKey[RegistryT_contra, StructureT_co], BaseOf[RegistryT_contra]):
    """A base with what its keys hold, their lifetime and documentation. Called, it makes a key."""

    __slots__ = ("doc", "structure", "ttl", "value_type")

    structure: type[Structure] | None
    """What the keys hold, without the type of the values; None where it is not declared."""
    value_type: object
    """The type of the values, as it is written in the brackets of the structure; None where it is not declared."""
    ttl: int | None
    """The lifetime of the keys in seconds; None where it is not declared."""
    doc: str | None

    def __new__(
        cls,
        base: str,
        structure: type[Structure] | None = None,
        *,
        ttl: int | timedelta | None = None,
        doc: str | None = None,
    ) -> Self:
        """See `key`."""
        if not isinstance(base, str):
            raise RegistryError(f"key({base!r}): a base key is a str, not {type(base).__name__}")
        declared = super().__new__(cls, base)
        declared.structure, declared.value_type = _taken_apart(base, structure)
        declared.ttl = None if ttl is None else _seconds(base, ttl)
        declared.doc = doc
        return declared

    def __call__(
        self, *parts: KeyPart, allow_empty: bool = False, allow_colon: bool = False
    ) -> TypedKey[RegistryT_contra, StructureT_co]:
        """Make the key of this base whose `parts` follow it, a colon in front of each; of no parts, the base itself.

        Raises `ValueError` for a part without text and for one with a colon, which would land on another key, unless
        `allow_empty` or `allow_colon` says that it is meant. Nothing is escaped.
        """
        texts = [_text(self, part) for part in parts]
        for text in texts:
            if not text and not allow_empty:
                raise ValueError(f"a part of a key of {str(self)!r} is empty; pass allow_empty=True where it is meant")
            if SEPARATOR in text and not allow_colon:
                raise ValueError(
                    f"a part of a key of {str(self)!r} has a colon, {text!r}; pass each side of it as a part, or "
                    "allow_colon=True where it is meant"
                )
        return TypedKey(SEPARATOR.join([self, *texts]))


@overload
def key(
    base: str, *, ttl: int | timedelta | None = None, doc: str | None = None
) -> DeclaredKey[Registry, Structure]: ...


@overload
def key(
    base: str, structure: type[StructureT], *, ttl: int | timedelta | None = None, doc: str | None = None
) -> DeclaredKey[Registry, StructureT]: ...


def key(
    base: str,
    structure: type[Structure] | None = None,
    *,
    ttl: int | timedelta | None = None,
    doc: str | None = None,
) -> DeclaredKey[Registry, Structure]:
    """Declare a base of a registry together with what a reader should know of it.

    `structure` is what its keys hold, with the type of the values: `String[Profile]`, `Set[int]`, `Counter`. `ttl` is
    the lifetime that keys of this base have, in seconds or as a `timedelta`; `doc` says what they hold.
    A write that gives no lifetime leaves this one, in the same step. What replaces the whole value (`set`, `setnx`,
    `getset`, `mset`, `sunionstore`) starts it anew; what changes a part (`incr`, `hset`, `lpush`) gives it to a key
    that has none, so a counter of a day ends after a day. An explicit `ex`, `px`, `exat`, `pxat` or `keepttl` wins. As
    Redis has them are `msetex`, `blmove`, `brpoplpush`, `xgroup_create`, what carries a lifetime of its own (`copy`,
    `rename`, `restore`), and scripts.
    Returns a `str` equal to `base` that carries all of it. Raises `RegistryError` where `base` is no `str`, `structure`
    no structure, or `ttl` no whole number of seconds from 1 on.
    """
    return DeclaredKey(base, structure, ttl=ttl, doc=doc)


def namespace_of(registry: type) -> Mapping[str, object]:
    """The names of the module that declares a registry; none where it was made by `exec`, and imported by nobody."""
    module = sys.modules.get(registry.__module__)
    return {} if module is None else vars(module)


def _taken_apart(base: str, structure: type[Structure] | None) -> tuple[type[Structure] | None, object]:
    if structure is None:
        return None, None
    kind: object = get_origin(structure) or structure
    arguments = get_args(structure)
    if not isinstance(kind, type) or not issubclass(kind, Structure) or kind is Structure:
        raise RegistryError(
            f"key({base!r}, {structure!r}): a structure is String, Counter, Hash, List, Set, SortedSet or Stream, with "
            "the type of its values: String[int]"
        )
    if not arguments:  # a structure of a type of its own, as a Counter is a String[int]
        arguments = next((found for base in _original_bases(kind) if (found := get_args(base))), ())
    return kind, None if not arguments or isinstance(arguments[0], TypeVar) else arguments[0]


def _original_bases(kind: type) -> tuple[object, ...]:
    """Give the bases of a class as they are written."""
    bases: tuple[object, ...] = vars(kind).get("__orig_bases__", kind.__bases__)
    return bases


def _text(base: str, part: object) -> str:
    if not isinstance(part, KeyPart) or isinstance(part, bool):
        raise TypeError(
            f"a part of a key of {str(base)!r} is a str, int, UUID or date, not {type(part).__name__}; pass its text"
        )
    if isinstance(part, str):
        return str.__str__(part)  # a member of an enum may print as Class.MEMBER, and is meant by its value
    return int.__repr__(part) if isinstance(part, int) else str(part)


def _seconds(base: str, ttl: int | timedelta) -> int:
    seconds = ttl.total_seconds() if isinstance(ttl, timedelta) else ttl
    if type(ttl) not in (int, timedelta) or seconds < 1 or seconds != int(seconds):
        raise RegistryError(f"key({base!r}, ttl={ttl!r}): a lifetime is a whole number of seconds from 1 on")
    return int(seconds)
