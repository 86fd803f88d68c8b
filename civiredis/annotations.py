"""The annotations of keys: `KeyOf[CacheKeys]` and `BaseOf[CacheKeys]`."""

from __future__ import annotations

from typing import Final, TypeAlias, TypeVar, Union

from civiredis import proven
from civiredis.registry import Registry

R = TypeVar("R", bound=Registry)
V = TypeVar("V")

MYPY: Final = False
"""Always true to mypy, by its name (https://mypy.readthedocs.io/en/stable/common_issues.html#python-version-and-system-platform-checks).

What stands under `if not MYPY` is for other type checkers: overloads that give the type which a key declares. Under
mypy the plugin gives it, for every way to write a key, and no call has to be matched against them.
"""

# `Union`, as `|` refuses the forward reference in the bound of a TypeVar on Python 3.11.
KeyOf: TypeAlias = Union[str, proven.KeyOf[R]]  # noqa: UP007
"""A key of the registry: one of its bases, or a base followed by `:` and anything."""

BaseOf: TypeAlias = Union[str, proven.BaseOf[R]]  # noqa: UP007
"""A base of the registry without suffix, for helpers that append it themselves. Every `BaseOf` is a `KeyOf`."""
