"""Every base key of the application."""

from __future__ import annotations

from civiredis import CacheRegistry, SysRegistry


class CacheKeys(CacheRegistry):
    """What can be rebuilt."""

    SESSION = "session"
    PROFILE = "packed:user:profile"

    class Generation:
        """Image generation."""

        STATUS = "generation:status"
        COUNT = "generation:count"


class SysKeys(SysRegistry):
    """The source of truth."""

    FEATURES = "system:features"
