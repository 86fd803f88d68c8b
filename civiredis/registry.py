"""Registries: the classes that list every base key, one for the cache server and one for the system server."""

from __future__ import annotations

import sys
import warnings
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from civiredis.declaration import DeclaredKey, namespace_of
from civiredis.exceptions import RegistryError, RegistryWarning, UnknownKeyError
from civiredis.grammar import SYSTEM_PREFIXES, longest_base, malformation
from civiredis.suggestion import way_out
from civiredis.values.fitness import check_fitness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from civiredis.annotations import BaseOf, KeyOf
    from civiredis.structures import Structure


class Declaration(NamedTuple):
    """Where a base is declared."""

    registry: type
    """The registry whose body declares it; two registries of one name are still two."""
    attribute: str
    """The dotted path of the attribute, from the registry's name on: `CacheKeys.Generation.COUNT`."""


class Registry:
    """Base of both kinds of registry: its string attributes, also those of nested classes, are the base keys."""

    _declarations: ClassVar[Mapping[str, Declaration]] = {}
    _longest: ClassVar[int] = 0
    _declared: ClassVar[Mapping[str, DeclaredKey[Registry, Structure]]] = {}
    """What `key()` says of each base that is written with it; empty where none is, and then nothing is looked up."""

    def __init_subclass__(cls) -> None:
        """Collect the bases of the class and of its parents.

        Raises `RegistryError` where a base is malformed, not a string or declared twice.
        """
        super().__init_subclass__()
        if cls.__module__ == __name__:
            return  # one of the two kinds, which declare nothing
        _check_parents(cls)
        declarations: dict[str, Declaration] = {}
        for parent in cls.__bases__:
            if issubclass(parent, Registry):
                for base, declaration in parent._declarations.items():  # noqa: SLF001 a parent is a class of ours
                    _declare(declarations, base, declaration, cls)
        for value, attribute in _attributes(cls, cls.__name__):
            base = _checked_base(value, attribute)
            cls._check_convention(base, attribute)
            if isinstance(base, DeclaredKey):
                check_fitness(base, attribute, namespace_of(cls))
            _declare(declarations, base, Declaration(cls, attribute), cls)
        cls._declarations = declarations
        cls._longest = max(map(len, declarations), default=0)
        cls._declared = {str(base): base for base in declarations if isinstance(base, DeclaredKey)}

    def __new__(cls) -> Self:
        """Refuse instances: a registry is a list of names, used as a class."""
        raise TypeError(f"{cls.__name__} is a registry and has no instances; use the class itself")

    @classmethod
    def _check_convention(cls, base: str, attribute: str) -> None:
        """Warn where a base is fine as a key, but a reader will take it for something else."""

    @classmethod
    def base_keys(cls) -> tuple[BaseOf[Self], ...]:
        """Every base of the registry, parents' first, in the order of declaration."""
        return tuple(cls._declarations)  # type: ignore[redis-key-dynamic]  # what stands here is proven

    @classmethod
    def _declared_for(cls, key: str) -> DeclaredKey[Registry, Structure] | None:
        """Give what `key()` says of the longest base of `key`; None where that base is plain text, or there is none."""
        if not cls._declared:
            return None
        base = longest_base(key, cls._declarations, cls._longest)
        return None if base is None else cls._declared.get(base)

    @classmethod
    def match(cls, key: str) -> BaseOf[Self] | None:
        """The longest base that `key` starts with (as the whole key, or before a colon), or None.

        Costs at most one set look-up per segment of the key, whatever the size of the registry.
        """
        if not isinstance(key, str):
            raise TypeError(f"a key is a str, not {type(key).__name__}")
        return longest_base(key, cls._declarations, cls._longest)  # type: ignore[redis-key-dynamic]  # proven here

    @classmethod
    def parse(cls, key: str) -> KeyOf[Self]:
        """`key` itself, proven: the way from an unproven `str` to a key.

        Raises `UnknownKeyError` when no base of the registry matches; its message suggests what does.
        """
        if cls.match(key) is None:
            hint = way_out(key, tuple(cls._declarations), cls.__name__)
            raise UnknownKeyError(f"{_shortened(key)} starts with no base key of {cls.__name__}; {hint}")
        return key  # type: ignore[redis-key-dynamic]  # proven here


class CacheRegistry(Registry):
    """Base keys of the cache server: what can be rebuilt, and may be flushed."""

    @classmethod
    def _check_convention(cls, base: str, attribute: str) -> None:
        if base.startswith(SYSTEM_PREFIXES):
            _warn(f"{attribute} = {str(base)!r}: system configuration belongs in a SysRegistry; a cache may be flushed")


class SysRegistry(Registry):
    """Base keys of the system server: the source of truth, never flushed."""


METHODS = frozenset({"base_keys", "match", "parse"})
"""Names in a registry that are not free for bases."""

LONGEST_SHOWN = 120
"""Characters of a key that a message shows."""


def _attributes(group: type, path: str) -> Iterator[tuple[object, str]]:
    """Yield what is declared in the body of `group` and of the classes nested in it, with its dotted attribute.

    Private names, methods, properties and other descriptors are no declarations.
    """
    for name, value in vars(group).items():
        attribute = f"{path}.{name}"
        if name.startswith("_"):
            continue
        if isinstance(value, type):
            _check_group(value, attribute, group)
            yield from _attributes(value, attribute)
        elif isinstance(value, DeclaredKey) or not (callable(value) or hasattr(type(value), "__get__")):
            if name in METHODS and issubclass(group, Registry):
                raise RegistryError(f"{attribute}: `{name}` is a method of every registry; give the base another name")
            yield value, attribute


def _check_group(group: type, attribute: str, outer: type) -> None:
    if issubclass(group, Enum):
        raise RegistryError(f"{attribute} is an Enum; a group of bases is a plain class with strings")
    if group.__qualname__ != f"{outer.__qualname__}.{group.__name__}":
        raise RegistryError(
            f"{attribute} is the class {group.__qualname__}, written elsewhere; a group is written in place, and "
            "registries are put together by inheritance: class Keys(UserKeys, ModelKeys)"
        )
    if group.__bases__ != (object,):
        parents = ", ".join(parent.__name__ for parent in group.__bases__)
        raise RegistryError(
            f"{attribute} inherits from {parents}; a group is a plain class, and only what stands in its body counts"
        )


def _check_parents(cls: type) -> None:
    if issubclass(cls, CacheRegistry) and issubclass(cls, SysRegistry):
        raise RegistryError(f"{cls.__name__} inherits from cache and system registries; a base lives on one server")
    for parent in cls.__mro__:
        if issubclass(parent, Registry) or parent.__module__ == "typing":
            continue
        for name, value in vars(parent).items():
            if isinstance(value, str) and not name.startswith("_"):
                raise RegistryError(
                    f"{parent.__name__}.{name} = {str(value)!r} is no base key of {cls.__name__}, as {parent.__name__} "
                    "is no registry; let it inherit from CacheRegistry or SysRegistry"
                )


def _checked_base(base: object, attribute: str) -> str:
    if not isinstance(base, str) or type(base) not in (str, DeclaredKey):
        kind = type(base).__name__
        if isinstance(base, Enum):
            way = "; write its text, as an enum member may print as Class.MEMBER in an f-string"
        elif isinstance(base, str):
            way = "; write plain text, as a subclass of str may print as something else"
        else:
            way = "; give other attributes a name that starts with an underscore"
        raise RegistryError(f"{attribute} = {base!r}: a base key is a str, not {kind}{way}")
    if (fault := malformation(str(base))) is not None:
        raise RegistryError(f"{attribute} = {str(base)!r}: the base key {fault}")
    return base


def _declare(declarations: dict[str, Declaration], base: str, declaration: Declaration, cls: type) -> None:
    first = declarations.setdefault(base, declaration)
    if first != declaration:
        raise RegistryError(
            f"{cls.__name__} declares the base key {str(base)!r} twice: {_place(first, declaration)} and "
            f"{_place(declaration, first)}; keep one"
        )


def _place(declaration: Declaration, other: Declaration) -> str:
    if declaration.attribute == other.attribute:  # two registries of one name
        return f"{declaration.registry.__module__}.{declaration.attribute}"
    return declaration.attribute


def _warn(message: str) -> None:
    """Warn at the user's `class` statement, however many `__init_subclass__` of theirs stand in between."""
    level = 1
    frame = sys._getframe()  # noqa: SLF001 `inspect` has no cheaper way
    while frame.f_back is not None and (
        frame.f_globals.get("__name__") == __name__ or frame.f_code.co_name == "__init_subclass__"
    ):
        frame = frame.f_back
        level += 1
    warnings.warn(message, RegistryWarning, stacklevel=level)


def _shortened(key: str) -> str:
    return repr(key if len(key) <= LONGEST_SHOWN else f"{key[:LONGEST_SHOWN]}...")
