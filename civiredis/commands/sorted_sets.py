"""Sorted sets: members with scores, in their order (https://redis.io/docs/latest/develop/data-types/sorted-sets).

What reads a range of one set is in `sorted_set_ranges`, what combines several in `sorted_set_algebra`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import flags, many
from civiredis.commands.replies import (
    integer,
    number,
    optional_integer,
    optional_number,
    optional_numbers,
    optional_text,
    ranked,
    scored,
    texts,
)
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import ScoreBound, Value, ValueT
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import SortedSet


class SortedSetCommands(ValueCommands[R]):
    """Commands on the members and scores of the sorted set that a key holds."""

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zadd(
            self,
            key: TypedKey[R, SortedSet[V]],
            mapping: Mapping[V, float],
            *,
            nx: bool = False,
            xx: bool = False,
            ch: bool = False,
            incr: Literal[False] = False,
            gt: bool = False,
            lt: bool = False,
        ) -> Reply[int]: ...

        @overload
        def zadd(
            self,
            key: TypedKey[R, SortedSet[V]],
            mapping: Mapping[V, float],
            *,
            nx: bool = False,
            xx: bool = False,
            ch: bool = False,
            incr: Literal[True],
            gt: bool = False,
            lt: bool = False,
        ) -> Reply[float | None]: ...

    @overload
    def zadd(
        self,
        key: KeyOf[R],
        mapping: Mapping[ValueT, float],
        *,
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: Literal[False] = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[int]: ...

    @overload
    def zadd(
        self,
        key: KeyOf[R],
        mapping: Mapping[ValueT, float],
        *,
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: Literal[True],
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[float | None]: ...

    def zadd(
        self,
        key: KeyOf[R],
        mapping: Mapping[ValueT, float],
        *,
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Reply[int] | Reply[float | None]:
        """Add members, each with its score, and give the number of new ones (https://redis.io/commands/zadd).

        `nx` changes none, `xx` adds none, `gt` and `lt` change a score only to a greater or lesser one; with `ch` the
        changed ones count too. With `incr` the one score is added: the new score, None when a condition is not met.
        Raises `ValueError` for an empty mapping.
        """
        if not mapping:
            message = "the mapping is empty: there is nothing to write"
            raise ValueError(message)
        members = zip(mapping.values(), self._sent_each(key, mapping, "member"), strict=True)
        words = [word for scored_one in members for word in scored_one]
        options = flags(nx=nx, xx=xx, gt=gt, lt=lt, ch=ch, incr=incr)
        sent = self._lasting(key, "ZADD", self._key(key), *options, *words)
        return self._run(optional_number, *sent) if incr else self._run(integer, *sent)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zincrby(self, key: TypedKey[R, SortedSet[V]], amount: float, value: V) -> Reply[float]: ...

        @overload
        def zincrby(self, key: KeyOf[R], amount: float, value: Value) -> Reply[float]: ...

    def zincrby(self, key: KeyOf[R], amount: float, value: Value) -> Reply[float]:
        """Add `amount` to the score of `value`, and give the sum (https://redis.io/commands/zincrby)."""
        return self._run(number, *self._lasting(key, "ZINCRBY", self._key(key), amount, self._sent(key, value)))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zrem(self, key: TypedKey[R, SortedSet[V]], *values: V) -> Reply[int]: ...

        @overload
        def zrem(self, key: KeyOf[R], *values: Value) -> Reply[int]: ...

    def zrem(self, key: KeyOf[R], *values: Value) -> Reply[int]:
        """Remove `values`, and give the number of those that were there (https://redis.io/commands/zrem)."""
        return self._run(integer, "ZREM", self._key(key), *self._sent_each(key, values))

    def zcard(self, key: KeyOf[R]) -> Reply[int]:
        """Count the members; 0 when the key is missing (https://redis.io/commands/zcard)."""
        return self._run(integer, "ZCARD", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zscore(self, key: TypedKey[R, SortedSet[V]], value: V) -> Reply[float | None]: ...

        @overload
        def zscore(self, key: KeyOf[R], value: Value) -> Reply[float | None]: ...

    def zscore(self, key: KeyOf[R], value: Value) -> Reply[float | None]:
        """Get the score of `value`; None when it is no member (https://redis.io/commands/zscore)."""
        return self._run(optional_number, "ZSCORE", self._key(key), self._sent(key, value))

    def zmscore(self, key: KeyOf[R], members: Iterable[Value]) -> Reply[list[float | None]]:
        """Get the score of each of `members`, None for one that is none (https://redis.io/commands/zmscore)."""
        return self._run(optional_numbers, "ZMSCORE", self._key(key), *self._sent_each(key, many(members, "members")))

    @overload
    def zrank(self, key: KeyOf[R], value: Value, *, withscore: Literal[False] = False) -> Reply[int | None]: ...

    @overload
    def zrank(self, key: KeyOf[R], value: Value, *, withscore: Literal[True]) -> Reply[tuple[int, float] | None]: ...

    def zrank(
        self, key: KeyOf[R], value: Value, *, withscore: bool = False
    ) -> Reply[int | None] | Reply[tuple[int, float] | None]:
        """Give the place of `value`, lowest score 0; None when it is no member (https://redis.io/commands/zrank)."""
        if withscore:
            return self._run(ranked, "ZRANK", self._key(key), self._sent(key, value), "WITHSCORE")
        return self._run(optional_integer, "ZRANK", self._key(key), self._sent(key, value))

    @overload
    def zrevrank(self, key: KeyOf[R], value: Value, *, withscore: Literal[False] = False) -> Reply[int | None]: ...

    @overload
    def zrevrank(self, key: KeyOf[R], value: Value, *, withscore: Literal[True]) -> Reply[tuple[int, float] | None]: ...

    def zrevrank(
        self, key: KeyOf[R], value: Value, *, withscore: bool = False
    ) -> Reply[int | None] | Reply[tuple[int, float] | None]:
        """Give the place of `value`, highest score 0; None when no member (https://redis.io/commands/zrevrank)."""
        if withscore:
            return self._run(ranked, "ZREVRANK", self._key(key), self._sent(key, value), "WITHSCORE")
        return self._run(optional_integer, "ZREVRANK", self._key(key), self._sent(key, value))

    def zcount(self, key: KeyOf[R], min: ScoreBound, max: ScoreBound) -> Reply[int]:
        """Count the members with a score from `min` to `max` (https://redis.io/commands/zcount)."""
        return self._run(integer, "ZCOUNT", self._key(key), min, max)

    def zlexcount(self, key: KeyOf[R], min: str, max: str) -> Reply[int]:
        """Count the members from `min` to `max` by name: "[a", "(a", "-", "+" (https://redis.io/commands/zlexcount)."""
        return self._run(integer, "ZLEXCOUNT", self._key(key), min, max)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zpopmin(self, key: TypedKey[R, SortedSet[V]], count: int | None = None) -> Reply[list[tuple[V, float]]]: ...

        @overload
        def zpopmin(self, key: KeyOf[R], count: int | None = None) -> Reply[list[tuple[str, float]]]: ...

    def zpopmin(self, key: KeyOf[R], count: int | None = None) -> Reply[list[tuple[str, float]]]:
        """Pop the member with the lowest score, or `count`; empty when missing (https://redis.io/commands/zpopmin)."""
        return self._values(key, scored, "ZPOPMIN", self._key(key), *([] if count is None else [count]))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zpopmax(self, key: TypedKey[R, SortedSet[V]], count: int | None = None) -> Reply[list[tuple[V, float]]]: ...

        @overload
        def zpopmax(self, key: KeyOf[R], count: int | None = None) -> Reply[list[tuple[str, float]]]: ...

    def zpopmax(self, key: KeyOf[R], count: int | None = None) -> Reply[list[tuple[str, float]]]:
        """Pop the member with the highest score, or `count`; empty when missing (https://redis.io/commands/zpopmax)."""
        return self._values(key, scored, "ZPOPMAX", self._key(key), *([] if count is None else [count]))

    def zmpop(
        self, num_keys: int, keys: Iterable[KeyOf[R]], *, min: bool = False, max: bool = False, count: int = 1
    ) -> Reply[tuple[KeyOf[R], list[tuple[str, float]]] | None]:
        """Pop up to `count` members of the first of `keys` that has any (https://redis.io/commands/zmpop).

        Pass `min=True` for the lowest scores or `max=True` for the highest. Gives the key with the members, or None.
        """
        end = end_of(min_=min, max_=max)
        return self._values_by_key(
            self._taken(scored), self._run, "ZMPOP", num_keys, *self._keys(keys), end, "COUNT", count
        )

    @overload
    def zrandmember(
        self, key: KeyOf[R], count: None = None, *, withscores: Literal[False] = False
    ) -> Reply[str | None]: ...

    @overload
    def zrandmember(self, key: KeyOf[R], count: int, *, withscores: Literal[False] = False) -> Reply[list[str]]: ...

    @overload
    def zrandmember(
        self, key: KeyOf[R], count: int, *, withscores: Literal[True]
    ) -> Reply[list[tuple[str, float]]]: ...

    def zrandmember(
        self, key: KeyOf[R], count: int | None = None, *, withscores: bool = False
    ) -> Reply[str | None] | Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Draw a member (None when missing), or `count` of them (https://redis.io/commands/zrandmember).

        A negative `count` may draw one twice. With `withscores` they come with their scores.
        """
        if count is None:
            return self._values(key, optional_text, "ZRANDMEMBER", self._key(key))
        if withscores:
            return self._values(key, scored, "ZRANDMEMBER", self._key(key), count, "WITHSCORES")
        return self._values(key, texts, "ZRANDMEMBER", self._key(key), count)

    def zremrangebyrank(self, key: KeyOf[R], min: int, max: int) -> Reply[int]:
        """Remove the places `min` to `max` (with it), and count them (https://redis.io/commands/zremrangebyrank)."""
        return self._run(integer, "ZREMRANGEBYRANK", self._key(key), min, max)

    def zremrangebyscore(self, key: KeyOf[R], min: ScoreBound, max: ScoreBound) -> Reply[int]:
        """Remove the scores `min` to `max`, and count them (https://redis.io/commands/zremrangebyscore)."""
        return self._run(integer, "ZREMRANGEBYSCORE", self._key(key), min, max)

    def zremrangebylex(self, key: KeyOf[R], min: str, max: str) -> Reply[int]:
        """Remove the names `min` to `max`, and count them (https://redis.io/commands/zremrangebylex)."""
        return self._run(integer, "ZREMRANGEBYLEX", self._key(key), min, max)


def end_of(*, min_: bool, max_: bool) -> Literal["MIN", "MAX"]:
    """Name the end to pop from. Raises `ValueError` unless exactly one is asked for."""
    if min_ == max_:
        message = "pass min=True to pop the lowest scores, or max=True to pop the highest: exactly one of them"
        raise ValueError(message)
    return "MIN" if min_ else "MAX"
