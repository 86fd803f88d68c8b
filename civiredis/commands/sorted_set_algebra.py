"""Unions, intersections and differences of sorted sets (https://redis.io/commands/zunion)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from civiredis.annotations import R
from civiredis.commands.arguments import WireKey, option
from civiredis.commands.replies import integer, scored, texts
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument
    from civiredis.reply import Reply

Aggregate: TypeAlias = Literal["SUM", "MIN", "MAX"]
"""How the scores that a member has in several sets make one; SUM unless told else."""


class SortedSetAlgebraCommands(ValueCommands[R]):
    """Commands that combine sorted sets, given in a list, or in a mapping that weighs the scores of each."""

    @overload
    def zunion(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: Literal[False] = False,
    ) -> Reply[list[str]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: Literal[True],
    ) -> Reply[list[tuple[str, float]]]: ...

    def zunion(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: bool = False,
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the members that any set has, in the order of their scores (https://redis.io/commands/zunion)."""
        words = ("ZUNION", *self._weighed(keys), *option("AGGREGATE", aggregate))
        return self._combined(words, withscores=withscores)

    def zunionstore(
        self,
        dest: KeyOf[R],
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
    ) -> Reply[int]:
        """Store the union in `dest`, and count it (https://redis.io/commands/zunionstore)."""
        words = (*self._weighed(keys), *option("AGGREGATE", aggregate))
        return self._run(integer, *self._lasting(dest, "ZUNIONSTORE", self._key(dest), *words))

    @overload
    def zinter(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: Literal[False] = False,
    ) -> Reply[list[str]]: ...

    @overload
    def zinter(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: Literal[True],
    ) -> Reply[list[tuple[str, float]]]: ...

    def zinter(
        self,
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
        *,
        withscores: bool = False,
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the members that all sets have, in the order of their scores (https://redis.io/commands/zinter)."""
        words = ("ZINTER", *self._weighed(keys), *option("AGGREGATE", aggregate))
        return self._combined(words, withscores=withscores)

    def zinterstore(
        self,
        dest: KeyOf[R],
        keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float],
        aggregate: Aggregate | None = None,
    ) -> Reply[int]:
        """Store the intersection in `dest`, and count it (https://redis.io/commands/zinterstore)."""
        words = (*self._weighed(keys), *option("AGGREGATE", aggregate))
        return self._run(integer, *self._lasting(dest, "ZINTERSTORE", self._key(dest), *words))

    def zintercard(self, numkeys: int, keys: Iterable[KeyOf[R]], limit: int = 0) -> Reply[int]:
        """Count the intersection, up to `limit` (0: without end) (https://redis.io/commands/zintercard)."""
        return self._run(integer, "ZINTERCARD", numkeys, *self._keys(keys), "LIMIT", limit)

    @overload
    def zdiff(self, keys: Iterable[KeyOf[R]], *, withscores: Literal[False] = False) -> Reply[list[str]]: ...

    @overload
    def zdiff(self, keys: Iterable[KeyOf[R]], *, withscores: Literal[True]) -> Reply[list[tuple[str, float]]]: ...

    def zdiff(
        self, keys: Iterable[KeyOf[R]], *, withscores: bool = False
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        """Get the members of the first set that are in no other (https://redis.io/commands/zdiff)."""
        return self._combined(("ZDIFF", *self._weighed(keys)), withscores=withscores)

    def zdiffstore(self, dest: KeyOf[R], keys: Iterable[KeyOf[R]]) -> Reply[int]:
        """Store the difference in `dest`, and count it (https://redis.io/commands/zdiffstore)."""
        return self._run(integer, *self._lasting(dest, "ZDIFFSTORE", self._key(dest), *self._weighed(keys)))

    def _combined(
        self, words: tuple[Argument, ...], *, withscores: bool
    ) -> Reply[list[str]] | Reply[list[tuple[str, float]]]:
        wire = [word for word in words if isinstance(word, WireKey)]
        if withscores:
            return self._values_of_all(wire, scored, *words, "WITHSCORES")
        return self._values_of_all(wire, texts, *words)

    def _weighed(self, keys: Iterable[KeyOf[R]] | Mapping[KeyOf[R], float]) -> list[Argument]:
        wire = self._keys(keys)
        weights = ["WEIGHTS", *keys.values()] if isinstance(keys, Mapping) else []
        return [len(wire), *wire, *weights]
