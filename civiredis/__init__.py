"""Redis keys checked where they are written: registries, a mypy plugin and two async clients."""

from civiredis.annotations import BaseOf, KeyOf
from civiredis.client import CacheRedis, SysRedis, create_cache_redis, create_redis_clients, create_sys_redis
from civiredis.declaration import key
from civiredis.exceptions import (
    BrotliMissingError,
    CiviredisError,
    EmbeddedServerError,
    PackError,
    PipelineError,
    RegistryError,
    RegistryWarning,
    SettingsError,
    UnknownKeyError,
    UnpackError,
)
from civiredis.packed import Packable, Unpacked
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.settings import RedisSettings
from civiredis.transport import (
    CommandTimeoutError,
    NotSentError,
    OutcomeUnknownError,
    SharedConnectionError,
    TransportClosedError,
    TransportStats,
)

__all__ = [
    "BaseOf",
    "BrotliMissingError",
    "CacheRedis",
    "CacheRegistry",
    "CiviredisError",
    "CommandTimeoutError",
    "EmbeddedServerError",
    "KeyOf",
    "NotSentError",
    "OutcomeUnknownError",
    "PackError",
    "Packable",
    "PipelineError",
    "RedisSettings",
    "RegistryError",
    "RegistryWarning",
    "SettingsError",
    "SharedConnectionError",
    "SysRedis",
    "SysRegistry",
    "TransportClosedError",
    "TransportStats",
    "UnknownKeyError",
    "UnpackError",
    "Unpacked",
    "create_cache_redis",
    "create_redis_clients",
    "create_sys_redis",
    "key",
]
