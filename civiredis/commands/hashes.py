"""Hashes: fields with values under one key (https://redis.io/docs/latest/develop/data-types/hashes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import flattened, many
from civiredis.commands.replies import (
    done,
    integer,
    number,
    optional_text,
    optional_texts,
    text_map,
    text_pairs,
    texts,
    yes,
)
from civiredis.commands.values import ValueCommands
from civiredis.reply import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Argument, Value, ValueT
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import Hash


def fields_of(field: Value | None, value: Value | None, mapping: Mapping[ValueT, Value] | None) -> list[Argument]:
    """Write the fields to be set, given as one field and value, as a mapping, or both."""
    if (field is None) != (value is None):
        message = "a field needs its value: pass both, or a mapping"
        raise TypeError(message)
    words: list[Argument] = [] if field is None or value is None else [field, value]
    return words if words and not mapping else [*words, *flattened(mapping or {})]


class HashCommands(ValueCommands[R]):
    """Commands on the hash that a key holds."""

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hget(self, key: TypedKey[R, Hash[V]], field: Value) -> Reply[V | None]: ...

        @overload
        def hget(self, key: KeyOf[R], field: Value) -> Reply[str | None]: ...

    def hget(self, key: KeyOf[R], field: Value) -> Reply[str | None]:
        """Get the value of `field`; None when it or the key is missing (https://redis.io/commands/hget)."""
        return self._values(key, optional_text, "HGET", self._key(key), field)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hmget(self, key: TypedKey[R, Hash[V]], fields: Iterable[Value]) -> Reply[list[V | None]]: ...

        @overload
        def hmget(self, key: KeyOf[R], fields: Iterable[Value]) -> Reply[list[str | None]]: ...

    def hmget(self, key: KeyOf[R], fields: Iterable[Value]) -> Reply[list[str | None]]:
        """Get the values of `fields` in their order, None for each missing one (https://redis.io/commands/hmget)."""
        names = many(fields, "fields")
        return self._values(key, optional_texts, "HMGET", self._key(key), *names) if names else Answer([])

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hgetall(self, key: TypedKey[R, Hash[V]]) -> Reply[dict[str, V]]: ...

        @overload
        def hgetall(self, key: KeyOf[R]) -> Reply[dict[str, str]]: ...

    def hgetall(self, key: KeyOf[R]) -> Reply[dict[str, str]]:
        """Get every field with its value; empty when the key is missing (https://redis.io/commands/hgetall)."""
        return self._values(key, text_map, "HGETALL", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hset(
            self, key: TypedKey[R, Hash[V]], field: Value, value: V, mapping: Mapping[ValueT, V] | None = None
        ) -> Reply[int]: ...

        @overload
        def hset(self, key: TypedKey[R, Hash[V]], *, mapping: Mapping[ValueT, V]) -> Reply[int]: ...

    @overload
    def hset(
        self, key: KeyOf[R], field: Value, value: Value, mapping: Mapping[ValueT, Value] | None = None
    ) -> Reply[int]: ...

    @overload
    def hset(self, key: KeyOf[R], *, mapping: Mapping[ValueT, Value]) -> Reply[int]: ...

    def hset(
        self,
        key: KeyOf[R],
        field: Value | None = None,
        value: Value | None = None,
        mapping: Mapping[ValueT, Value] | None = None,
    ) -> Reply[int]:
        """Set fields, and give the number of new ones (https://redis.io/commands/hset).

        Raises `ValueError` when there is nothing to set.
        """
        words = self._sent_fields(key, fields_of(field, value, mapping))
        return self._run(integer, *self._lasting(key, "HSET", self._key(key), *words))

    def hmset(self, key: KeyOf[R], mapping: Mapping[ValueT, Value]) -> Reply[bool]:
        """Set fields; always True (https://redis.io/commands/hmset). Raises `ValueError` when there are none."""
        return self._run(
            done, *self._lasting(key, "HMSET", self._key(key), *self._sent_fields(key, flattened(mapping)))
        )

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hsetnx(self, key: TypedKey[R, Hash[V]], field: Value, value: V) -> Reply[bool]: ...

        @overload
        def hsetnx(self, key: KeyOf[R], field: Value, value: Value) -> Reply[bool]: ...

    def hsetnx(self, key: KeyOf[R], field: Value, value: Value) -> Reply[bool]:
        """Set `field` if it is missing, and tell whether it was (https://redis.io/commands/hsetnx)."""
        return self._run(yes, *self._lasting(key, "HSETNX", self._key(key), field, self._sent(key, value)))

    def hdel(self, key: KeyOf[R], *fields: Value) -> Reply[int]:
        """Delete `fields`, and give the number of those that were there (https://redis.io/commands/hdel)."""
        return self._run(integer, "HDEL", self._key(key), *fields)

    def hexists(self, key: KeyOf[R], field: Value) -> Reply[bool]:
        """Tell whether `field` is there (https://redis.io/commands/hexists)."""
        return self._run(yes, "HEXISTS", self._key(key), field)

    def hlen(self, key: KeyOf[R]) -> Reply[int]:
        """Count the fields; 0 when the key is missing (https://redis.io/commands/hlen)."""
        return self._run(integer, "HLEN", self._key(key))

    def hkeys(self, key: KeyOf[R]) -> Reply[list[str]]:
        """Get the names of all fields; empty when the key is missing (https://redis.io/commands/hkeys)."""
        return self._run(texts, "HKEYS", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hvals(self, key: TypedKey[R, Hash[V]]) -> Reply[list[V]]: ...

        @overload
        def hvals(self, key: KeyOf[R]) -> Reply[list[str]]: ...

    def hvals(self, key: KeyOf[R]) -> Reply[list[str]]:
        """Get the values of all fields; empty when the key is missing (https://redis.io/commands/hvals)."""
        return self._values(key, texts, "HVALS", self._key(key))

    def hstrlen(self, key: KeyOf[R], field: Value) -> Reply[int]:
        """Give the length of the field's value in bytes, 0 when missing (https://redis.io/commands/hstrlen)."""
        return self._run(integer, "HSTRLEN", self._key(key), field)

    def hincrby(self, key: KeyOf[R], field: Value, amount: int = 1) -> Reply[int]:
        """Add to a field, and give the sum; a missing field counts as 0 (https://redis.io/commands/hincrby)."""
        return self._run(integer, *self._lasting(key, "HINCRBY", self._key(key), field, amount))

    def hincrbyfloat(self, key: KeyOf[R], field: Value, amount: float = 1.0) -> Reply[float]:
        """Add to a field, and give the sum; a missing one counts as 0 (https://redis.io/commands/hincrbyfloat)."""
        return self._run(number, *self._lasting(key, "HINCRBYFLOAT", self._key(key), field, amount))

    @overload
    def hrandfield(
        self, key: KeyOf[R], count: None = None, *, withvalues: Literal[False] = False
    ) -> Reply[str | None]: ...

    @overload
    def hrandfield(self, key: KeyOf[R], count: int, *, withvalues: Literal[False] = False) -> Reply[list[str]]: ...

    @overload
    def hrandfield(self, key: KeyOf[R], count: int, *, withvalues: Literal[True]) -> Reply[list[tuple[str, str]]]: ...

    def hrandfield(
        self, key: KeyOf[R], count: int | None = None, *, withvalues: bool = False
    ) -> Reply[str | None] | Reply[list[str]] | Reply[list[tuple[str, str]]]:
        """Draw a field (None when the key is missing), or `count` of them (https://redis.io/commands/hrandfield).

        A negative `count` may draw one twice. With `withvalues` the fields come with their values.
        """
        if count is None:
            return self._run(optional_text, "HRANDFIELD", self._key(key))
        if withvalues:
            return self._values(key, text_pairs, "HRANDFIELD", self._key(key), count, "WITHVALUES")
        return self._run(texts, "HRANDFIELD", self._key(key), count)
