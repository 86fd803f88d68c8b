"""Redis keys checked where they are written: registries, a mypy plugin and two async clients."""

from civiredis.annotations import BaseOf, KeyOf
from civiredis.client import CacheRedis, SysRedis, create_cache_redis, create_redis_clients, create_sys_redis
from civiredis.declaration import DeclaredKey, KeyPart, TypedKey, key
from civiredis.exceptions import (
    BrotliMissingError,
    CiviredisError,
    EmbeddedServerError,
    LibraryMissingError,
    PackError,
    PipelineError,
    RegistryError,
    RegistryWarning,
    SettingsError,
    UnknownKeyError,
    UnknownKeyWarning,
    UnpackError,
)
from civiredis.packed import Packable, Unpacked
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.settings import RedisSettings
from civiredis.structures import Counter, Hash, List, Set, SortedSet, Stream, String
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
    "Counter",
    "DeclaredKey",
    "EmbeddedServerError",
    "Hash",
    "KeyOf",
    "KeyPart",
    "LibraryMissingError",
    "List",
    "NotSentError",
    "OutcomeUnknownError",
    "PackError",
    "Packable",
    "PipelineError",
    "RedisSettings",
    "RegistryError",
    "RegistryWarning",
    "Set",
    "SettingsError",
    "SharedConnectionError",
    "SortedSet",
    "Stream",
    "String",
    "SysRedis",
    "SysRegistry",
    "TransportClosedError",
    "TransportStats",
    "TypedKey",
    "UnknownKeyError",
    "UnknownKeyWarning",
    "UnpackError",
    "Unpacked",
    "create_cache_redis",
    "create_redis_clients",
    "create_sys_redis",
    "key",
]
