"""Every key is any `str`, and every result has its own type. The names of the module are those of the README."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypedDict, assert_type

from civiredis import (
    BaseOf,
    CacheRedis,
    CacheRegistry,
    Counter,
    Hash,
    KeyOf,
    List,
    RedisSettings,
    Set,
    SortedSet,
    Stream,
    String,
    SysRedis,
    SysRegistry,
    TypedKey,
    create_cache_redis,
    create_redis_clients,
    create_sys_redis,
    key,
)
from civiredis.commands.streams import Entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Profile(TypedDict):
    name: str


class Mood(Enum):
    GOOD = "good"


class CacheKeys(CacheRegistry):
    USER = "user"
    PROFILE = "packed:user:profile"
    SESSION = key("session", ttl=timedelta(hours=1))

    SEEN = key("seen", String[datetime])
    VIEWS = key("views", Counter)
    MOODS = key("moods", Hash[Mood])
    QUEUE = key("queue", List[date])
    TAGS = key("tags", Set[int])
    RANKS = key("ranks", SortedSet[Decimal])
    EVENTS = key("events", Stream[int])
    CARD = key("packed:card", String[Profile])
    CARDS = key("packed:cards", Hash[Profile])
    FOLLOWS = key("packed:follows", Set[int])

    class Generation:
        COUNT = "generation:count"


class SysKeys(SysRegistry):
    FEATURES = "system:features"


def user_key(user_id: int) -> KeyOf[CacheKeys]:
    return f"user:{user_id}"


def per_day(base: BaseOf[CacheKeys], day: str) -> KeyOf[CacheKeys]:
    return f"{base}:{day}"


def clients() -> None:
    settings = RedisSettings(url="redis://127.0.0.1/0", sys_url="redis://127.0.0.1/1")
    redis, sys_redis = create_redis_clients(CacheKeys, SysKeys, settings=settings)
    assert_type(redis, CacheRedis[CacheKeys])
    assert_type(sys_redis, SysRedis[SysKeys])
    assert_type(create_cache_redis(CacheKeys, url="redis://"), CacheRedis[CacheKeys])
    assert_type(create_sys_redis(SysKeys, url="redis://"), SysRedis[SysKeys])


async def commands(redis: CacheRedis[CacheKeys], any_text: str) -> None:
    assert_type(await redis.get(any_text), str | None)
    assert_type(await redis.get(user_key(7)), str | None)
    assert_type(await redis.get(CacheKeys.Generation.COUNT), str | None)
    assert_type(await redis.set(any_text, "x", ex=timedelta(minutes=1)), bool)
    assert_type(await redis.set(any_text, 1, get=True), str | None)
    assert_type(await redis.mget([any_text, user_key(7)]), list[str | None])
    assert_type(await redis.delete(any_text, user_key(7)), int)
    assert_type(await redis.delete([any_text]), int)
    assert_type(await redis.hgetall(any_text), dict[str, str])
    assert_type(await redis.hset(any_text, mapping={"field": 1}), int)
    assert_type(await redis.smembers(any_text), set[str])
    assert_type(await redis.zrange(any_text, 0, -1, withscores=True), list[tuple[str, float]])
    assert_type(await redis.incr(per_day(CacheKeys.Generation.COUNT, "monday")), int)
    assert_type(await redis.packed.get(CacheKeys.PROFILE), Any)
    async for found in redis.scan_iter():
        await redis.unlink(found)


async def pipelines(redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys]) -> None:
    async with redis.pipeline() as pipe:
        name = pipe.get("user:1")
        count = pipe.incr("generation:count")
    assert_type(await name, str | None)
    assert_type(await count, int)
    async with sys_redis.transaction() as pipe:
        flags = pipe.hgetall(SysKeys.FEATURES)
    assert_type(await flags, dict[str, str])


def registries(any_text: str) -> None:
    _ = CacheKeys.base_keys()
    if CacheKeys.match(any_text) is not None:
        _text: str = CacheKeys.parse(any_text)


async def keys_of(redis: CacheRedis[CacheKeys]) -> AsyncIterator[str]:
    async for found in redis.scan_iter(match="user:*"):
        yield found


def seen_key(user_id: int) -> TypedKey[CacheKeys, String[datetime]]:
    return CacheKeys.SEEN(user_id)


async def typed_reads(redis: CacheRedis[CacheKeys]) -> None:
    """What a key is declared to hold comes back; a base alone is a key, too."""
    assert_type(await redis.get(CacheKeys.SEEN(7)), datetime | None)
    assert_type(await redis.get(seen_key(7)), datetime | None)
    assert_type(await redis.get(CacheKeys.VIEWS), int | None)
    assert_type(await redis.mget([CacheKeys.SEEN(1), CacheKeys.SEEN(2)]), list[datetime | None])
    assert_type(await redis.getdel(CacheKeys.VIEWS("home")), int | None)
    assert_type(await redis.getex(CacheKeys.VIEWS("home"), ex=60), int | None)
    assert_type(await redis.getset(CacheKeys.VIEWS("home"), 0), int | None)
    assert_type(await redis.set(CacheKeys.VIEWS("home"), 0, get=True), int | None)
    assert_type(await redis.hget(CacheKeys.MOODS, "ann"), Mood | None)
    assert_type(await redis.hmget(CacheKeys.MOODS, ["ann", "bob"]), list[Mood | None])
    assert_type(await redis.hgetall(CacheKeys.MOODS), dict[str, Mood])
    assert_type(await redis.hvals(CacheKeys.MOODS), list[Mood])
    assert_type(await redis.lrange(CacheKeys.QUEUE, 0, -1), list[date])
    assert_type(await redis.lindex(CacheKeys.QUEUE, 0), date | None)
    assert_type(await redis.lpop(CacheKeys.QUEUE), date | None)
    assert_type(await redis.rpop(CacheKeys.QUEUE, 2), list[date] | None)
    assert_type(await redis.smembers(CacheKeys.TAGS), set[int])
    assert_type(await redis.spop(CacheKeys.TAGS), int | None)
    assert_type(await redis.spop(CacheKeys.TAGS, 2), set[int])
    assert_type(await redis.srandmember(CacheKeys.TAGS), int | None)
    assert_type(await redis.srandmember(CacheKeys.TAGS, 2), list[int])
    assert_type(await redis.zrange(CacheKeys.RANKS, 0, -1), list[Decimal])
    assert_type(await redis.zrange(CacheKeys.RANKS, 0, -1, withscores=True), list[tuple[Decimal, float]])
    assert_type(await redis.zrevrange(CacheKeys.RANKS, 0, -1), list[Decimal])
    assert_type(await redis.zpopmin(CacheKeys.RANKS), list[tuple[Decimal, float]])
    assert_type(await redis.xrange(CacheKeys.EVENTS), list[Entry[int]])
    assert_type(await redis.xrange("user:events"), list[Entry[str]])


async def typed_packed_reads(redis: CacheRedis[CacheKeys], any_text: str, card: Profile) -> None:
    assert_type(await redis.packed.get(CacheKeys.CARD(7)), Profile | None)
    assert_type(await redis.packed.mget([CacheKeys.CARD(1), CacheKeys.CARD(2)]), list[Profile | None])
    assert_type(await redis.packed.set(CacheKeys.CARD(7), card), bool)
    assert_type(await redis.packed.set(CacheKeys.CARD(7), card, get=True), Profile | None)
    assert_type(await redis.packed.hget(CacheKeys.CARDS, "ann"), Profile | None)
    assert_type(await redis.packed.hmget(CacheKeys.CARDS, ["ann"]), list[Profile | None])
    assert_type(await redis.packed.hgetall(CacheKeys.CARDS), dict[str, Profile])
    assert_type(await redis.packed.smembers(CacheKeys.FOLLOWS(7)), list[int])
    assert_type(await redis.packed.spop(CacheKeys.FOLLOWS(7)), int | None)
    assert_type(await redis.packed.spop(CacheKeys.FOLLOWS(7), 2), list[int])
    assert_type(await redis.packed.get(any_text, Profile), Profile | None)
    assert_type(await redis.packed.mget([any_text], type=Profile), list[Profile | None])
    assert_type(await redis.packed.hget(any_text, "ann", type=Profile), Profile | None)
    assert_type(await redis.packed.hmget(any_text, ["ann"], type=Profile), list[Profile | None])
    assert_type(await redis.packed.hgetall(any_text, type=Profile), dict[str, Profile])
    assert_type(await redis.packed.smembers(any_text, type=int), list[int])
    assert_type(await redis.packed.spop(any_text, type=int), int | None)
    assert_type(await redis.packed.spop(any_text, 2, type=int), list[int])


async def typed_writes(redis: CacheRedis[CacheKeys], now: datetime) -> None:
    """A value of the declared type goes in, also where it is no text."""
    _ = await redis.set(CacheKeys.SEEN(7), now, ex=60)
    _ = await redis.setnx(CacheKeys.SEEN(7), now)
    _ = await redis.hset(CacheKeys.MOODS, "ann", Mood.GOOD)
    _ = await redis.hset(CacheKeys.MOODS, mapping={"ann": Mood.GOOD})
    _ = await redis.rpush(CacheKeys.QUEUE, now.date())
    _ = await redis.lpush(CacheKeys.QUEUE, now.date())
    _ = await redis.sadd(CacheKeys.TAGS, 1, 2)
    _ = await redis.zadd(CacheKeys.RANKS, {Decimal(1): 1.5})
    _ = await redis.zscore(CacheKeys.RANKS, Decimal(1))


async def typed_pipelines(redis: CacheRedis[CacheKeys]) -> None:
    async with redis.transaction() as pipe:
        seen = pipe.get(CacheKeys.SEEN(7))
        card = pipe.packed.get(CacheKeys.CARD(7))
    assert_type(await seen, datetime | None)
    assert_type(await card, Profile | None)
