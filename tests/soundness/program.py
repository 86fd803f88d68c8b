"""Cases put together as modules, with the places that ask for the keys of each registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.soundness.case import Case

HEADER: Final = """
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, ReprEnum, StrEnum
from functools import partial, wraps
from pathlib import Path
from typing import (
    Any, Callable, Final, Iterable, Iterator, Literal, NamedTuple, Optional, ParamSpec, Sequence, TypeAlias, TypedDict,
    TypeVar, cast, overload,
)
from uuid import UUID
from civiredis import BaseOf, CacheRedis, CacheRegistry, KeyOf, SysRegistry
from support import (
    Box, Greedy, IntKind, Recorder, RowId, Spoken, UserId, add, add_any, add_untyped, chosen, identity, kept,
    print_nothing, record,
)
"""
PLACES: Final = """
P = ParamSpec("P")
V = TypeVar("V")
Bounded = TypeVar("Bounded", bound=KeyOf[R])
Alias: TypeAlias = "KeyOf[R] | list[KeyOf[R]]"
client = cast(CacheRedis[R], Recorder())
def take(key: KeyOf[R]) -> None: record(key)
def take_optional(key: Optional[KeyOf[R]] = None) -> None: record(key)
def take_star(*keys: KeyOf[R]) -> None: record(keys)
def take_named(**keys: KeyOf[R]) -> None: record(list(keys.values()))
def take_many(keys: Iterable[KeyOf[R]]) -> None: record(list(keys))
def take_list(keys: list[KeyOf[R]]) -> None: record(keys)
def take_pair(pair: tuple[KeyOf[R], int]) -> None: record(pair[0])
def take_dict(keys: dict[str, KeyOf[R]]) -> None: record(list(keys.values()))
def take_nested(keys: Iterable[Iterable[KeyOf[R]]]) -> None: record([list(some) for some in keys])
def take_bounded(key: Bounded) -> Bounded:
    record(key)
    return key
def take_call(call: Callable[[], KeyOf[R]]) -> None: record(call())
def take_alias(keys: Alias) -> None: record(keys)
def take_base(base: BaseOf[R]) -> None: record(base if base in R.base_keys() else "\\0not a base")
def take_any_of(key: KeyOf[R] | dict[str, KeyOf[R]]) -> None:
    record(list(key.values()) if isinstance(key, dict) else key)
@overload
def take_overloaded(key: KeyOf[R]) -> int: ...
@overload
def take_overloaded(key: list[KeyOf[R]]) -> str: ...
def take_overloaded(key: Any) -> Any: record(key)
class Other(SysRegistry):
    OTHER = "nokey:of:another"
@overload
def take_either(key: KeyOf[R], n: int) -> int: ...
@overload
def take_either(key: KeyOf[Other], n: str) -> str: ...
def take_either(key: Any, n: Any) -> Any: record(key if n == 1 else ("\\0not a key" if not Other.match(key) else []))
def keeping(function: Callable[P, V]) -> Callable[P, V]: return function
@keeping
def decorated(key: KeyOf[R]) -> None: record(key)
class Row(TypedDict):
    key: KeyOf[R]
class Described:
    def __get__(self, owner: object, kind: Any = None) -> int: return 1
    def __set__(self, owner: object, key: KeyOf[R]) -> None: record(key)
class Obj:
    described = Described()
    field: KeyOf[R]
    def method(self, key: KeyOf[R]) -> None: record(key)
    @staticmethod
    def static(key: KeyOf[R]) -> None: record(key)
    @classmethod
    def klass(cls, key: KeyOf[R]) -> None: record(key)
    @property
    def prop(self) -> KeyOf[R]: return R.base_keys()[0]
    @prop.setter
    def prop(self, key: KeyOf[R]) -> None: record(key)
    def __call__(self, key: KeyOf[R]) -> None: record(key)
    def __getitem__(self, key: KeyOf[R]) -> None: record(key)
    def __setitem__(self, key: KeyOf[R], value: int) -> None: record(key)
    def __delitem__(self, key: KeyOf[R]) -> None: record(key)
    def __contains__(self, key: KeyOf[R]) -> bool: return not record(key)  # type: ignore[func-returns-value]
    def __add__(self, key: KeyOf[R]) -> None: record(key)
    def __matmul__(self, key: KeyOf[R]) -> None: record(key)
class Child(Obj):
    def method(self, key: KeyOf[R]) -> None: super().method(key)
class Pair(NamedTuple):
    key: KeyOf[R]
    n: int
    def __hash__(self) -> int: return 0
@dataclass
class Record:
    key: KeyOf[R]
    def __post_init__(self) -> None: record(self.key)
"""


def module(cases: Sequence[Case]) -> tuple[str, list[range]]:
    """Write cases of the same registries as one module; returns it, and the lines of each case."""
    lines = [*HEADER.split("\n"), *cases[0].registries.split("\n"), f"R = {cases[0].registry}", *PLACES.split("\n")]
    spans: list[range] = []
    for case in cases:
        start = len(lines) + 1
        lines += [*case.declarations.split("\n"), *case.function.split("\n"), ""]
        spans.append(range(start, len(lines) + 1))
    return "\n".join(lines), spans
