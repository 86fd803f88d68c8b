"""The mistakes that the demo makes in its application, one for each rule of the plugin."""

from __future__ import annotations

from typing import NamedTuple


class Mistake(NamedTuple):
    """One wrong piece of text in a module of the application."""

    module: str
    right: str
    wrong: str
    code: str
    """The error code that mypy reports it with."""
    why: str

    def described(self) -> str:
        """What was wrong, and what is right, as three lines of a diff."""
        lines = [f"{self.why} [{self.code}]"]
        lines += [f"  - {line.strip()}" for line in self.wrong.splitlines()]
        lines += [f"  + {line.strip()}" for line in self.right.splitlines()]
        return "\n".join(lines)


MISTAKES = (
    Mistake("service.py", 'f"session:{token}"', 'f"sesion:{token}"', "redis-key", "a typing error"),
    Mistake(
        "service.py",
        'self.sys_redis.hget(SysKeys.FEATURES, "generation")',
        'self.redis.hget(SysKeys.FEATURES, "generation")',
        "redis-key",
        "a key of the other server",
    ),
    Mistake(
        "service.py",
        'f"generation:status:{job}", mapping=',
        'f"generation_status:{job}", mapping=',
        "redis-key",
        "a wrong separator",
    ),
    Mistake(
        "service.py",
        "        if user_id is None:\n            return None\n",
        "",
        "redis-key-part",
        "nobody may be signed in, and the key would end in `None`",
    ),
    Mistake(
        "service.py",
        'self.redis.hgetall(f"{CacheKeys.Generation.STATUS}:{job}")',
        'self.redis.hgetall(f"{CacheKeys.PROFILE}:{job}")',
        "redis-packed",
        "MessagePack, read by a plain command",
    ),
    Mistake(
        "service.py",
        "self.redis.delete(CacheKeys.parse(key))",
        "self.redis.delete(key)",
        "redis-key-dynamic",
        "any text at all",
    ),
    Mistake("keys.py", '"generation:count"', '"generation:count:"', "redis-registry", "a base ends in a colon"),
)
