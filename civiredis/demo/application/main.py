"""The application at work, on two private servers that end with it."""

from __future__ import annotations

import asyncio
from datetime import date

from civiredis import RedisSettings, UnknownKeyError, create_redis_clients

from .keys import CacheKeys, SysKeys
from .service import Service

SETTINGS = RedisSettings(url="embedded://cache", sys_url="embedded://system")


async def main() -> None:
    """Do what a few web requests would do, and show what comes back."""
    async with create_redis_clients(CacheKeys, SysKeys, settings=SETTINGS) as (redis, sys_redis):
        service = Service(redis, sys_redis)
        await sys_redis.hset(SysKeys.FEATURES, mapping={"generation": "on"})

        await service.sign_in("t0k3n", 42)
        print("plain value:  user_of('t0k3n') =", await service.user_of("t0k3n"))

        await service.save_profile(42, "Zoë")
        profile = await service.my_profile("t0k3n")
        print("packed value: my_profile('t0k3n') =", {name: profile[name] for name in ("name", "avatar")})

        today = date(2026, 1, 31)
        counts = [await service.generate(job, today) for job in (1, 2, 3)]
        print("pipeline:     jobs queued today, one by one =", counts)
        print("hash:         status(3) =", await service.status(3))

        jobs = sorted([key async for key in redis.scan_iter(match="generation:status:*")])
        print("scan:         keys of all jobs =", jobs)
        print("              deleted, without a cast =", await redis.delete(*jobs))

        try:
            await service.forget("sesion:t0k3n")
        except UnknownKeyError as unknown:
            print("parse:       ", unknown)


if __name__ == "__main__":
    asyncio.run(main())
