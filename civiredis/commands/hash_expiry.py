"""Lifetimes of single fields of a hash: Redis 7.4 and Valkey 9 (https://redis.io/commands/hexpire)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import R
from civiredis.commands.arguments import (
    counted,
    flags,
    lifetime,
    persist_option,
    unix_milliseconds,
    unix_seconds,
)
from civiredis.commands.arguments import milliseconds as whole_milliseconds
from civiredis.commands.arguments import seconds as whole_seconds
from civiredis.commands.hashes import fields_of
from civiredis.commands.replies import integers, optional_texts, yes
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from redis.commands.core import HashDataPersistOptions

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, Value, ValueT
    from civiredis.reply import Reply


class HashExpiryCommands(ValueCommands[R]):
    """Commands on the lifetimes of a hash's fields.

    Those that change a lifetime give one number a field: 1 it is set, 0 a condition (`nx`, `xx`, `gt`, `lt`) is not
    met, 2 the time is past and the field is deleted, -2 there is no such field.
    """

    def hexpire(
        self,
        key: KeyOf[R],
        seconds: int | timedelta,
        *fields: Value,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[list[int]]:
        """Let `fields` expire in `seconds`; a number each, see the class (https://redis.io/commands/hexpire)."""
        rest = (*flags(nx=nx, xx=xx, gt=gt, lt=lt), *_named(fields))
        return self._run(integers, "HEXPIRE", self._key(key), whole_seconds(seconds), *rest)

    def hpexpire(
        self,
        key: KeyOf[R],
        milliseconds: int | timedelta,
        *fields: Value,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[list[int]]:
        """Let `fields` expire in `milliseconds`; a number each, see the class (https://redis.io/commands/hpexpire)."""
        rest = (*flags(nx=nx, xx=xx, gt=gt, lt=lt), *_named(fields))
        return self._run(integers, "HPEXPIRE", self._key(key), whole_milliseconds(milliseconds), *rest)

    def hexpireat(
        self,
        key: KeyOf[R],
        unix_time_seconds: int | datetime,
        *fields: Value,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[list[int]]:
        """Let `fields` expire at a Unix time in seconds; a number each (https://redis.io/commands/hexpireat)."""
        rest = (*flags(nx=nx, xx=xx, gt=gt, lt=lt), *_named(fields))
        return self._run(integers, "HEXPIREAT", self._key(key), unix_seconds(unix_time_seconds), *rest)

    def hpexpireat(
        self,
        key: KeyOf[R],
        unix_time_milliseconds: int | datetime,
        *fields: Value,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[list[int]]:
        """Let `fields` expire at a Unix time in milliseconds; a number each (https://redis.io/commands/hpexpireat)."""
        rest = (*flags(nx=nx, xx=xx, gt=gt, lt=lt), *_named(fields))
        when = unix_milliseconds(unix_time_milliseconds)
        return self._run(integers, "HPEXPIREAT", self._key(key), when, *rest)

    def hpersist(self, key: KeyOf[R], *fields: Value) -> Reply[list[int]]:
        """Take the lifetime away: 1 done, -1 it had none, -2 no such field (https://redis.io/commands/hpersist)."""
        return self._run(integers, "HPERSIST", self._key(key), *_named(fields))

    def httl(self, key: KeyOf[R], *fields: Value) -> Reply[list[int]]:
        """Give the seconds left: -1 no lifetime, -2 no such field (https://redis.io/commands/httl)."""
        return self._run(integers, "HTTL", self._key(key), *_named(fields))

    def hpttl(self, key: KeyOf[R], *fields: Value) -> Reply[list[int]]:
        """Give the milliseconds left: -1 no lifetime, -2 no such field (https://redis.io/commands/hpttl)."""
        return self._run(integers, "HPTTL", self._key(key), *_named(fields))

    def hexpiretime(self, key: KeyOf[R], *fields: Value) -> Reply[list[int]]:
        """Give the Unix time of expiry in seconds: -1 none, -2 no such field (https://redis.io/commands/hexpiretime)."""
        return self._run(integers, "HEXPIRETIME", self._key(key), *_named(fields))

    def hpexpiretime(self, key: KeyOf[R], *fields: Value) -> Reply[list[int]]:
        """Do what `hexpiretime` does, in milliseconds (https://redis.io/commands/hpexpiretime)."""
        return self._run(integers, "HPEXPIRETIME", self._key(key), *_named(fields))

    def hgetex(
        self,
        key: KeyOf[R],
        *fields: Value,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        persist: bool = False,
    ) -> Reply[list[str | None]]:
        """Get the values, None for each missing one, and change their lifetime (https://redis.io/commands/hgetex).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units; `persist` takes the
        lifetime away. Redis 8, Valkey 9.
        """
        rest = (*lifetime(ex, px, exat, pxat), *flags(persist=persist), *_named(fields))
        return self._values(key, optional_texts, "HGETEX", self._key(key), *rest)

    def hgetdel(self, key: KeyOf[R], *fields: Value) -> Reply[list[str | None]]:
        """Get the values, None for each missing one, and delete the fields (https://redis.io/commands/hgetdel)."""
        return self._values(key, optional_texts, "HGETDEL", self._key(key), *_named(fields))

    @overload
    def hsetex(
        self,
        key: KeyOf[R],
        field: Value,
        value: Value,
        mapping: Mapping[ValueT, Value] | None = None,
        *,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        data_persist_option: HashDataPersistOptions | Literal["FNX", "FXX"] | None = None,
        keepttl: bool = False,
    ) -> Reply[bool]: ...

    @overload
    def hsetex(
        self,
        key: KeyOf[R],
        *,
        mapping: Mapping[ValueT, Value],
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        data_persist_option: HashDataPersistOptions | Literal["FNX", "FXX"] | None = None,
        keepttl: bool = False,
    ) -> Reply[bool]: ...

    def hsetex(
        self,
        key: KeyOf[R],
        field: Value | None = None,
        value: Value | None = None,
        mapping: Mapping[ValueT, Value] | None = None,
        *,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        data_persist_option: HashDataPersistOptions | Literal["FNX", "FXX"] | None = None,
        keepttl: bool = False,
    ) -> Reply[bool]:
        """Set fields with their lifetime, and tell whether they were set (https://redis.io/commands/hsetex).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units. False when a
        condition is not met: FNX, no field exists; FXX, all of them do. The lifetime is the fields', not the key's.
        """
        words = self._sent_fields(key, fields_of(field, value, mapping))
        expiry = (*lifetime(ex, px, exat, pxat), *flags(keepttl=keepttl))
        rest = (*persist_option(data_persist_option), *expiry, "FIELDS", len(words) // 2, *words)
        return self._run(yes, *self._lasting(key, "HSETEX", self._key(key), *rest))


def _named(fields: tuple[Value, ...]) -> list[Argument]:
    return ["FIELDS", *counted(fields)]
