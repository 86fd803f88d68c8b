"""Strings: one value a key, of text, bytes or a number (https://redis.io/docs/latest/develop/data-types/strings)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import (
    conditions,
    flags,
    flattened,
    lifetime,
    milliseconds,
    option,
    persist_option,
    seconds,
)
from civiredis.commands.lasting import MSET_WITH_LIFETIMES, MSETNX_WITH_LIFETIMES
from civiredis.commands.replies import (
    done,
    integer,
    number,
    optional_text,
    pairs,
    text,
    yes,
)
from civiredis.commands.values import ValueCommands
from civiredis.reply import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from redis.commands.core import DataPersistOptions

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Argument, Value
    from civiredis.commands.replies import RawReply
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import String


def common_pieces(raw: RawReply) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Decode LCS IDX: the first and last byte of each piece, in the one value and in the other."""
    (matches,) = (value for name, value in pairs(raw) if name == b"matches")
    return [((one[0], one[1]), (other[0], other[1])) for one, other in matches]


class StringCommands(ValueCommands[R]):
    """Commands on the string that a key holds."""

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def get(self, key: TypedKey[R, String[V]]) -> Reply[V | None]: ...

        @overload
        def get(self, key: KeyOf[R]) -> Reply[str | None]: ...

    def get(self, key: KeyOf[R]) -> Reply[str | None]:
        """Get the value, or None when the key is missing (https://redis.io/commands/get)."""
        if not self._readers:  # the usual one, by the shortest way
            return self._run(optional_text, "GET", self._key(key))
        return self._values(key, optional_text, "GET", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def set(
            self,
            key: TypedKey[R, String[V]],
            value: V,
            ex: int | timedelta | None = None,
            px: int | timedelta | None = None,
            *,
            nx: bool = False,
            xx: bool = False,
            keepttl: bool = False,
            get: Literal[False] = False,
            exat: int | datetime | None = None,
            pxat: int | datetime | None = None,
            ifeq: V | None = None,
            ifne: V | None = None,
            ifdeq: str | None = None,
            ifdne: str | None = None,
        ) -> Reply[bool]: ...

        @overload
        def set(
            self,
            key: TypedKey[R, String[V]],
            value: V,
            ex: int | timedelta | None = None,
            px: int | timedelta | None = None,
            *,
            nx: bool = False,
            xx: bool = False,
            keepttl: bool = False,
            get: Literal[True],
            exat: int | datetime | None = None,
            pxat: int | datetime | None = None,
            ifeq: V | None = None,
            ifne: V | None = None,
            ifdeq: str | None = None,
            ifdne: str | None = None,
        ) -> Reply[V | None]: ...

    @overload
    def set(
        self,
        key: KeyOf[R],
        value: Value,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: Literal[False] = False,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Value | None = None,
        ifne: Value | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Reply[bool]: ...

    @overload
    def set(
        self,
        key: KeyOf[R],
        value: Value,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: Literal[True],
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Value | None = None,
        ifne: Value | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Reply[str | None]: ...

    def set(
        self,
        key: KeyOf[R],
        value: Value,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: bool = False,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Value | None = None,
        ifne: Value | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Reply[bool] | Reply[str | None]:
        """Set the value, with its lifetime, and tell whether it was written (https://redis.io/commands/set).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units; `keepttl` keeps the
        lifetime that the key has. False when a condition is not met: `nx` (the key is missing), `xx` (it exists),
        `ifeq`, `ifne` (its value is, is not this one), `ifdeq`, `ifdne` (the same by DIGEST). With `get=True` the old
        value comes back instead, None when there was none.
        """
        wire_key = self._key(key)
        if self._texts:
            value = self._sent(key, value)
            ifeq, ifne = (one if one is None else self._sent(key, one) for one in (ifeq, ifne))
        if not (nx or xx or get or keepttl) and ex is px is exat is pxat is ifeq is ifne is ifdeq is ifdne is None:
            return self._run(done, "SET", wire_key, value, *self._ex(key))  # the usual one, by the shortest way
        words: list[Argument] = ["SET", wire_key, value]
        words += conditions(nx=nx, xx=xx, ifeq=ifeq, ifne=ifne, ifdeq=ifdeq, ifdne=ifdne)
        if get:
            words.append("GET")
        words += ["KEEPTTL"] if keepttl else []
        words += lifetime(ex, px, exat, pxat) or ([] if keepttl else self._ex(key))
        return self._values(key, optional_text, *words) if get else self._run(done, *words)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def setex(self, key: TypedKey[R, String[V]], time: int | timedelta, value: V) -> Reply[bool]: ...

        @overload
        def setex(self, key: KeyOf[R], time: int | timedelta, value: Value) -> Reply[bool]: ...

    def setex(self, key: KeyOf[R], time: int | timedelta, value: Value) -> Reply[bool]:
        """Set the value for `time` seconds; always True (https://redis.io/commands/setex)."""
        return self._run(done, "SETEX", self._key(key), seconds(time), self._sent(key, value))

    def psetex(self, key: KeyOf[R], time_ms: int | timedelta, value: Value) -> Reply[bool]:
        """Set the value for `time_ms` milliseconds; always True (https://redis.io/commands/psetex)."""
        return self._run(done, "PSETEX", self._key(key), milliseconds(time_ms), self._sent(key, value))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def setnx(self, key: TypedKey[R, String[V]], value: V) -> Reply[bool]: ...

        @overload
        def setnx(self, key: KeyOf[R], value: Value) -> Reply[bool]: ...

    def setnx(self, key: KeyOf[R], value: Value) -> Reply[bool]:
        """Set the value if the key is missing, and tell whether it was (https://redis.io/commands/setnx)."""
        return self._run(done, "SET", self._key(key), self._sent(key, value), "NX", *self._ex(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def getset(self, key: TypedKey[R, String[V]], value: V) -> Reply[V | None]: ...

        @overload
        def getset(self, key: KeyOf[R], value: Value) -> Reply[str | None]: ...

    def getset(self, key: KeyOf[R], value: Value) -> Reply[str | None]:
        """Set the value and get the old one, None when there was none (https://redis.io/commands/getset)."""
        words = self._lasting(key, "GETSET", self._key(key), self._sent(key, value))
        return self._values(key, optional_text, *words)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def getdel(self, key: TypedKey[R, String[V]]) -> Reply[V | None]: ...

        @overload
        def getdel(self, key: KeyOf[R]) -> Reply[str | None]: ...

    def getdel(self, key: KeyOf[R]) -> Reply[str | None]:
        """Get the value and delete the key; None when it is missing (https://redis.io/commands/getdel)."""
        return self._values(key, optional_text, "GETDEL", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def getex(
            self,
            key: TypedKey[R, String[V]],
            ex: int | timedelta | None = None,
            px: int | timedelta | None = None,
            exat: int | datetime | None = None,
            pxat: int | datetime | None = None,
            *,
            persist: bool = False,
        ) -> Reply[V | None]: ...

        @overload
        def getex(
            self,
            key: KeyOf[R],
            ex: int | timedelta | None = None,
            px: int | timedelta | None = None,
            exat: int | datetime | None = None,
            pxat: int | datetime | None = None,
            *,
            persist: bool = False,
        ) -> Reply[str | None]: ...

    def getex(
        self,
        key: KeyOf[R],
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        *,
        persist: bool = False,
    ) -> Reply[str | None]:
        """Get the value, None when missing, and change its lifetime (https://redis.io/commands/getex).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units; `persist` takes the
        lifetime away. Without any of these it stays as it is.
        """
        rest = (*lifetime(ex, px, exat, pxat), *flags(persist=persist))
        return self._values(key, optional_text, "GETEX", self._key(key), *rest)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def mget(self, keys: Iterable[TypedKey[R, String[V]]]) -> Reply[list[V | None]]: ...

        @overload
        def mget(self, keys: Iterable[KeyOf[R]]) -> Reply[list[str | None]]: ...

    def mget(self, keys: Iterable[KeyOf[R]]) -> Reply[list[str | None]]:
        """Get the values of all `keys` in their order, None for each missing one (https://redis.io/commands/mget)."""
        wire = self._keys(keys)
        return self._values_of_each(wire, "MGET", *wire) if wire else Answer([])

    def mset(self, mapping: Mapping[KeyOf[R], Value]) -> Reply[bool]:
        """Set all values in one step; always True (https://redis.io/commands/mset)."""
        words = ("MSET", *self._pairs(mapping))
        return self._run(done, *self._each_lasting(words, MSET_WITH_LIFETIMES, mapping))

    def msetnx(self, mapping: Mapping[KeyOf[R], Value]) -> Reply[bool]:
        """Set all values if every key is missing, else none; True when set (https://redis.io/commands/msetnx)."""
        words = ("MSETNX", *self._pairs(mapping))
        return self._run(yes, *self._each_lasting(words, MSETNX_WITH_LIFETIMES, mapping))

    def msetex(
        self,
        mapping: Mapping[KeyOf[R], Value],
        data_persist_option: DataPersistOptions | Literal["NX", "XX"] | None = None,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        *,
        keepttl: bool = False,
    ) -> Reply[bool]:
        """Set all values with one lifetime in one step; True when set (https://redis.io/commands/msetex).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units. False when a
        condition is not met: NX, every key is missing; XX, every key exists. Redis 8.4, Valkey 9.1.
        """
        expiry = (*lifetime(ex, px, exat, pxat), *flags(keepttl=keepttl))
        rest = (*persist_option(data_persist_option), *expiry)
        return self._run(yes, "MSETEX", len(mapping), *self._pairs(mapping), *rest)

    def append(self, key: KeyOf[R], value: Value) -> Reply[int]:
        """Append to the value, and give its new length in bytes (https://redis.io/commands/append)."""
        return self._run(integer, *self._lasting(key, "APPEND", self._key(key), value))

    def strlen(self, key: KeyOf[R]) -> Reply[int]:
        """Give the length of the value in bytes, 0 when missing (https://redis.io/commands/strlen)."""
        return self._run(integer, "STRLEN", self._key(key))

    def getrange(self, key: KeyOf[R], start: int, end: int) -> Reply[str]:
        """Get the bytes `start` to `end` (with it) as text, "" when missing (https://redis.io/commands/getrange)."""
        return self._run(text, "GETRANGE", self._key(key), start, end)

    def substr(self, key: KeyOf[R], start: int, end: int = -1) -> Reply[str]:
        """Do what `getrange` does, under its old name (https://redis.io/commands/substr)."""
        return self._run(text, "SUBSTR", self._key(key), start, end)

    def setrange(self, key: KeyOf[R], offset: int, value: Value) -> Reply[int]:
        """Overwrite from byte `offset` on, and give the new length (https://redis.io/commands/setrange)."""
        return self._run(integer, *self._lasting(key, "SETRANGE", self._key(key), offset, value))

    def incr(self, key: KeyOf[R], amount: int = 1) -> Reply[int]:
        """Add `amount`, and give the sum; a missing key counts as 0 (https://redis.io/commands/incr)."""
        return self.incrby(key, amount)

    def incrby(self, key: KeyOf[R], amount: int = 1) -> Reply[int]:
        """Add `amount`, and give the sum; a missing key counts as 0 (https://redis.io/commands/incrby)."""
        return self._run(integer, *self._lasting(key, "INCRBY", self._key(key), amount))

    def incrbyfloat(self, key: KeyOf[R], amount: float = 1.0) -> Reply[float]:
        """Add `amount`, and give the sum; a missing key counts as 0 (https://redis.io/commands/incrbyfloat)."""
        return self._run(number, *self._lasting(key, "INCRBYFLOAT", self._key(key), amount))

    def decr(self, key: KeyOf[R], amount: int = 1) -> Reply[int]:
        """Subtract `amount`, and give the rest; a missing key counts as 0 (https://redis.io/commands/decr)."""
        return self.decrby(key, amount)

    def decrby(self, key: KeyOf[R], amount: int = 1) -> Reply[int]:
        """Subtract `amount`, and give the rest; a missing key counts as 0 (https://redis.io/commands/decrby)."""
        return self._run(integer, *self._lasting(key, "DECRBY", self._key(key), amount))

    def delifeq(self, key: KeyOf[R], value: Value) -> Reply[bool]:
        """Delete the key if its value is `value`, and tell whether it was; Valkey (https://valkey.io/commands/delifeq)."""
        return self._run(yes, "DELIFEQ", self._key(key), self._sent(key, value))

    def delex(
        self,
        key: KeyOf[R],
        ifeq: Value | None = None,
        ifne: Value | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Reply[bool]:
        """Delete the key if its value (or DIGEST) is, or is not, this one; Redis 8.4 (https://redis.io/commands/delex)."""
        equal, unequal = (one if one is None else self._sent(key, one) for one in (ifeq, ifne))
        conditions = (
            *option("IFEQ", equal),
            *option("IFNE", unequal),
            *option("IFDEQ", ifdeq),
            *option("IFDNE", ifdne),
        )
        return self._run(yes, "DELEX", self._key(key), *conditions)

    def digest(self, key: KeyOf[R]) -> Reply[str | None]:
        """Give the value's hash, hexadecimal; None when missing; Redis 8.4 (https://redis.io/commands/digest)."""
        return self._run(optional_text, "DIGEST", self._key(key))

    @overload
    def lcs(self, key1: KeyOf[R], key2: KeyOf[R], *, len: Literal[False] = False) -> Reply[str]: ...

    @overload
    def lcs(self, key1: KeyOf[R], key2: KeyOf[R], *, len: Literal[True]) -> Reply[int]: ...

    def lcs(self, key1: KeyOf[R], key2: KeyOf[R], *, len: bool = False) -> Reply[str] | Reply[int]:
        """Give the longest common subsequence of two values, or its length (https://redis.io/commands/lcs)."""
        words = ("LCS", self._key(key1), self._key(key2))
        return self._run(integer, *words, "LEN") if len else self._run(text, *words)

    def lcs_idx(
        self, key1: KeyOf[R], key2: KeyOf[R], *, minmatchlen: int = 0
    ) -> Reply[list[tuple[tuple[int, int], tuple[int, int]]]]:
        """Give where the common pieces stand in the two values, first and last byte (https://redis.io/commands/lcs).

        The last piece comes first; pieces of fewer than `minmatchlen` bytes are left out.
        """
        rest = ("IDX", "MINMATCHLEN", minmatchlen)
        return self._run(common_pieces, "LCS", self._key(key1), self._key(key2), *rest)

    def _pairs(self, mapping: Mapping[KeyOf[R], Value]) -> list[Argument]:
        return flattened({self._key(key): self._sent(key, value) for key, value in mapping.items()})
