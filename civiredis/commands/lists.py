"""Lists: values in order, pushed and popped at both ends (https://redis.io/docs/latest/develop/data-types/lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import option
from civiredis.commands.replies import (
    done,
    integer,
    integers,
    optional_integer,
    optional_list,
    optional_text,
    texts,
)
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Value
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import List


class ListCommands(ValueCommands[R]):
    """Commands on the list that a key holds."""

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def lpush(self, key: TypedKey[R, List[V]], *values: V) -> Reply[int]: ...

        @overload
        def lpush(self, key: KeyOf[R], *values: Value) -> Reply[int]: ...

    def lpush(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Push `values` on the left, the last one outermost, and give the length (https://redis.io/commands/lpush)."""
        return self._run(integer, *self._lasting(key, "LPUSH", self._key(key), *self._sent_each(key, values)))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def rpush(self, key: TypedKey[R, List[V]], *values: V) -> Reply[int]: ...

        @overload
        def rpush(self, key: KeyOf[R], *values: Value) -> Reply[int]: ...

    def rpush(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Push `values` on the right, and give the new length (https://redis.io/commands/rpush)."""
        return self._run(integer, *self._lasting(key, "RPUSH", self._key(key), *self._sent_each(key, values)))

    def lpushx(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Push on the left of a list that exists; the length, 0 when missing (https://redis.io/commands/lpushx)."""
        return self._run(integer, *self._lasting(key, "LPUSHX", self._key(key), *self._sent_each(key, values)))

    def rpushx(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Push on the right of a list that exists; the length, 0 when missing (https://redis.io/commands/rpushx)."""
        return self._run(integer, *self._lasting(key, "RPUSHX", self._key(key), *self._sent_each(key, values)))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def lpop(self, key: TypedKey[R, List[V]], count: None = None) -> Reply[V | None]: ...

        @overload
        def lpop(self, key: TypedKey[R, List[V]], count: int) -> Reply[list[V] | None]: ...

    @overload
    def lpop(self, key: KeyOf[R], count: None = None) -> Reply[str | None]: ...

    @overload
    def lpop(self, key: KeyOf[R], count: int) -> Reply[list[str] | None]: ...

    def lpop(self, key: KeyOf[R], count: int | None = None) -> Reply[str | None] | Reply[list[str] | None]:
        """Pop the leftmost value, or up to `count`; None when the key is missing (https://redis.io/commands/lpop)."""
        if count is None:
            return self._values(key, optional_text, "LPOP", self._key(key))
        return self._values(key, optional_list, "LPOP", self._key(key), count)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def rpop(self, key: TypedKey[R, List[V]], count: None = None) -> Reply[V | None]: ...

        @overload
        def rpop(self, key: TypedKey[R, List[V]], count: int) -> Reply[list[V] | None]: ...

    @overload
    def rpop(self, key: KeyOf[R], count: None = None) -> Reply[str | None]: ...

    @overload
    def rpop(self, key: KeyOf[R], count: int) -> Reply[list[str] | None]: ...

    def rpop(self, key: KeyOf[R], count: int | None = None) -> Reply[str | None] | Reply[list[str] | None]:
        """Pop the rightmost value, or up to `count`; None when the key is missing (https://redis.io/commands/rpop)."""
        if count is None:
            return self._values(key, optional_text, "RPOP", self._key(key))
        return self._values(key, optional_list, "RPOP", self._key(key), count)

    def lmpop(
        self,
        num_keys: int,
        *keys: KeyOf[R] | list[KeyOf[R]],
        direction: Literal["LEFT", "RIGHT"],
        count: int = 1,
    ) -> Reply[tuple[KeyOf[R], list[str]] | None]:
        """Pop up to `count` values of the first of `keys` that has any (https://redis.io/commands/lmpop).

        Gives that key with its values, or None when every list is empty.
        """
        return self._values_by_key(
            self._taken(texts), self._run, "LMPOP", num_keys, *self._keys(keys), direction, "COUNT", count
        )

    def lmove(
        self,
        first_list: KeyOf[R],
        second_list: KeyOf[R],
        src: Literal["LEFT", "RIGHT"] = "LEFT",
        dest: Literal["LEFT", "RIGHT"] = "RIGHT",
    ) -> Reply[str | None]:
        """Move a value from one list to the other, and get it; None when empty (https://redis.io/commands/lmove)."""
        return self._values(
            first_list,
            optional_text,
            *self._lasting(second_list, "LMOVE", self._key(first_list), self._key(second_list), src, dest),
        )

    def rpoplpush(self, src: KeyOf[R], dst: KeyOf[R]) -> Reply[str | None]:
        """Move the rightmost value to the left of `dst`, and get it (https://redis.io/commands/rpoplpush)."""
        return self._values(src, optional_text, *self._lasting(dst, "RPOPLPUSH", self._key(src), self._key(dst)))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def lrange(self, key: TypedKey[R, List[V]], start: int, end: int) -> Reply[list[V]]: ...

        @overload
        def lrange(self, key: KeyOf[R], start: int, end: int) -> Reply[list[str]]: ...

    def lrange(self, key: KeyOf[R], start: int, end: int) -> Reply[list[str]]:
        """Get the values `start` to `end` (with it); empty when missing (https://redis.io/commands/lrange)."""
        return self._values(key, texts, "LRANGE", self._key(key), start, end)

    def llen(self, key: KeyOf[R]) -> Reply[int]:
        """Give the length; 0 when the key is missing (https://redis.io/commands/llen)."""
        return self._run(integer, "LLEN", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def lindex(self, key: TypedKey[R, List[V]], index: int) -> Reply[V | None]: ...

        @overload
        def lindex(self, key: KeyOf[R], index: int) -> Reply[str | None]: ...

    def lindex(self, key: KeyOf[R], index: int) -> Reply[str | None]:
        """Get the value at `index`, None when there is none (https://redis.io/commands/lindex)."""
        return self._values(key, optional_text, "LINDEX", self._key(key), index)

    def lset(self, key: KeyOf[R], index: int, value: Value) -> Reply[bool]:
        """Set the value at `index`, which must exist; always True (https://redis.io/commands/lset)."""
        return self._run(done, *self._lasting(key, "LSET", self._key(key), index, self._sent(key, value)))

    def linsert(
        self, key: KeyOf[R], where: Literal["BEFORE", "AFTER", "before", "after"], refvalue: Value, value: Value
    ) -> Reply[int]:
        """Insert beside `refvalue`: the new length, -1 when that is not there (https://redis.io/commands/linsert)."""
        values = self._sent_each(key, (refvalue, value))
        return self._run(integer, *self._lasting(key, "LINSERT", self._key(key), where, *values))

    def lrem(self, key: KeyOf[R], count: int, value: Value) -> Reply[int]:
        """Remove up to `count` times `value`, and give how often (https://redis.io/commands/lrem).

        A negative `count` starts at the right, 0 removes all.
        """
        return self._run(integer, "LREM", self._key(key), count, self._sent(key, value))

    def ltrim(self, key: KeyOf[R], start: int, end: int) -> Reply[bool]:
        """Keep the values `start` to `end` (with it) only; always True (https://redis.io/commands/ltrim)."""
        return self._run(done, "LTRIM", self._key(key), start, end)

    @overload
    def lpos(
        self, key: KeyOf[R], value: Value, rank: int | None = None, count: None = None, maxlen: int | None = None
    ) -> Reply[int | None]: ...

    @overload
    def lpos(
        self, key: KeyOf[R], value: Value, rank: int | None = None, *, count: int, maxlen: int | None = None
    ) -> Reply[list[int]]: ...

    def lpos(
        self,
        key: KeyOf[R],
        value: Value,
        rank: int | None = None,
        count: int | None = None,
        maxlen: int | None = None,
    ) -> Reply[int | None] | Reply[list[int]]:
        """Find where `value` stands, None when nowhere; with `count` a list (https://redis.io/commands/lpos).

        `rank` starts at the n-th match, a negative one from the right; `count=0` finds all; `maxlen` bounds the search.
        """
        words = ("LPOS", self._key(key), self._sent(key, value), *option("RANK", rank), *option("MAXLEN", maxlen))
        if count is None:
            return self._run(optional_integer, *words)
        return self._run(integers, *words, "COUNT", count)
