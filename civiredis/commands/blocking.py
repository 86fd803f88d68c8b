"""Commands that wait until a list or sorted set has something: on a connection of their own each.

Every `timeout` is in seconds, or a timedelta; 0 waits for ever. Pipelines do not have these: their other commands
would wait too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from civiredis.annotations import R
from civiredis.commands.arguments import waiting_seconds
from civiredis.commands.replies import one_text, optional_text, scored, texts
from civiredis.commands.sorted_sets import end_of
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply
    from civiredis.commands.values import ReaderOf
    from civiredis.reply import Reply

T = TypeVar("T")


class BlockingCommands(ValueCommands[R]):
    """Commands that wait for a value; clients have them."""

    def blpop(self, keys: Iterable[KeyOf[R]], timeout: float | timedelta = 0) -> Reply[tuple[KeyOf[R], str] | None]:
        """Pop the leftmost value of the first of `keys` that has one (https://redis.io/commands/blpop).

        Gives that key with the value, or None when nothing came in time.
        """
        return self._wait_for_one(self._taken(one_text), timeout, "BLPOP", *self._keys(keys))

    def brpop(self, keys: Iterable[KeyOf[R]], timeout: float | timedelta = 0) -> Reply[tuple[KeyOf[R], str] | None]:
        """Pop the rightmost value of the first of `keys` that has one (https://redis.io/commands/brpop).

        Gives that key with the value, or None when nothing came in time.
        """
        return self._wait_for_one(self._taken(one_text), timeout, "BRPOP", *self._keys(keys))

    def blmpop(
        self,
        timeout: float | timedelta,
        numkeys: int,
        *keys: KeyOf[R] | list[KeyOf[R]],
        direction: Literal["LEFT", "RIGHT"],
        count: int = 1,
    ) -> Reply[tuple[KeyOf[R], list[str]] | None]:
        """Wait for what `lmpop` does; None when nothing came in time (https://redis.io/commands/blmpop)."""
        wait = waiting_seconds(timeout)
        words = (wait, numkeys, *self._keys(keys), direction, "COUNT", count)
        return self._values_by_key(self._taken(texts), self._held(wait), "BLMPOP", *words)

    def blmove(
        self,
        first_list: KeyOf[R],
        second_list: KeyOf[R],
        timeout: float | timedelta,
        src: Literal["LEFT", "RIGHT"] = "LEFT",
        dest: Literal["LEFT", "RIGHT"] = "RIGHT",
    ) -> Reply[str | None]:
        """Wait for what `lmove` does; None when nothing came in time (https://redis.io/commands/blmove)."""
        lists = (self._key(first_list), self._key(second_list))
        return self._moved(first_list, timeout, "BLMOVE", *lists, src, dest)

    def brpoplpush(self, src: KeyOf[R], dst: KeyOf[R], timeout: float | timedelta = 0) -> Reply[str | None]:
        """Wait for what `rpoplpush` does; None when nothing came in time (https://redis.io/commands/brpoplpush)."""
        return self._moved(src, timeout, "BRPOPLPUSH", self._key(src), self._key(dst))

    def bzpopmin(
        self, keys: Iterable[KeyOf[R]], timeout: float | timedelta = 0
    ) -> Reply[tuple[KeyOf[R], str, float] | None]:
        """Pop the lowest score of the first of `keys` that has one (https://redis.io/commands/bzpopmin).

        Gives that key, the member and its score, or None when nothing came in time.
        """
        return self._wait_for_one(self._first_scored, timeout, "BZPOPMIN", *self._keys(keys))

    def bzpopmax(
        self, keys: Iterable[KeyOf[R]], timeout: float | timedelta = 0
    ) -> Reply[tuple[KeyOf[R], str, float] | None]:
        """Pop the highest score of the first of `keys` that has one (https://redis.io/commands/bzpopmax).

        Gives that key, the member and its score, or None when nothing came in time.
        """
        return self._wait_for_one(self._first_scored, timeout, "BZPOPMAX", *self._keys(keys))

    def bzmpop(
        self,
        timeout: float | timedelta,
        numkeys: int,
        keys: Iterable[KeyOf[R]],
        *,
        min: bool = False,
        max: bool = False,
        count: int = 1,
    ) -> Reply[tuple[KeyOf[R], list[tuple[str, float]]] | None]:
        """Wait for what `zmpop` does; None when nothing came in time (https://redis.io/commands/bzmpop)."""
        wait = waiting_seconds(timeout)
        words = (wait, numkeys, *self._keys(keys), end_of(min_=min, max_=max), "COUNT", count)
        return self._values_by_key(self._taken(scored), self._held(wait), "BZMPOP", *words)

    def _held(self, wait: float) -> Callable[..., Reply[Any]]:
        """Give what sends a command that waits up to `wait` seconds."""
        return lambda decode, *words: self._run_blocking(decode, wait, *words)

    def _wait_for_one(
        self, decode: Callable[[RawReply, ReaderOf[R]], T], timeout: float | timedelta, *words: Argument
    ) -> Reply[T]:
        """Send a command whose last word is its timeout, and whose reply names a key."""
        wait = waiting_seconds(timeout)
        return self._values_by_key(decode, self._held(wait), *words, wait)

    def _moved(self, src: KeyOf[R], timeout: float | timedelta, *words: Argument) -> Reply[str | None]:
        """Send a command whose last word is its timeout, and whose reply is a value that it moved from `src`."""
        wait = waiting_seconds(timeout)

        def moved(raw: RawReply, reader: ReaderOf[R]) -> str | None:
            return optional_text(raw, reader(src))

        return self._values_by_key(moved, self._held(wait), *words, wait)

    def _first_scored(self, raw: RawReply, reader: ReaderOf[R]) -> tuple[KeyOf[R], str, float] | None:
        if raw is None:
            return None
        key = self._strip(raw[0])
        return key, reader(key)(raw[1]), float(raw[2])
