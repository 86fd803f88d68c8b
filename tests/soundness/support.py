"""What generated programs import: values to interpolate, and clients that record every key they are given."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Generic, NewType, TypeVar

from typing_extensions import override

T = TypeVar("T")
UserId = NewType("UserId", str)
RowId = NewType("RowId", int)
recorded: list[object] = []
"""Everything that was used as a key since the list was last emptied."""


def record(*keys: object) -> None:
    for key in keys:
        if isinstance(key, (list, tuple, set, frozenset)):
            record(*key)
        else:
            recorded.append(key)


class Recorder:
    """Stands in for a client: every method takes keys as that of a client does."""

    def __getattr__(self, name: str) -> Any:
        return lambda *keys: record(*(list(key) if isinstance(key, dict) else key for key in keys))


class IntKind(IntEnum):
    ONE = 1
    TWO = 2


class Spoken:
    def __init__(self, text: str) -> None:
        self.text = text

    @override
    def __str__(self) -> str:
        return self.text


class Box(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value


class Greedy:
    """Adds to every list that it meets."""

    def __lshift__(self, to: list[str]) -> None:
        to.append("nokey")

    def __getitem__(self, to: list[str]) -> None:
        to.append("nokey")


def identity(value: T) -> T:
    return value


def chosen(one: T, other: T) -> T:
    return other if recorded else one


def kept(value: T) -> T:
    return value


def add(to: list[str], value: str) -> None:
    to.append(value)


def add_any(to: Any, value: str) -> None:
    to.append(value)


def add_untyped(to, value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    to.append(value)


def print_nothing(values: object) -> None:
    str(values)
