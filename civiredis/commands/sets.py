"""Sets: members without order, each once (https://redis.io/docs/latest/develop/data-types/sets)."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import many
from civiredis.commands.replies import answers, integer, optional_text, text_set, texts, yes
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Value
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import Set


class SetCommands(ValueCommands[R]):
    """Commands on the set that a key holds."""

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def sadd(self, key: TypedKey[R, Set[V]], *values: V) -> Reply[int]: ...

        @overload
        def sadd(self, key: KeyOf[R], *values: Value) -> Reply[int]: ...

    def sadd(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Add `values`, and give the number of new ones (https://redis.io/commands/sadd)."""
        return self._run(integer, *self._lasting(key, "SADD", self._key(key), *self._sent_each(key, values)))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def srem(self, key: TypedKey[R, Set[V]], *values: V) -> Reply[int]: ...

        @overload
        def srem(self, key: KeyOf[R], *values: Value) -> Reply[int]: ...

    def srem(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Remove `values`, and give the number of those that were there (https://redis.io/commands/srem)."""
        return self._run(integer, "SREM", self._key(key), *self._sent_each(key, values))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def smembers(self, key: TypedKey[R, Set[V]]) -> Reply[set[V]]: ...

        @overload
        def smembers(self, key: KeyOf[R]) -> Reply[set[str]]: ...

    def smembers(self, key: KeyOf[R]) -> Reply[set[str]]:
        """Get all members; empty when the key is missing (https://redis.io/commands/smembers)."""
        return self._values(key, text_set, "SMEMBERS", self._key(key))

    def scard(self, key: KeyOf[R]) -> Reply[int]:
        """Count the members; 0 when the key is missing (https://redis.io/commands/scard)."""
        return self._run(integer, "SCARD", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def sismember(self, key: TypedKey[R, Set[V]], value: V) -> Reply[bool]: ...

        @overload
        def sismember(self, key: KeyOf[R], value: Value) -> Reply[bool]: ...

    def sismember(self, key: KeyOf[R], value: Value) -> Reply[bool]:
        """Tell whether `value` is a member (https://redis.io/commands/sismember)."""
        return self._run(yes, "SISMEMBER", self._key(key), self._sent(key, value))

    def smismember(self, key: KeyOf[R], values: Iterable[Value]) -> Reply[list[bool]]:
        """Tell of each of `values` whether it is a member (https://redis.io/commands/smismember)."""
        return self._run(answers, "SMISMEMBER", self._key(key), *self._sent_each(key, many(values, "values")))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def spop(self, key: TypedKey[R, Set[V]], count: None = None) -> Reply[V | None]: ...

        @overload
        def spop(self, key: TypedKey[R, Set[V]], count: int) -> Reply[set[V]]: ...

    @overload
    def spop(self, key: KeyOf[R], count: None = None) -> Reply[str | None]: ...

    @overload
    def spop(self, key: KeyOf[R], count: int) -> Reply[set[str]]: ...

    def spop(self, key: KeyOf[R], count: int | None = None) -> Reply[str | None] | Reply[set[str]]:
        """Remove and get a random member (None when missing), or up to `count` (https://redis.io/commands/spop)."""
        if count is None:
            return self._values(key, optional_text, "SPOP", self._key(key))
        return self._values(key, text_set, "SPOP", self._key(key), count)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def srandmember(self, key: TypedKey[R, Set[V]], number: None = None) -> Reply[V | None]: ...

        @overload
        def srandmember(self, key: TypedKey[R, Set[V]], number: int) -> Reply[list[V]]: ...

    @overload
    def srandmember(self, key: KeyOf[R], number: None = None) -> Reply[str | None]: ...

    @overload
    def srandmember(self, key: KeyOf[R], number: int) -> Reply[list[str]]: ...

    def srandmember(self, key: KeyOf[R], number: int | None = None) -> Reply[str | None] | Reply[list[str]]:
        """Draw a member (None when missing), or `number` of them (https://redis.io/commands/srandmember).

        A negative `number` may draw one twice.
        """
        if number is None:
            return self._values(key, optional_text, "SRANDMEMBER", self._key(key))
        return self._values(key, texts, "SRANDMEMBER", self._key(key), number)

    def smove(self, src: KeyOf[R], dst: KeyOf[R], value: Value) -> Reply[bool]:
        """Move `value` to `dst`, and tell whether it was in `src` (https://redis.io/commands/smove)."""
        return self._run(yes, *self._lasting(dst, "SMOVE", self._key(src), self._key(dst), self._sent(src, value)))

    def sdiff(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[set[str]]:
        """Get the members of the first set that are in no other (https://redis.io/commands/sdiff)."""
        wire = self._keys(keys)
        return self._values_of_all(wire, text_set, "SDIFF", *wire)

    def sdiffstore(self, dest: KeyOf[R], *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Store the difference in `dest`, and count it (https://redis.io/commands/sdiffstore)."""
        return self._run(integer, *self._lasting(dest, "SDIFFSTORE", self._key(dest), *self._keys(keys)))

    def sinter(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[set[str]]:
        """Get the members that all sets have (https://redis.io/commands/sinter)."""
        wire = self._keys(keys)
        return self._values_of_all(wire, text_set, "SINTER", *wire)

    def sinterstore(self, dest: KeyOf[R], *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Store the intersection in `dest`, and count it (https://redis.io/commands/sinterstore)."""
        return self._run(integer, *self._lasting(dest, "SINTERSTORE", self._key(dest), *self._keys(keys)))

    def sintercard(self, numkeys: int, keys: Iterable[KeyOf[R]], limit: int = 0) -> Reply[int]:
        """Count the intersection, up to `limit` (0: without end) (https://redis.io/commands/sintercard)."""
        return self._run(integer, "SINTERCARD", numkeys, *self._keys(keys), "LIMIT", limit)

    def sunion(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[set[str]]:
        """Get the members that any set has (https://redis.io/commands/sunion)."""
        wire = self._keys(keys)
        return self._values_of_all(wire, text_set, "SUNION", *wire)

    def sunionstore(self, dest: KeyOf[R], *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Store the union in `dest`, and count it (https://redis.io/commands/sunionstore)."""
        return self._run(integer, *self._lasting(dest, "SUNIONSTORE", self._key(dest), *self._keys(keys)))
