"""Ranges of a sorted set: by place, by score, by name (https://redis.io/commands/zrange)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import flags, option
from civiredis.commands.replies import integer, scored, texts
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Argument, ScoreBound
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import SortedSet


class SortedSetRangeCommands(ValueCommands[R]):
    """Commands that read a range of a sorted set; each is empty when the key is missing.

    A part of a range is `offset` (or `start`) and `num`: how many to leave out, and how many to take.
    """

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zrange(
            self,
            key: TypedKey[R, SortedSet[V]],
            start: ScoreBound,
            end: ScoreBound,
            *,
            desc: bool = False,
            withscores: Literal[False] = False,
            byscore: bool = False,
            bylex: bool = False,
            offset: int | None = None,
            num: int | None = None,
        ) -> Reply[list[V]]: ...

        @overload
        def zrange(
            self,
            key: TypedKey[R, SortedSet[V]],
            start: ScoreBound,
            end: ScoreBound,
            *,
            desc: bool = False,
            withscores: Literal[True],
            byscore: bool = False,
            bylex: bool = False,
            offset: int | None = None,
            num: int | None = None,
        ) -> Reply[list[tuple[V, float]]]: ...

    @overload
    def zrange(
        self,
        key: KeyOf[R],
        start: ScoreBound,
        end: ScoreBound,
        *,
        desc: bool = False,
        withscores: Literal[False] = False,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
    ) -> Reply[list[str]]: ...

    @overload
    def zrange(
        self,
        key: KeyOf[R],
        start: ScoreBound,
        end: ScoreBound,
        *,
        desc: bool = False,
        withscores: Literal[True],
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
    ) -> Reply[list[tuple[str, float]]]: ...

    def zrange(
        self,
        key: KeyOf[R],
        start: ScoreBound,
        end: ScoreBound,
        *,
        desc: bool = False,
        withscores: bool = False,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the members `start` to `end` (with it), by place if not told else (https://redis.io/commands/zrange).

        `desc` turns the order round, and with `byscore` and `bylex` the bounds as well: the greater one comes first.
        With `withscores` each member comes with its score.
        """
        words = ("ZRANGE", self._key(key), start, end, *_rules(offset, num, byscore=byscore, bylex=bylex, desc=desc))
        if withscores:
            return self._values(key, scored, *words, "WITHSCORES")
        return self._values(key, texts, *words)

    def zrangestore(
        self,
        dest: KeyOf[R],
        key: KeyOf[R],
        start: ScoreBound,
        end: ScoreBound,
        *,
        byscore: bool = False,
        bylex: bool = False,
        desc: bool = False,
        offset: int | None = None,
        num: int | None = None,
    ) -> Reply[int]:
        """Store what `zrange` reads in `dest`, and count it (https://redis.io/commands/zrangestore)."""
        rest = _rules(offset, num, byscore=byscore, bylex=bylex, desc=desc)
        return self._run(
            integer, *self._lasting(dest, "ZRANGESTORE", self._key(dest), self._key(key), start, end, *rest)
        )

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def zrevrange(
            self, key: TypedKey[R, SortedSet[V]], start: int, end: int, *, withscores: Literal[False] = False
        ) -> Reply[list[V]]: ...

        @overload
        def zrevrange(
            self, key: TypedKey[R, SortedSet[V]], start: int, end: int, *, withscores: Literal[True]
        ) -> Reply[list[tuple[V, float]]]: ...

    @overload
    def zrevrange(
        self, key: KeyOf[R], start: int, end: int, *, withscores: Literal[False] = False
    ) -> Reply[list[str]]: ...

    @overload
    def zrevrange(
        self, key: KeyOf[R], start: int, end: int, *, withscores: Literal[True]
    ) -> Reply[list[tuple[str, float]]]: ...

    def zrevrange(
        self, key: KeyOf[R], start: int, end: int, *, withscores: bool = False
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the places `start` to `end`, highest score first (https://redis.io/commands/zrevrange)."""
        words = ("ZREVRANGE", self._key(key), start, end)
        if withscores:
            return self._values(key, scored, *words, "WITHSCORES")
        return self._values(key, texts, *words)

    @overload
    def zrangebyscore(
        self,
        key: KeyOf[R],
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[False] = False,
    ) -> Reply[list[str]]: ...

    @overload
    def zrangebyscore(
        self,
        key: KeyOf[R],
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
    ) -> Reply[list[tuple[str, float]]]: ...

    def zrangebyscore(
        self,
        key: KeyOf[R],
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: bool = False,
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the members with scores from `min` to `max` (https://redis.io/commands/zrangebyscore)."""
        words = ("ZRANGEBYSCORE", self._key(key), min, max, *_part(start, num))
        if withscores:
            return self._values(key, scored, *words, "WITHSCORES")
        return self._values(key, texts, *words)

    @overload
    def zrevrangebyscore(
        self,
        key: KeyOf[R],
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[False] = False,
    ) -> Reply[list[str]]: ...

    @overload
    def zrevrangebyscore(
        self,
        key: KeyOf[R],
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
    ) -> Reply[list[tuple[str, float]]]: ...

    def zrevrangebyscore(
        self,
        key: KeyOf[R],
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: bool = False,
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the scores from `max` down to `min` (https://redis.io/commands/zrevrangebyscore)."""
        words = ("ZREVRANGEBYSCORE", self._key(key), max, min, *_part(start, num))
        if withscores:
            return self._values(key, scored, *words, "WITHSCORES")
        return self._values(key, texts, *words)

    def zrangebylex(
        self, key: KeyOf[R], min: str, max: str, start: int | None = None, num: int | None = None
    ) -> Reply[list[str]]:
        """Get the members from `min` to `max` by name: "[a", "(a", "-", "+" (https://redis.io/commands/zrangebylex)."""
        return self._values(key, texts, "ZRANGEBYLEX", self._key(key), min, max, *_part(start, num))

    def zrevrangebylex(
        self, key: KeyOf[R], max: str, min: str, start: int | None = None, num: int | None = None
    ) -> Reply[list[str]]:
        """Get the members from `max` down to `min` by name (https://redis.io/commands/zrevrangebylex)."""
        return self._values(key, texts, "ZREVRANGEBYLEX", self._key(key), max, min, *_part(start, num))


def _part(offset: int | None, num: int | None) -> list[Argument]:
    if (offset is None) != (num is None):
        message = "a part of a range needs both where it starts and its number (num)"
        raise ValueError(message)
    return option("LIMIT", offset, num)


def _rules(offset: int | None, num: int | None, *, byscore: bool, bylex: bool, desc: bool) -> list[Argument]:
    return [*flags(byscore=byscore, bylex=bylex, rev=desc), *_part(offset, num)]
