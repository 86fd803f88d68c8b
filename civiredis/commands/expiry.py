"""Lifetimes of keys (https://redis.io/commands/expire); those of a hash's fields are in `hash_expiry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.annotations import R
from civiredis.commands.arguments import flags, milliseconds, seconds, unix_milliseconds, unix_seconds
from civiredis.commands.base import Commands
from civiredis.commands.replies import integer, yes

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from civiredis.annotations import KeyOf
    from civiredis.reply import Reply


class ExpiryCommands(Commands[R]):
    """Commands on the lifetime of a key.

    Setting one takes conditions: `nx` the key has none, `xx` it has one, `gt` and `lt` the new one is longer, shorter.
    """

    def expire(
        self,
        key: KeyOf[R],
        time: int | timedelta,
        *,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[bool]:
        """Let the key expire in `time` seconds; False when it is missing (https://redis.io/commands/expire)."""
        rest = flags(nx=nx, xx=xx, gt=gt, lt=lt)
        return self._run(yes, "EXPIRE", self._key(key), seconds(time), *rest)

    def pexpire(
        self,
        key: KeyOf[R],
        time: int | timedelta,
        *,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[bool]:
        """Let the key expire in `time` milliseconds; False when missing (https://redis.io/commands/pexpire)."""
        rest = flags(nx=nx, xx=xx, gt=gt, lt=lt)
        return self._run(yes, "PEXPIRE", self._key(key), milliseconds(time), *rest)

    def expireat(
        self,
        key: KeyOf[R],
        when: int | datetime,
        *,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[bool]:
        """Let the key expire at a Unix time in seconds; False when missing (https://redis.io/commands/expireat)."""
        rest = flags(nx=nx, xx=xx, gt=gt, lt=lt)
        return self._run(yes, "EXPIREAT", self._key(key), unix_seconds(when), *rest)

    def pexpireat(
        self,
        key: KeyOf[R],
        when: int | datetime,
        *,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[bool]:
        """Let the key expire at a Unix time in milliseconds; False when missing (https://redis.io/commands/pexpireat)."""
        rest = flags(nx=nx, xx=xx, gt=gt, lt=lt)
        return self._run(yes, "PEXPIREAT", self._key(key), unix_milliseconds(when), *rest)

    def persist(self, key: KeyOf[R]) -> Reply[bool]:
        """Take the lifetime away, and tell whether there was one (https://redis.io/commands/persist)."""
        return self._run(yes, "PERSIST", self._key(key))

    def ttl(self, key: KeyOf[R]) -> Reply[int]:
        """Give the seconds left: -1 no lifetime, -2 no such key (https://redis.io/commands/ttl)."""
        return self._run(integer, "TTL", self._key(key))

    def pttl(self, key: KeyOf[R]) -> Reply[int]:
        """Give the milliseconds left: -1 no lifetime, -2 no such key (https://redis.io/commands/pttl)."""
        return self._run(integer, "PTTL", self._key(key))

    def expiretime(self, key: KeyOf[R]) -> Reply[int]:
        """Give the Unix time of expiry in seconds: -1 none, -2 no such key (https://redis.io/commands/expiretime)."""
        return self._run(integer, "EXPIRETIME", self._key(key))

    def pexpiretime(self, key: KeyOf[R]) -> Reply[int]:
        """Do what `expiretime` does, in milliseconds (https://redis.io/commands/pexpiretime)."""
        return self._run(integer, "PEXPIRETIME", self._key(key))
