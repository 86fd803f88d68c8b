"""Packed values of declared types: what goes in comes back as what it was, and what does not fit never comes out."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest

from civiredis import PackError, RegistryError, UnpackError
from tests.declared.keys import (
    TYPES,
    Account,
    Article,
    CacheKeys,
    Job,
    Later,
    Level,
    Mood,
    Pair,
    Plan,
    Point,
    Profile,
    SysKeys,
)

if TYPE_CHECKING:
    import redis

    from tests.declared.conftest import Issue

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
POINT = Point(1, 2.5, NOW, UUID(int=5), Decimal("1.50"), {"a", "b"})
ARTICLE = Article(id=1, seen=NOW, Title="On keys", related=[Article(id=2, seen=NOW)])

VALUES: dict[str, list[Any]] = {
    "None": [None],
    "bool": [True, False],
    "int": [0, -(2**63), 2**64 - 1],
    "float": [1.5, -0.0],
    "str": ["", "Zoë"],
    "bytes": [b"", b"\x00\xff"],
    "list": [[], [1, 2]],
    "sequence": [[1.5]],
    "set": [set(), {1, 2}],
    "frozenset": [frozenset({"a"})],
    "tuple": [(), (1, 2)],
    "row": [(1, "a")],
    "dict": [{"a": 1.5}],
    "dict of ints": [{1: [2, 3]}],
    "dict of tuples": [{(1, "a"): True}],
    "union": [1, "1", None],
    "several texts": [UUID(int=5), date(2026, 1, 2), Decimal("1.5")],
    "literal": ["a", 1, None],
    "record": [{"name": "Ann", "age": 3}, {"name": "Ann", "age": 3, "tags": ["a"]}],
    "recursive record": [{"value": 1, "branches": [{"value": 2, "branches": []}]}],
    "dataclass": [POINT],
    "attrs": [Account(1, {2: "Ann"})],
    "NamedTuple": [Pair(1), Pair(1, "a")],
    "Struct": [Job(1, timedelta(days=-1, seconds=2, microseconds=3))],
    "model": [ARTICLE],
    "mixed": [{"a": ARTICLE, "b": POINT, "c": None}],
    "enum": [Mood.GOOD],
    "int enum": [Level.HIGH],
    "str enum": [Plan.FREE],
    "datetime": [NOW, datetime(2026, 1, 2, 3, 4, 5, 6), NOW.astimezone(timezone(timedelta(hours=2)))],  # noqa: DTZ001
    "date": [date(2026, 1, 2)],
    "time": [time(1, 2, 3, 4), time(1, 2, tzinfo=UTC)],
    "timedelta": [timedelta(0), timedelta(days=400, seconds=3, microseconds=5), timedelta(seconds=-0.5)],
    "UUID": [UUID(int=5)],
    "Decimal": [Decimal("1.50"), Decimal("-1E+5")],
    "NewType": [7],
    "constrained by msgspec": [0, 100],
    "constrained by pydantic": [2],
    "anything": [{"a": [1, None, b"x"]}],
}


@pytest.mark.parametrize("kind", TYPES)
async def test_a_value_comes_back_as_what_it_was(cache: Any, kind: str) -> None:
    for value in VALUES[kind]:
        await cache.packed.set("packed:any", value if kind == "anything" else stored(kind, value))
        got = await cache.packed.get("packed:any", TYPES[kind])
        assert (got, repr(type(got))) == (value, repr(type(value)))


def stored(kind: str, value: Any) -> Any:
    """What is stored of a value: undeclared MessagePack, which any other program may have written."""
    from civiredis.packed.codec import unpack  # noqa: PLC0415
    from civiredis.packed.declared import forms_of_type  # noqa: PLC0415

    return unpack(forms_of_type(TYPES[kind]).plain.write(value, "packed:any"))


async def test_every_command(cached: Issue) -> None:
    profile: Profile = {"name": "Ann", "age": 3}
    assert await cached(lambda client: client.packed.set(CacheKeys.PROFILE(1), profile)) is True
    assert await cached(lambda client: client.packed.get("packed:profile:1")) == profile
    assert await cached(lambda client: client.packed.setnx(CacheKeys.PROFILE(1), profile)) is False
    assert await cached(lambda client: client.packed.set(CacheKeys.PROFILE(1), profile, get=True)) == profile
    assert await cached(lambda client: client.ttl(CacheKeys.PROFILE(1))) == 60
    assert (
        await cached(lambda client: client.packed.mset({CacheKeys.POINT(1): POINT, "packed:later:1": Later(4)})) is True
    )
    keys = [CacheKeys.PROFILE(1), "packed:point:1", CacheKeys.POINT(2), CacheKeys.LATER(1)]
    assert await cached(lambda client: client.packed.mget(keys)) == [profile, POINT, None, Later(4)]
    job = Job(1, timedelta(1))
    assert await cached(lambda client: client.packed.hset(CacheKeys.JOBS, "a", job)) == 1
    assert await cached(lambda client: client.packed.hmset(CacheKeys.JOBS, {"b": job})) is True
    assert await cached(lambda client: client.packed.hget(CacheKeys.JOBS, "a")) == job
    assert await cached(lambda client: client.packed.hmget(CacheKeys.JOBS, ["b", "c"])) == [job, None]
    assert await cached(lambda client: client.packed.hgetall(CacheKeys.JOBS)) == {"a": job, "b": job}
    assert await cached(lambda client: client.packed.sadd(CacheKeys.PAIRS, Pair(1), Pair(2), Pair(1))) == 2
    assert await cached(lambda client: client.packed.srem(CacheKeys.PAIRS, Pair(2))) == 1
    assert await cached(lambda client: client.packed.smembers(CacheKeys.PAIRS)) == [Pair(1)]
    assert await cached(lambda client: client.packed.spop(CacheKeys.PAIRS)) == Pair(1)


async def test_the_type_of_one_call(cached: Issue) -> None:
    await cached(lambda client: client.packed.mset({"packed:any:1": {"left": 1}, "packed:any:2": [1, "a"]}))
    await cached(lambda client: client.packed.hset("packed:any:h", "a", [1, "a"]))
    await cached(lambda client: client.packed.sadd("packed:any:s", [1, "a"]))
    assert await cached(lambda client: client.packed.get("packed:any:2", Pair)) == Pair(1, "a")
    assert await cached(lambda client: client.packed.get("packed:any:1", type=dict[str, int])) == {"left": 1}
    assert await cached(lambda client: client.packed.mget(["packed:any:2"], type=Pair)) == [Pair(1, "a")]
    assert await cached(lambda client: client.packed.hget("packed:any:h", "a", type=Pair)) == Pair(1, "a")
    assert await cached(lambda client: client.packed.hmget("packed:any:h", ["a"], type=Pair)) == [Pair(1, "a")]
    assert await cached(lambda client: client.packed.hgetall("packed:any:h", type=Pair)) == {"a": Pair(1, "a")}
    assert await cached(lambda client: client.packed.smembers("packed:any:s", type=Pair)) == [Pair(1, "a")]
    assert await cached(lambda client: client.packed.spop("packed:any:s", type=Pair)) == Pair(1, "a")


async def test_the_type_of_one_call_overrides_the_declared_one(cache: Any) -> None:
    await cache.packed.set(CacheKeys.MAYBE(1), 5)
    assert await cache.packed.get(CacheKeys.MAYBE(1), float) == 5.0
    with pytest.raises(RegistryError, match="complex is no type of values that can be packed"):
        cache.packed.get(CacheKeys.MAYBE(1), complex)


async def test_a_compressed_value_is_of_its_type(cached: Issue) -> None:
    profile: Profile = {"name": "Ann" * 10_000, "age": 3}
    await cached(lambda client: client.packed.set(CacheKeys.PROFILE(1), profile, compress=True))
    assert await cached(lambda client: client.packed.get(CacheKeys.PROFILE(1), compress=True)) == profile
    with pytest.raises(PackError, match=r"\$.age is a str, expected int"):
        await cached(lambda client: client.packed.set(CacheKeys.PROFILE(1), {"name": "", "age": "3"}, compress=True))


SECRET = "hunter2"

MISFITS: list[tuple[str, Any, str]] = [
    ("packed:profile:1", {"name": "Ann", "age": SECRET}, "it is declared Profile: $.age is a str, expected int"),
    ("packed:profile:1", {"name": "Ann", "age": True}, "it is declared Profile: $.age is a bool, expected int"),
    ("packed:profile:1", {"name": "Ann", "age": 1.5}, "it is declared Profile: $.age is a float, expected int"),
    ("packed:profile:1", {"age": 3}, "it is declared Profile: $.name is missing, expected str"),
    (
        "packed:profile:1",
        {"name": "", "age": 1, "tags": ["a", 1]},
        "it is declared Profile: $.tags[1] is an int, expected str",
    ),
    ("packed:profile:1", [SECRET], "it is declared Profile: $ is a list, expected Profile"),
    (
        "packed:tree:1",
        {"value": 1, "branches": [{"value": SECRET, "branches": []}]},
        "it is declared Tree: $.branches[0].value is a str, expected int",
    ),
    (
        "packed:account:1",
        {"number": 1, "owners": {SECRET: "a"}},
        "it is declared Account: $.owners is a str, expected int",
    ),
    ("packed:account:1", {"owners": {}}, "it is declared Account: $.number is missing, expected a value"),
    (
        "packed:article:1",
        {"id": SECRET, "seen": NOW},
        "it is declared Article: $.id is a str, expected a valid integer",
    ),
    ("packed:article:1", {"id": 1}, "it is declared Article: $.seen is missing, expected a value"),
    ("packed:maybe:1", SECRET, "it is declared int | None: $ is a str, expected int | None"),
    (
        "packed:both:1",
        {"a": SECRET},
        "it is declared dict[str, Article | Point | None]: $[...] is a str, expected Article | Point | None",
    ),
]


@pytest.mark.parametrize(("stored_at", "value", "reason"), MISFITS)
async def test_what_does_not_fit_is_a_miss_of_the_cache(  # noqa: PLR0913, PLR0917 - fixtures
    cached: Issue,
    cache_bytes: redis.Redis,
    caplog: pytest.LogCaptureFixture,
    stored_at: str,
    value: Any,
    reason: str,
) -> None:
    cache_bytes.set(f"app:{stored_at}", msgpack.packb(value, datetime=True))
    with caplog.at_level(logging.WARNING, "civiredis.packed"):
        assert await cached(lambda client: client.packed.get(stored_at)) is None
    assert caplog.messages == [f"'{stored_at}' does not unpack and counts as missing: {reason} (removed)"]
    assert SECRET not in caplog.text
    assert cache_bytes.exists(f"app:{stored_at}") == 0


async def test_an_invalid_choice_is_not_quoted(
    cache: Any, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    for type_ in (Mood, list[Mood], dict[str, Mood]):
        value = SECRET if type_ is Mood else [SECRET] if type_ == list[Mood] else {"a": SECRET}
        cache_bytes.set("app:packed:any", msgpack.packb(value))
        assert await cache.packed.get("packed:any", type_) is None
    assert "expected Mood" in caplog.text
    assert SECRET not in caplog.text


async def test_only_the_value_that_does_not_fit_is_removed(cached: Issue, cache_bytes: redis.Redis) -> None:
    good, bad = msgpack.packb({"id": 1, "wait": "P1D"}), msgpack.packb({"id": 1, "wait": 5})
    cache_bytes.hset("app:packed:jobs", mapping={"good": good, "bad": bad})
    assert await cached(lambda client: client.packed.hmget(CacheKeys.JOBS, ["bad", "good"])) == [
        None,
        Job(1, timedelta(1)),
    ]
    assert cache_bytes.hgetall("app:packed:jobs") == {b"good": good}
    cache_bytes.hset("app:packed:jobs", "bad", bad)
    assert await cached(lambda client: client.packed.hgetall(CacheKeys.JOBS)) == {"good": Job(1, timedelta(1))}
    assert cache_bytes.hgetall("app:packed:jobs") == {b"good": good}
    cache_bytes.sadd("app:packed:moods", msgpack.packb("good"), msgpack.packb("other"))
    assert await cached(lambda client: client.packed.smembers(CacheKeys.MOODS)) == [Mood.GOOD]
    assert cache_bytes.smembers("app:packed:moods") == {msgpack.packb("good")}


async def test_what_does_not_fit_is_an_error_of_the_system_and_stays(systemic: Issue, sys_bytes: redis.Redis) -> None:
    bad = msgpack.packb({"name": "Ann", "age": SECRET})
    sys_bytes.set("packed:system:flags:1", bad)
    expected = (
        r"^'packed:system:flags:1' does not unpack: it is declared Profile: \$.age is a str, expected int; "
        r"nothing was changed$"
    )
    with pytest.raises(UnpackError, match=expected):
        await systemic(lambda client: client.packed.get(SysKeys.FLAGS(1)))
    assert sys_bytes.get("packed:system:flags:1") == bad


ANY: Any = SECRET
SPOILT = Point(ANY, 1, NOW, UUID(int=1), Decimal(1), set())

REFUSED: list[tuple[Any, Any, str]] = [
    (CacheKeys.PROFILE, {"name": "Ann", "age": SECRET}, "it is declared Profile: $.age is a str, expected int"),
    (CacheKeys.PROFILE, {"age": 3}, "it is declared Profile: $.name is missing, expected str"),
    (CacheKeys.POINT, {"x": 1}, "it is declared Point: $ is a dict, expected Point"),
    (
        CacheKeys.POINT,
        SPOILT,
        "it is declared Point: $.x is a str, expected int",
    ),
    (
        CacheKeys.ARTICLE,
        Article.model_construct(id=SECRET, seen=NOW),
        "it is declared Article: $.id is a str, expected a valid integer",
    ),
    (CacheKeys.MAYBE, True, "it is declared int | None: $ is a bool, expected int | None"),
    (CacheKeys.MAYBE, 5.0, "it is declared int | None: $ is a float, expected int | None"),
    (CacheKeys.LATER, Later, "it is declared Later: $ is a type, expected Later"),
]


@pytest.mark.parametrize(("base", "value", "reason"), REFUSED)
async def test_what_is_not_of_the_type_is_not_written(
    cached: Issue, cache_bytes: redis.Redis, base: Any, value: Any, reason: str
) -> None:
    with pytest.raises(PackError) as caught:
        await cached(lambda client: client.packed.set(base(1), value))
    assert str(caught.value) == f"cannot pack a value for '{base}:1': {reason}"
    assert SECRET not in str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert cache_bytes.keys() == []


async def test_the_part_of_the_key_is_named(cached: Issue, cache_bytes: redis.Redis) -> None:
    with pytest.raises(PackError, match="cannot pack a value for 'packed:jobs' field 'a': it is declared Job: "):
        await cached(lambda client: client.packed.hset(CacheKeys.JOBS, mapping={"a": 5}))
    with pytest.raises(PackError, match="cannot pack a value for 'packed:pairs' member 1: it is declared Pair: "):
        await cached(lambda client: client.packed.sadd(CacheKeys.PAIRS, Pair(1), (1, "a")))
    with pytest.raises(PackError, match=r"it is declared int \| None: "):
        await cached(lambda client: client.packed.mset({CacheKeys.MAYBE(1): 1, CacheKeys.MAYBE(2): "x"}))
    assert cache_bytes.keys() == []


async def test_a_constraint_is_a_part_of_the_type(cache: Any, cache_bytes: redis.Redis) -> None:
    cache_bytes.mset({"app:packed:any:1": msgpack.packb(101), "app:packed:any:2": msgpack.packb(3)})
    assert await cache.packed.get("packed:any:1", TYPES["constrained by msgspec"]) is None
    assert await cache.packed.get("packed:any:2", TYPES["constrained by pydantic"]) is None
