"""What web handlers call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from .keys import CacheKeys, SysKeys

if TYPE_CHECKING:
    from civiredis import CacheRedis, KeyOf, SysRedis

HOUR = 3600  # seconds


class Service:
    """Sessions, profiles and image generation."""

    def __init__(self, redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys]) -> None:
        self.redis = redis
        self.sys_redis = sys_redis

    async def sign_in(self, token: str, user_id: int) -> None:
        """Remember for an hour whose token it is."""
        await self.redis.set(f"session:{token}", user_id, ex=HOUR)

    async def user_of(self, token: str) -> int | None:
        """The user of a session."""
        user_id = await self.redis.get(f"{CacheKeys.SESSION}:{token}")
        return None if user_id is None else int(user_id)

    async def save_profile(self, user_id: int, name: str) -> None:
        """Keep a profile as MessagePack."""
        profile = {"name": name, "seen": datetime.now(UTC), "avatar": b"\x89PNG"}
        await self.redis.packed.set(profile_key(user_id), profile, ex=HOUR)

    async def my_profile(self, token: str) -> Any:  # noqa: ANN401 what was packed
        """The profile of whoever is signed in."""
        user_id = await self.user_of(token)
        if user_id is None:
            return None
        return await self.redis.packed.get(f"{CacheKeys.PROFILE}:{user_id}")

    async def generate(self, job: int, day: date) -> int:
        """Queue a job if the feature is on; return how many there were on that day, in one round trip."""
        if await self.sys_redis.hget(SysKeys.FEATURES, "generation") != "on":
            return 0
        async with self.redis.pipeline() as pipe:
            pipe.hset(f"generation:status:{job}", mapping={"state": "queued", "steps": 30})
            pipe.expire(f"generation:status:{job}", HOUR)
            count = pipe.incr(f"{CacheKeys.Generation.COUNT}:{day}")
        return await count

    async def status(self, job: int) -> dict[str, str]:
        """The state of a job."""
        return await self.redis.hgetall(f"{CacheKeys.Generation.STATUS}:{job}")

    async def forget(self, key: str) -> int:
        """Delete a key that an administrator typed."""
        return await self.redis.delete(CacheKeys.parse(key))


def profile_key(user_id: int) -> KeyOf[CacheKeys]:
    """The key of a user's profile."""
    return f"packed:user:profile:{user_id}"
