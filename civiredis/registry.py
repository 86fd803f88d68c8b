"""Registries: the classes that list every base key, one for the cache server and one for the system server."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar

from civiredis.exceptions import RegistryError, RegistryWarning, UnknownKeyError
from civiredis.grammar import SYSTEM_PREFIXES, longest_base, malformation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from civiredis.annotations import BaseOf, KeyOf


def _declared(group: type, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each base declared in the body of `group` and of the classes nested in it, with its dotted attribute."""
    path = path or group.__name__
    if group.__module__ == __name__:
        return
    for name, value in vars(group).items():
        if name.startswith("_") or isinstance(value, (classmethod, staticmethod, property)):
            continue
        attribute = f"{path}.{name}"
        if isinstance(value, type):
            yield from _declared(value, attribute)
        elif not callable(value):
            yield value, attribute


def _add(owner_of: dict[str, str], base: str, attribute: str, cls: type) -> None:
    first = owner_of.setdefault(base, attribute)
    if first != attribute:
        message = f"{cls.__name__} declares the base key {base!r} twice: {first} and {attribute}"
        raise RegistryError(message)


class Registry:
    """Base of both kinds of registry: its string attributes, also those of nested classes, are the base keys."""

    _attribute_of: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the bases of the class and of its parents.

        Raises `RegistryError` where a base is malformed, not a string or declared twice.
        """
        super().__init_subclass__()
        owner_of: dict[str, str] = {}
        for parent in reversed(cls.__mro__[1:]):
            if issubclass(parent, Registry):
                for base, attribute in _declared(parent):
                    _add(owner_of, base, attribute, cls)
        for base, attribute in _declared(cls):
            cls._check(base, attribute)
            _add(owner_of, base, attribute, cls)
        cls._attribute_of = owner_of

    def __new__(cls) -> Self:
        """Refuse instances: a registry is a list of names, used as a class."""
        message = f"{cls.__name__} is a registry and has no instances; use the class itself"
        raise TypeError(message)

    @classmethod
    def _check(cls, base: object, attribute: str) -> None:
        if not isinstance(base, str):
            message = f"{attribute} = {base!r}: a base key is a string, not {type(base).__name__}"
            raise RegistryError(message)
        if (fault := malformation(base)) is not None:
            message = f"{attribute} = {base!r}: the base key {fault}"
            raise RegistryError(message)

    @classmethod
    def base_keys(cls) -> tuple[BaseOf[Self], ...]:
        """Every base of the registry, parents' first, in the order of declaration."""
        return tuple(cls._attribute_of)

    @classmethod
    def match(cls, key: str) -> BaseOf[Self] | None:
        """Return the longest base that `key` starts with (as the whole key, or before a colon), or None.

        Costs one set look-up per segment of the key, whatever the size of the registry.
        """
        return longest_base(key, cls._attribute_of)

    @classmethod
    def parse(cls, key: str) -> KeyOf[Self]:
        """Return `key` itself, proven: the way from an unproven `str` to a key.

        Raises `UnknownKeyError` when no base of the registry matches.
        """
        if cls.match(key) is None:
            message = f"{key!r} starts with no base key of {cls.__name__}"
            raise UnknownKeyError(message)
        return key


class CacheRegistry(Registry):
    """Base keys of the cache server: what can be rebuilt, and may be flushed."""

    @classmethod
    def _check(cls, base: object, attribute: str) -> None:
        super()._check(base, attribute)
        if isinstance(base, str) and base.startswith(SYSTEM_PREFIXES):
            warnings.warn(
                f"{attribute} = {base!r}: system configuration belongs in a SysRegistry, a cache may be flushed",
                RegistryWarning,
                stacklevel=4,
            )


class SysRegistry(Registry):
    """Base keys of the system server: the source of truth, never flushed."""
