"""What is left of a lifetime when a test looks at it, on a machine that may be busy with something else meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from civiredis import CacheRedis, SysRedis

DELAY: Final = 20
"""Seconds that a busy machine may let pass between a command and the look at what it did."""


def left_of(seconds: int) -> range:
    """What may be left of a lifetime of `seconds` that has just begun; another lifetime of the tests is not in it."""
    return range(seconds - DELAY, seconds + 1)


def since(seconds: int) -> range:
    """How long ago something may be that was `seconds` ago just now."""
    return range(seconds, seconds + DELAY)


async def now_in_ms(redis: CacheRedis[Any] | SysRedis[Any]) -> int:
    """Tell the server's own time, in Unix milliseconds: a lifetime given later ends later, however late that is."""
    seconds, microseconds = await redis.time()
    return seconds * 1000 + microseconds // 1000
