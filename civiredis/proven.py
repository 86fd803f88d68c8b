"""The types that mypy sees for a proven key. No value ever has them at run time: keys stay plain `str`.

`civiredis.KeyOf[R]` is an alias of `str | proven.KeyOf[R]`. A type checker without the plugin reads the alias as it
stands, so any `str` goes. The plugin reads it as `proven.KeyOf[R]` alone, so only what is proven goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from civiredis.registry import Registry

# Contravariant: a registry inherits the bases of its parents, so every key of a parent is a key of the child.
RegistryT_contra = TypeVar("RegistryT_contra", bound="Registry", contravariant=True)


class KeyOf(str, Generic[RegistryT_contra]):
    """A string proven to start with a base of the registry."""

    __slots__ = ()


class BaseOf(KeyOf[RegistryT_contra]):
    """A string proven to be a base of the registry, with no suffix."""

    __slots__ = ()
