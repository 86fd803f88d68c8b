"""Values of plain commands, which are text: converted from and to their declared types by every command of values."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from civiredis import PackError, UnpackError
from civiredis.commands.streams import Entry
from tests.declared.keys import CacheKeys, Level, Mood, Plan, SysKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    import redis

    from tests.declared.conftest import Issue

K = CacheKeys.Plain
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
DAYS = [date(2026, 1, 2), date(2026, 1, 3)]
ID = UUID(int=5)

TEXTS: list[tuple[Any, Any, bytes]] = [
    (K.VIEWS, 5, b"5"),
    (K.VIEWS, -(10**30), b"-1" + b"0" * 30),
    (K.VIEWS, Level.HIGH, b"2"),
    (K.RATE, 1.5, b"1.5"),
    (K.RATE, 1, b"1"),
    (K.RATE, float("inf"), b"inf"),
    (K.FLAG, True, b"1"),
    (K.FLAG, False, b"0"),
    (K.SEEN, NOW, b"2026-01-02T03:04:05.678901+00:00"),
    (K.SEEN, datetime(2026, 1, 2), b"2026-01-02T00:00:00"),  # noqa: DTZ001 - comes back without a zone
    (K.NAME, "Zoë", "Zoë".encode()),
    (K.NAME, Plan.FREE, b"free"),
    (K.CHOICE, "a", b"a"),
    (K.CHOICE, 1, b"1"),
    (K.USER, 7, b"7"),
]


@pytest.mark.parametrize(("base", "value", "text"), TEXTS)
async def test_a_value_is_written_as_text_and_comes_back(
    cache: Any, cache_bytes: redis.Redis, base: Any, value: Any, text: bytes
) -> None:
    await cache.set(base(1), value)
    assert cache_bytes.get(f"app:{base}:1") == text
    assert await cache.get(f"{base}:1") == value


@pytest.mark.parametrize(
    ("base", "text", "value"),
    [
        (K.FLAG, "true", True),
        (K.FLAG, "false", False),
        (K.SEEN, "2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (K.RATE, "1e5", 100000.0),
    ],
)
async def test_what_others_write(cache: Any, cache_bytes: redis.Redis, base: Any, text: str, value: Any) -> None:
    cache_bytes.set(f"app:{base}", text)
    assert await cache.get(base) == value


async def test_strings(cached: Issue) -> None:
    assert await cached(lambda client: client.setnx(K.VIEWS(1), 5)) is True
    assert await cached(lambda client: client.ttl(K.VIEWS(1))) == 60
    assert await cached(lambda client: client.incr(K.VIEWS(1))) == 6
    assert await cached(lambda client: client.set(K.VIEWS(1), 7, get=True)) == 6
    assert await cached(lambda client: client.getset(K.VIEWS(1), 8)) == 7
    assert await cached(lambda client: client.getex(K.VIEWS(1), ex=5)) == 8
    assert await cached(lambda client: client.set(K.VIEWS(1), 9, ifeq=8)) is True
    assert await cached(lambda client: client.delifeq(K.VIEWS(1), 8)) is False
    assert await cached(lambda client: client.getdel(K.VIEWS(1))) == 9
    assert await cached(lambda client: client.setex(K.FLAG, 5, True)) is True
    assert await cached(lambda client: client.psetex(K.FLAG, 5000, False)) is True
    assert await cached(lambda client: client.set_nx_keep_ttl_with_ex(K.SEEN, NOW, 5)) is True
    assert await cached(lambda client: client.mset({K.RATE(1): 1.5, K.FLAG(1): True, "plain:1": 5})) is True
    assert await cached(lambda client: client.msetnx({K.RATE(1): 1.5})) is False
    keys = [K.RATE(1), K.FLAG(1), K.SEEN, K.RATE(2), "plain:1"]
    assert await cached(lambda client: client.mget(keys)) == [1.5, True, NOW, None, "5"]


async def test_hashes(cached: Issue) -> None:
    moods = {"a": Mood.GOOD, "b": Mood.BAD}
    assert await cached(lambda client: client.hset(K.MOOD, mapping=moods)) == 2
    assert await cached(lambda client: client.hset(K.MOOD, "a", Mood.BAD)) == 0
    assert await cached(lambda client: client.hmset(K.MOOD, {"a": Mood.GOOD})) is True
    assert await cached(lambda client: client.hsetnx(K.MOOD, "a", Mood.BAD)) is False
    assert await cached(lambda client: client.hset_multi_with_expire(K.MOOD, {"b": Mood.BAD}, 60)) == 0
    assert await cached(lambda client: client.hsetex(K.MOOD, "c", Mood.GOOD, ex=60)) is True
    assert await cached(lambda client: client.hgetdel(K.MOOD, "c", "d")) == [Mood.GOOD, None]
    assert await cached(lambda client: client.hget(K.MOOD, "a")) is Mood.GOOD
    assert await cached(lambda client: client.hget(K.MOOD, "z")) is None
    assert await cached(lambda client: client.hmget(K.MOOD, ["b", "z"])) == [Mood.BAD, None]
    assert await cached(lambda client: client.hgetall(K.MOOD)) == moods
    assert await cached(lambda client: client.hvals(K.MOOD)) == [Mood.GOOD, Mood.BAD]
    assert dict(await cached(lambda client: client.hrandfield(K.MOOD, 5, withvalues=True))) == moods
    assert await cached(lambda client: client.hscan(K.MOOD)) == (0, moods)
    assert await cached(lambda client: client.hgetex(K.MOOD, "a", ex=60)) == [Mood.GOOD]


async def test_lists(cached: Issue) -> None:
    assert await cached(lambda client: client.rpush(K.DAYS, *DAYS)) == 2
    assert await cached(lambda client: client.lpush(K.DAYS, DAYS[1])) == 3
    assert await cached(lambda client: client.rpushx(K.DAYS, DAYS[1])) == 4
    assert await cached(lambda client: client.lrange(K.DAYS, 0, -1)) == [DAYS[1], *DAYS, DAYS[1]]
    assert await cached(lambda client: client.lrem(K.DAYS, 1, DAYS[1])) == 1
    assert await cached(lambda client: client.lpos(K.DAYS, DAYS[1])) == 1
    assert await cached(lambda client: client.linsert(K.DAYS, "BEFORE", DAYS[1], DAYS[0])) == 4
    assert await cached(lambda client: client.lset(K.DAYS, 3, DAYS[0])) is True
    assert await cached(lambda client: client.lindex(K.DAYS, 3)) == DAYS[0]
    assert await cached(lambda client: client.lmove(K.DAYS, K.DAYS(2), "RIGHT")) == DAYS[0]
    assert await cached(lambda client: client.rpoplpush(K.DAYS, K.DAYS(2))) == DAYS[1]
    assert await cached(lambda client: client.lpop(K.DAYS)) == DAYS[0]
    assert await cached(lambda client: client.rpop(K.DAYS, 5)) == [DAYS[0]]
    assert await cached(lambda client: client.rpop(K.DAYS, 5)) is None
    assert await cached(lambda client: client.lmpop(1, K.DAYS(2), direction="RIGHT")) == (K.DAYS(2), [DAYS[0]])


async def test_sets(cached: Issue) -> None:
    assert await cached(lambda client: client.sadd(K.IDS, ID, UUID(int=6))) == 2
    assert await cached(lambda client: client.srem(K.IDS, UUID(int=6))) == 1
    assert await cached(lambda client: client.smembers(K.IDS)) == {ID}
    assert await cached(lambda client: client.sismember(K.IDS, ID)) is True
    assert await cached(lambda client: client.smismember(K.IDS, [ID, UUID(int=6)])) == [True, False]
    assert await cached(lambda client: client.srandmember(K.IDS)) == ID
    assert await cached(lambda client: client.srandmember(K.IDS, 2)) == [ID]
    assert await cached(lambda client: client.sscan(K.IDS)) == (0, [ID])
    assert await cached(lambda client: client.sunion(K.IDS, K.IDS(2))) == {ID}
    assert await cached(lambda client: client.sinter(K.IDS)) == {ID}
    assert await cached(lambda client: client.sdiff(K.IDS)) == {ID}
    await cached(lambda client: client.sadd(K.PLANS, Plan.FREE, "none"))
    assert await cached(lambda client: client.smembers(K.PLANS)) == {Plan.FREE, "none"}
    assert await cached(lambda client: client.sunion(K.IDS, K.PLANS)) == {ID, Plan.FREE, "none"}
    assert await cached(lambda client: client.smove(K.IDS, K.IDS(2), ID)) is True
    assert await cached(lambda client: client.spop(K.IDS(2))) == ID
    assert await cached(lambda client: client.spop(K.IDS(2), 3)) == set()


async def test_sorted_sets(cached: Issue) -> None:
    low, high = Decimal("1.50"), Decimal(2)
    assert await cached(lambda client: client.zadd(K.PRICES, {low: 1, high: 2})) == 2
    assert await cached(lambda client: client.zincrby(K.PRICES, 1, high)) == 3.0
    assert await cached(lambda client: client.zscore(K.PRICES, low)) == 1.0
    assert await cached(lambda client: client.zmscore(K.PRICES, [low, Decimal(7)])) == [1.0, None]
    assert await cached(lambda client: client.zrank(K.PRICES, high)) == 1
    assert await cached(lambda client: client.zrevrank(K.PRICES, high, withscore=True)) == (0, 3.0)
    both, scored = [low, high], [(low, 1.0), (high, 3.0)]
    assert await cached(lambda client: client.zrange(K.PRICES, 0, -1)) == both
    assert await cached(lambda client: client.zrange(K.PRICES, 0, -1, withscores=True)) == scored
    assert await cached(lambda client: client.zrevrange(K.PRICES, 0, -1)) == both[::-1]
    assert await cached(lambda client: client.zrangebyscore(K.PRICES, 0, 9)) == both
    assert await cached(lambda client: client.zrevrangebyscore(K.PRICES, 9, 0, withscores=True)) == scored[::-1]
    assert await cached(lambda client: client.zrangebylex(K.PRICES, "-", "+")) == both
    assert await cached(lambda client: client.zrandmember(K.PRICES)) in both
    assert await cached(lambda client: client.zscan(K.PRICES)) == (0, scored)
    assert await cached(lambda client: client.zunion([K.PRICES])) == both
    assert await cached(lambda client: client.zinter({K.PRICES: 2.0}, withscores=True)) == [(low, 2.0), (high, 6.0)]
    assert await cached(lambda client: client.zdiff([K.PRICES])) == both
    assert await cached(lambda client: client.zpopmin(K.PRICES)) == [(low, 1.0)]
    assert await cached(lambda client: client.zmpop(1, [K.PRICES], max=True)) == (K.PRICES, [(high, 3.0)])
    await cached(lambda client: client.geoadd(K.PRICES, [(13.4, 52.5, low)]))
    assert await cached(lambda client: client.geosearch(K.PRICES, member=low, radius=1)) == [low]
    assert await cached(lambda client: client.zrem(K.PRICES, low)) == 1


async def test_streams(cached: Issue) -> None:
    assert await cached(lambda client: client.xadd(K.EVENTS, {"a": 1, "b": 2}, "1-1")) == "1-1"
    entry = Entry("1-1", {"a": 1, "b": 2})
    assert await cached(lambda client: client.xrange(K.EVENTS)) == [entry]
    assert await cached(lambda client: client.xrevrange(K.EVENTS)) == [entry]
    assert await cached(lambda client: client.xread({K.EVENTS: 0})) == {K.EVENTS: [entry]}
    await cached(lambda client: client.xgroup_create(K.EVENTS, "g", 0))
    assert await cached(lambda client: client.xreadgroup("g", "ann", {K.EVENTS: ">"})) == {K.EVENTS: [entry]}
    assert await cached(lambda client: client.xclaim(K.EVENTS, "g", "bob", 0, ["1-1"])) == [entry]
    assert (await cached(lambda client: client.xautoclaim(K.EVENTS, "g", "eve", 0))).entries == [entry]


async def test_what_waits_and_what_walks(cache: Any) -> None:
    await cache.rpush(K.DAYS, *DAYS, *DAYS)
    assert await cache.blpop([K.DAYS], 1) == (K.DAYS, DAYS[0])
    assert await cache.brpop([K.DAYS(9), K.DAYS], 1) == (K.DAYS, DAYS[1])
    assert await cache.blmpop(1, 1, K.DAYS, direction="LEFT") == (K.DAYS, [DAYS[1]])
    assert await cache.blmove(K.DAYS, K.DAYS(2), 1) == DAYS[0]
    assert await cache.brpoplpush(K.DAYS(2), K.DAYS, 1) == DAYS[0]
    await cache.zadd(K.PRICES, {Decimal(1): 1, Decimal(2): 2, Decimal(3): 3})
    assert (Decimal(1), 1.0) in [member async for member in cache.zscan_iter(K.PRICES)]
    assert await cache.bzpopmin([K.PRICES], 1) == (K.PRICES, Decimal(1), 1.0)
    assert await cache.bzmpop(1, 1, [K.PRICES], max=True) == (K.PRICES, [(Decimal(3), 3.0)])
    await cache.hset(K.MOOD, "a", Mood.GOOD)
    assert [field async for field in cache.hscan_iter(K.MOOD)] == [("a", Mood.GOOD)]
    await cache.sadd(K.IDS, ID)
    assert [member async for member in cache.sscan_iter(K.IDS)] == [ID]
    await cache.xadd(K.EVENTS, {"a": 1}, "1-1")
    assert await cache.xread({K.EVENTS: 0}, block=1000) == {K.EVENTS: [Entry("1-1", {"a": 1})]}


async def test_a_base_without_a_type_is_text_as_ever(cache: Any) -> None:
    await cache.set("plain:1", 5)
    assert await cache.get("plain:1") == "5"
    assert await cache.mget(["plain:1", K.VIEWS(1)]) == ["5", None]


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("base", "value", "expected"),
    [
        (K.VIEWS, "5", "it is a str, expected int"),
        (K.VIEWS, True, "it is a bool, expected int"),
        (K.VIEWS, 5.0, "it is a float, expected int"),
        (K.RATE, SECRET, "it is a str, expected float"),
        (K.SEEN, date(2026, 1, 2), "it is a datetime.date, expected datetime"),
        (K.NAME, 5, "it is an int, expected str"),
        (K.NAME, None, "it is None, expected str"),
        (K.CHOICE, SECRET, r"it is a str, expected Literal\['a', 1\]"),
        (K.CHOICE, True, r"it is a bool, expected Literal\['a', 1\]"),
    ],
)
async def test_what_is_not_of_the_type_is_not_written(
    cached: Issue, cache_bytes: redis.Redis, base: Any, value: Any, expected: str
) -> None:
    with pytest.raises(PackError, match=f"^cannot write a value for '{base}:1': {expected}$"):
        await cached(lambda client: client.set(base(1), value))
    assert cache_bytes.keys() == []


WRITES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda client: client.mset({K.VIEWS(1): 1, K.VIEWS(2): "x"}), "'views:2'"),
    (lambda client: client.hset(K.MOOD, mapping={"a": Mood.GOOD, "b": "x"}), "'mood' field 'b'"),
    (lambda client: client.rpush(K.DAYS, DAYS[0], NOW), "'days' value 1"),
    (lambda client: client.sadd(K.IDS, str(ID)), "'ids' value 0"),
    (lambda client: client.zadd(K.PRICES, {1: 1}), "'prices' member 0"),
    (lambda client: client.xadd(K.EVENTS, {"a": "1"}), "'events' field 'a'"),
    (lambda client: client.sismember(K.IDS, "x"), "'ids'"),
]


@pytest.mark.parametrize(("write", "place"), WRITES)
async def test_the_part_of_the_key_is_named(
    cached: Issue, cache_bytes: redis.Redis, write: Callable[[Any], Any], place: str
) -> None:
    with pytest.raises(PackError, match=f"^cannot write a value for {place}: it is "):
        await cached(write)
    assert cache_bytes.keys() == []


def lists(raw: redis.Redis) -> Any:
    raw.rpush("app:days", "2026-01-02", SECRET, "2026-01-03")


def hashes(raw: redis.Redis) -> Any:
    raw.hset("app:mood", mapping={"a": "good", "b": SECRET})


def sets(raw: redis.Redis) -> Any:
    raw.sadd("app:ids", str(ID), SECRET)


def sorted_sets(raw: redis.Redis) -> Any:
    raw.zadd("app:prices", {"1.5": 1, SECRET: 2})


def streams(raw: redis.Redis) -> Any:
    raw.xadd("app:events", {"a": "1", "b": SECRET}, "1-1")
    raw.xadd("app:events", {"a": "1"}, "2-1")


def strings(raw: redis.Redis) -> Any:
    raw.mset({"app:views:1": SECRET, "app:views:2": "2"})


LEFT = Entry("2-1", {"a": 1})
MISSES: list[tuple[Callable[[redis.Redis], Any], Callable[[Any], Any], Any, str, Callable[[redis.Redis], Any], Any]] = [
    (strings, lambda c: c.get(K.VIEWS(1)), None, "'views:1'", lambda raw: raw.exists("app:views:1"), 0),
    (
        strings,
        lambda c: c.mget([K.VIEWS(1), K.VIEWS(2)]),
        [None, 2],
        "'views:1'",
        lambda raw: raw.keys(),
        [b"app:views:2"],
    ),
    (hashes, lambda c: c.hget(K.MOOD, "b"), None, "'mood' field 'b'", lambda raw: raw.hkeys("app:mood"), [b"a"]),
    (
        hashes,
        lambda c: c.hmget(K.MOOD, ["a", "b"]),
        [Mood.GOOD, None],
        "'mood' field 'b'",
        lambda raw: raw.hkeys("app:mood"),
        [b"a"],
    ),
    (
        hashes,
        lambda c: c.hgetall(K.MOOD),
        {"a": Mood.GOOD},
        "'mood' field 'b'",
        lambda raw: raw.hkeys("app:mood"),
        [b"a"],
    ),
    (hashes, lambda c: c.hvals(K.MOOD), [Mood.GOOD], "a field of 'mood'", lambda raw: raw.hkeys("app:mood"), [b"a"]),
    (
        hashes,
        lambda c: c.hscan(K.MOOD),
        (0, {"a": Mood.GOOD}),
        "'mood' field 'b'",
        lambda raw: raw.hkeys("app:mood"),
        [b"a"],
    ),
    (
        hashes,
        lambda c: c.hrandfield(K.MOOD, 9, withvalues=True),
        [("a", Mood.GOOD)],
        "'mood' field 'b'",
        lambda raw: raw.hkeys("app:mood"),
        [b"a"],
    ),
    (
        hashes,
        lambda c: c.hgetex(K.MOOD, "b", "a", ex=9),
        [None, Mood.GOOD],
        "'mood' field 'b'",
        lambda raw: raw.hkeys("app:mood"),
        [b"a"],
    ),
    (lists, lambda c: c.lrange(K.DAYS, 0, -1), DAYS, "an element of 'days'", lambda raw: raw.llen("app:days"), 2),
    (lists, lambda c: c.lindex(K.DAYS, 1), None, "an element of 'days'", lambda raw: raw.llen("app:days"), 2),
    (sets, lambda c: c.smembers(K.IDS), {ID}, "a member of 'ids'", lambda raw: raw.scard("app:ids"), 1),
    (sets, lambda c: c.sunion(K.IDS), {ID}, "a member of 'ids'", lambda raw: raw.scard("app:ids"), 1),
    (
        sorted_sets,
        lambda c: c.zrange(K.PRICES, 0, -1, withscores=True),
        [(Decimal("1.5"), 1.0)],
        "a member of 'prices'",
        lambda raw: raw.zcard("app:prices"),
        1,
    ),
    (
        sorted_sets,
        lambda c: c.zscan(K.PRICES),
        (0, [(Decimal("1.5"), 1.0)]),
        "a member of 'prices'",
        lambda raw: raw.zcard("app:prices"),
        1,
    ),
    (streams, lambda c: c.xrange(K.EVENTS), [LEFT], "'events' entry 1-1", lambda raw: raw.xlen("app:events"), 1),
    (
        streams,
        lambda c: c.xread({K.EVENTS: 0}),
        {"events": [LEFT]},
        "'events' entry 1-1",
        lambda raw: raw.xlen("app:events"),
        1,
    ),
]


@pytest.mark.parametrize(("store", "read", "result", "place", "look", "left"), MISSES)
async def test_what_does_not_fit_is_missing_in_the_cache_and_alone_removed(  # noqa: PLR0913, PLR0917 - fixtures
    cached: Issue,
    cache_bytes: redis.Redis,
    caplog: pytest.LogCaptureFixture,
    store: Callable[[redis.Redis], Any],
    read: Callable[[Any], Any],
    result: Any,
    place: str,
    look: Callable[[redis.Redis], Any],
    left: Any,
) -> None:
    store(cache_bytes)
    with caplog.at_level(logging.WARNING, "civiredis.packed"):
        assert await cached(read) == result
    (message,) = caplog.messages
    assert message.startswith(f"{place} does not fit and counts as missing: it is no ")
    assert message.endswith(" (removed)")
    assert SECRET not in message
    assert look(cache_bytes) == left


async def test_what_was_taken_out_of_the_cache_is_missing(cached: Issue, cache_bytes: redis.Redis) -> None:
    lists(cache_bytes)
    assert await cached(lambda client: client.lpop(K.DAYS, 3)) == DAYS
    lists(cache_bytes)
    assert await cached(lambda client: client.lmpop(1, K.DAYS, direction="LEFT", count=3)) == (K.DAYS, DAYS)
    strings(cache_bytes)
    assert await cached(lambda client: client.getdel(K.VIEWS(1))) is None
    sorted_sets(cache_bytes)
    assert await cached(lambda client: client.zpopmax(K.PRICES)) == []
    strings(cache_bytes)
    assert await cached(lambda client: client.getset(K.VIEWS(1), 3)) is None
    assert cache_bytes.get("app:views:1") == b"3", "what was written meanwhile stays"


async def test_only_a_value_that_is_still_there_is_removed(cache: Any, cache_bytes: redis.Redis) -> None:
    strings(cache_bytes)
    reading = cache.get(K.VIEWS(1))
    writing = cache.set(K.VIEWS(1), 5)
    assert await reading is None
    assert await writing
    assert await cache.get(K.VIEWS(1)) == 5


ERRORS: list[tuple[list[Any], Callable[[Any], Any], str, str]] = [
    (["SET", "system:limit", SECRET], lambda c: c.get(SysKeys.LIMIT), "'system:limit'", "nothing was changed"),
    (
        ["SET", "system:limit", SECRET],
        lambda c: c.getdel(SysKeys.LIMIT),
        "'system:limit'",
        "what was taken out was put back",
    ),
    (["SET", "system:limit", SECRET], lambda c: c.mget([SysKeys.LIMIT]), "'system:limit'", "nothing was changed"),
    (
        ["HSET", "system:limits", "a", "1", "b", SECRET],
        lambda c: c.hgetall(SysKeys.LIMITS),
        "'system:limits' field 'b'",
        "nothing was changed",
    ),
    (
        ["HSET", "system:limits", "a", "1", "b", SECRET],
        lambda c: c.hgetdel(SysKeys.LIMITS, "a", "b"),
        "'system:limits' field 'b'",
        "what was taken out was put back",
    ),
    (
        ["RPUSH", "system:tasks", "1", SECRET, "3"],
        lambda c: c.lrange(SysKeys.TASKS, 0, -1),
        "an element of 'system:tasks'",
        "nothing was changed",
    ),
    (
        ["RPUSH", "system:tasks", "1", SECRET, "3"],
        lambda c: c.lpop(SysKeys.TASKS, 2),
        "an element of 'system:tasks'",
        "what was taken out was put back",
    ),
    (
        ["RPUSH", "system:tasks", "1", SECRET, "3"],
        lambda c: c.rpop(SysKeys.TASKS, 2),
        "an element of 'system:tasks'",
        "what was taken out was put back",
    ),
    (
        ["RPUSH", "system:tasks", SECRET, "3"],
        lambda c: c.lpop(SysKeys.TASKS),
        "an element of 'system:tasks'",
        "what was taken out was put back",
    ),
    (
        ["RPUSH", "system:tasks", SECRET, "3"],
        lambda c: c.lmpop(1, SysKeys.TASKS, direction="RIGHT", count=2),
        "an element of 'system:tasks'",
        "what was taken out was put back",
    ),
    (
        ["SADD", "system:ports", "1", SECRET],
        lambda c: c.spop(SysKeys.PORTS, 2),
        "a member of 'system:ports'",
        "what was taken out was put back",
    ),
    (
        ["ZADD", "system:ranks", "1.5", "1", "2.5", SECRET],
        lambda c: c.zpopmin(SysKeys.RANKS, 2),
        "a member of 'system:ranks'",
        "what was taken out was put back",
    ),
    (
        ["ZADD", "system:ranks", "1.5", "1", "2.5", SECRET],
        lambda c: c.zmpop(1, [SysKeys.RANKS], max=True, count=2),
        "a member of 'system:ranks'",
        "what was taken out was put back",
    ),
]


@pytest.mark.parametrize(("store", "read", "place", "outcome"), ERRORS)
async def test_what_does_not_fit_is_an_error_of_the_system_and_nothing_is_lost(  # noqa: PLR0913, PLR0917 - fixtures
    systemic: Issue,
    system: Any,
    sys_bytes: redis.Redis,
    store: list[Any],
    read: Callable[[Any], Any],
    place: str,
    outcome: str,
) -> None:
    await system.raw.execute_command(*store)
    before = sys_bytes.dump(store[1])
    with pytest.raises(UnpackError) as caught:
        await systemic(read)
    assert str(caught.value) == f"{place} does not fit: it is no int; {outcome}"
    assert sys_bytes.dump(store[1]) == before


async def test_a_whole_number_beyond_all_floats_is_not_written(cache: Any) -> None:
    with pytest.raises(PackError, match=r"^cannot write a value for 'rate': it is an int, expected float$"):
        await cache.set(K.RATE, 10**400)


@pytest.mark.parametrize("move", ["lmove", "rpoplpush"])
async def test_what_was_moved_is_said_to_be(systemic: Issue, sys_bytes: redis.Redis, move: str) -> None:
    sys_bytes.rpush("system:tasks:1", SECRET)
    with pytest.raises(UnpackError, match=r"it is no int; the command was carried out$"):
        await systemic(lambda c: getattr(c, move)(SysKeys.TASKS(1), SysKeys.TASKS(2)))
    assert sys_bytes.lrange("system:tasks:2", 0, -1) == [SECRET.encode()]


async def test_what_is_not_waited_for_any_longer_takes_nothing(system: Any, sys_bytes: redis.Redis) -> None:
    waiting = [
        system.blpop([SysKeys.TASKS]),
        system.blmove(SysKeys.TASKS, "system:tasks:done", 0),
        system.bzpopmin([SysKeys.RANKS]),
    ]
    async with asyncio.timeout(20):
        while sys_bytes.info("clients")["blocked_clients"] != len(waiting):
            await asyncio.sleep(0.005)
        for reply in waiting:
            reply.cancel()
        while sys_bytes.info("clients")["blocked_clients"]:
            await asyncio.sleep(0.005)
    await system.rpush(SysKeys.TASKS, 5)
    await system.zadd(SysKeys.RANKS, {7: 1})
    assert await system.lrange(SysKeys.TASKS, 0, -1) == [5]
    assert await system.zrange(SysKeys.RANKS, 0, -1) == [7]


async def test_what_was_waited_for_is_put_back_on_the_system_server(system: Any, sys_bytes: redis.Redis) -> None:
    sys_bytes.rpush("system:tasks", SECRET, "2")
    sys_bytes.zadd("system:ranks", {SECRET: 1, "2": 2})
    waiting = [
        system.blpop([SysKeys.TASKS], 1),
        system.bzpopmin([SysKeys.RANKS], 1),
    ]
    for reply in waiting:
        with pytest.raises(UnpackError, match="what was taken out was put back"):
            await reply
    waiting = [
        system.blmpop(1, 1, SysKeys.TASKS, direction="LEFT", count=2),
        system.bzmpop(1, 1, [SysKeys.RANKS], min=True, count=2),
    ]
    for reply in waiting:
        with pytest.raises(UnpackError, match="what was taken out was put back"):
            await reply
    assert sys_bytes.lrange("system:tasks", 0, -1) == [SECRET.encode(), b"2"]
    assert sys_bytes.zrange("system:ranks", 0, -1, withscores=True) == [(SECRET.encode(), 1.0), (b"2", 2.0)]
