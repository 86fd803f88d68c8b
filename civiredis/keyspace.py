"""What a client knows of its keys: how they stand on the wire, and how their values are read and written."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Final, Generic

from civiredis.annotations import R
from civiredis.commands.arguments import WireKey
from civiredis.declared_values import declared_values
from civiredis.exceptions import UnknownKeyError, UnknownKeyWarning
from civiredis.grammar import SEPARATOR, longest_base
from civiredis.settings import check_check_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from civiredis.annotations import KeyOf
    from civiredis.commands.replies import ReadValue
    from civiredis.registry import Registry
    from civiredis.settings import CheckKeys
    from civiredis.values.text import Text


class Keyspace(Generic[R]):
    """The keys of a registry as one client writes them, and all its pipelines."""

    def __init__(self, registry: type[R], namespace: str = "", check_keys: CheckKeys = "off") -> None:
        """Write keys of `registry` with `namespace` in front of them.

        Raises `RegistryError` where a declared type cannot be found, or cannot be read; `LibraryMissingError` where
        that takes a library which is not installed; `SettingsError` for another `check_keys`.
        """
        self.registry = registry
        self.namespace = namespace
        self.wire = _wire(registry, namespace, check_keys)
        self.values = declared_values(registry)
        self.bases, self.longest = registry._declarations, registry._longest  # noqa: SLF001 kept for us

    def reader(self, key: str) -> ReadValue | None:
        """Give what reads the values of `key`; None where they are read as text."""
        return self.values.readers.get(self.base(key))

    def text(self, key: str) -> Text | None:
        """Give what writes the values of `key`; None where no type is declared."""
        return self.values.texts.get(self.base(key))

    def base(self, key: str) -> str:
        """Give the longest base of `key`; empty where there is none."""
        return longest_base(key, self.bases, self.longest) or ""

    def bases_of(self, wire: list[WireKey]) -> list[str]:
        """Give the base of each key, as they stand on the wire; keys that differ in their last part share a look."""
        found: dict[str, str] = {}
        bases = []
        for wired in wire:
            key = wired.removeprefix(self.namespace) if self.namespace else wired
            if key not in self.bases:
                before = key[: key.rfind(SEPARATOR)]
                key = found.get(before) or found.setdefault(before, self.base(key))
            bases.append(key)
        return bases


def _wire(registry: type[R], namespace: str, check_keys: CheckKeys) -> Callable[[KeyOf[R]], WireKey]:
    """Choose, once for a client, what writes its keys."""

    def wire(key: KeyOf[R]) -> WireKey:
        try:
            return WireKey(namespace + key)
        except TypeError:
            message = f"a key is a str, not {type(key).__name__}: {key!r}"
            raise TypeError(message) from None

    check_check_keys(check_keys, "check_keys")
    if check_keys == "off":
        return wire
    bases, longest = registry._declarations, registry._longest  # noqa: SLF001 the registry keeps them for us
    refuse = registry.parse if check_keys == "raise" else _warner(registry)

    def checked(key: KeyOf[R]) -> WireKey:
        wired = wire(key)
        if longest_base(key, bases, longest) is None:
            refuse(key)
        return wired

    return checked


def _warner(registry: type[Registry]) -> Callable[[str], object]:
    def warn(key: str) -> None:
        try:
            registry.parse(key)
        except UnknownKeyError as error:
            warnings.warn(str(error), UnknownKeyWarning, stacklevel=_users_level())

    return warn


def _users_level() -> int:
    """Find how far up the stack the code is that handed the key in."""
    level = 1
    frame = sys._getframe(1)  # noqa: SLF001 `inspect` has no cheaper way
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == _OURS:
        frame = frame.f_back
        level += 1
    return level


_OURS: Final = __name__.partition(".")[0]
"""The name of this package."""
