"""The registries of these tests, with a value of every kind that can be declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, TypedDict
from uuid import UUID

import attrs
import msgspec
import pydantic

from civiredis import CacheRegistry, Counter, Hash, List, Set, SortedSet, Stream, String, SysRegistry, key


class Profile(TypedDict):
    name: str
    age: int
    tags: NotRequired[list[str]]


class Tree(TypedDict):
    value: int
    branches: list[Tree]


@dataclass
class Point:
    x: int
    y: float
    when: datetime
    id: UUID
    price: Decimal
    labels: set[str]


@attrs.define
class Account:
    number: int
    owners: dict[int, str]


class Pair(NamedTuple):
    left: int
    right: str = "-"


class Job(msgspec.Struct, frozen=True):
    id: int
    wait: timedelta


class Article(pydantic.BaseModel):
    id: int
    seen: datetime
    title: str = pydantic.Field(default="", alias="Title")
    related: list[Article] = []


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Plan(StrEnum):
    FREE = "free"


UserId = NewType("UserId", int)
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Even = Annotated[int, pydantic.Field(multiple_of=2)]


class CacheKeys(CacheRegistry):
    PLAIN = "plain"
    ANYTHING = "packed:any"
    PROFILE = key("packed:profile", String[Profile], ttl=60)
    TREE = key("packed:tree", String[Tree])
    POINT = key("packed:point", String[Point])
    ACCOUNT = key("packed:account", String[Account])
    PAIRS = key("packed:pairs", Set[Pair])
    JOBS = key("packed:jobs", Hash[Job])
    ARTICLE = key("packed:article", String[Article])
    BOTH = key("packed:both", String[dict[str, Article | Point | None]])
    MOODS = key("packed:moods", Set[Mood])
    MAYBE = key("packed:maybe", String[int | None])
    LATER = key("packed:later", String["Later"])

    class Plain:
        VIEWS = key("views", Counter, ttl=60)
        RATE = key("rate", String[float])
        FLAG = key("flag", String[bool])
        SEEN = key("seen", String[datetime])
        NAME = key("name", String[str])
        CHOICE = key("choice", String[Literal["a", 1]])
        MOOD = key("mood", Hash[Mood])
        DAYS = key("days", List[date])
        IDS = key("ids", Set[UUID])
        PRICES = key("prices", SortedSet[Decimal])
        PLANS = key("plans", Set[Plan | Literal["none"]])
        USER = key("user", String[UserId])
        EVENTS = key("events", Stream[int])


class SysKeys(SysRegistry):
    FLAGS = key("packed:system:flags", String[Profile])
    TASKS = key("system:tasks", List[int])
    LIMIT = key("system:limit", String[int])
    LIMITS = key("system:limits", Hash[int])
    RANKS = key("system:ranks", SortedSet[int])
    PORTS = key("system:ports", Set[int])


@dataclass
class Later:
    """Stands further down than the registry that names it."""

    value: int


TYPES: Mapping[str, Any] = {
    "None": None,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "bytes": bytes,
    "list": list[int],
    "sequence": Sequence[float],
    "set": set[int],
    "frozenset": frozenset[str],
    "tuple": tuple[int, ...],
    "row": tuple[int, str],
    "dict": dict[str, float],
    "dict of ints": dict[int, list[int]],
    "dict of tuples": dict[tuple[int, str], bool],
    "union": int | str | None,
    "several texts": UUID | date | Decimal,
    "literal": Literal["a", 1] | None,
    "record": Profile,
    "recursive record": Tree,
    "dataclass": Point,
    "attrs": Account,
    "NamedTuple": Pair,
    "Struct": Job,
    "model": Article,
    "mixed": dict[str, Article | Point | None],
    "enum": Mood,
    "int enum": Level,
    "str enum": Plan,
    "datetime": datetime,
    "date": date,
    "time": time,
    "timedelta": timedelta,
    "UUID": UUID,
    "Decimal": Decimal,
    "NewType": UserId,
    "constrained by msgspec": Percent,
    "constrained by pydantic": Even,
    "anything": Any,
}
"""Types of packed values."""
