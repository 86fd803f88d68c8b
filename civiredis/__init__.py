"""Redis keys checked where they are written: registries, a mypy plugin and two async clients."""

from civiredis.annotations import BaseOf, KeyOf
from civiredis.client import CacheRedis, SysRedis, create_cache_redis, create_redis_clients, create_sys_redis
from civiredis.declaration import key
from civiredis.exceptions import (
    CiviredisError,
    EmbeddedServerError,
    PackError,
    RegistryError,
    RegistryWarning,
    SettingsError,
    UnknownKeyError,
    UnpackError,
)
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.settings import RedisSettings

__all__ = [
    "BaseOf",
    "CacheRedis",
    "CacheRegistry",
    "CiviredisError",
    "EmbeddedServerError",
    "KeyOf",
    "PackError",
    "RedisSettings",
    "RegistryError",
    "RegistryWarning",
    "SettingsError",
    "SysRedis",
    "SysRegistry",
    "UnknownKeyError",
    "UnpackError",
    "create_cache_redis",
    "create_redis_clients",
    "create_sys_redis",
    "key",
]
