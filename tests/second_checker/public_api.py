"""Every key is any `str`, and every result has its own type. The names of the module are those of the README."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, assert_type

from civiredis import (
    BaseOf,
    CacheRedis,
    CacheRegistry,
    KeyOf,
    RedisSettings,
    SysRedis,
    SysRegistry,
    create_cache_redis,
    create_redis_clients,
    create_sys_redis,
    key,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class CacheKeys(CacheRegistry):
    USER = "user"
    PROFILE = "packed:user:profile"
    SESSION = key("session", ttl=timedelta(hours=1))

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
