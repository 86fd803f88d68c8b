"""One error code per rule. Importing this module registers them, so that a configuration may name them."""

from __future__ import annotations

from typing import Final

from mypy.errorcodes import ErrorCode

CATEGORY: Final = "Redis keys"

REDIS_KEY: Final = ErrorCode("redis-key", "Check that a computed key starts with a registered base", CATEGORY)
REDIS_KEY_DYNAMIC: Final = ErrorCode(
    "redis-key-dynamic", "Check that no plain str, about which nothing can be proven, is used as a key", CATEGORY
)
REDIS_KEY_PART: Final = ErrorCode(
    "redis-key-part", "Check that each value interpolated into a key has a text that can be meant", CATEGORY
)
REDIS_PACKED: Final = ErrorCode(
    "redis-packed", "Check that packed bases are used through .packed, and only they", CATEGORY
)
REDIS_REGISTRY: Final = ErrorCode("redis-registry", "Check the bases that a registry declares", CATEGORY)
REDIS_KEY_OVERLAP: Final = ErrorCode(
    "redis-key-overlap",
    "Check that no str is interpolated behind a base that other bases extend",
    CATEGORY,
    default_enabled=False,
)
REDIS_KIND: Final = ErrorCode(
    "redis-kind", "Check that a base declared to hold one structure is not used with a command of another", CATEGORY
)
REDIS_TTL: Final = ErrorCode(
    "redis-ttl", "Check that a write to a cache key carries an expiry", CATEGORY, default_enabled=False
)
