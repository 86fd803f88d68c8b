"""Registries and clients of a small shop, shared by the programs of test-data/."""

from civiredis import BaseOf, CacheRegistry, KeyOf, SysRegistry, create_redis_clients


class CacheKeys(CacheRegistry):
    USER = "user"
    USER_SETTINGS = "user:settings"
    TAG = "tag"
    PROFILE = "packed:user:profile"

    class Cart:
        ITEMS = "cart:items"

        class Totals:
            DAY = "cart:totals:day"


class SysKeys(SysRegistry):
    FEATURES = "system:features"
    LIMITS = "packed:system:limits"


redis, sys_redis = create_redis_clients(CacheKeys, SysKeys)

CacheKey = KeyOf[CacheKeys]
SysKey = KeyOf[SysKeys]
CacheBase = BaseOf[CacheKeys]
