"""The registries of these tests."""

from __future__ import annotations

from civiredis import CacheRegistry, SysRegistry


class CacheKeys(CacheRegistry):
    USER = "user"
    PROFILE = "packed:user:profile"
    COUNT = "generation:count"


class SysKeys(SysRegistry):
    FEATURES = "system:features"
