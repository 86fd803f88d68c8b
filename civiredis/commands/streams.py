"""Streams: logs of entries, each with an id and fields (https://redis.io/docs/latest/develop/data-types/streams).

Consumer groups are in `stream_groups`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, overload

from civiredis.annotations import MYPY, R, V
from civiredis.commands.arguments import flattened, option
from civiredis.commands.replies import (
    integer,
    integers,
    optional_text,
    pairs,
    report,
    text,
    text_map,
)
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, StreamId, Value, ValueT
    from civiredis.commands.replies import Nested, RawReply, ReadValue
    from civiredis.commands.values import ReaderOf
    from civiredis.declaration import TypedKey
    from civiredis.reply import Reply
    from civiredis.structures import Stream


class Entry(NamedTuple, Generic[V]):
    """An entry of a stream, with values of the type that its base declares; else they are `str`."""

    id: str
    fields: dict[str, V]
    """Empty for an entry that was deleted while it was pending."""


def entries(raw: RawReply, value: ReadValue = text) -> list[Entry[str]]:
    """Decode entries; one that was deleted meanwhile comes without fields, or (before Redis 7) not at all."""
    return [Entry(text(item[0]), text_map(item[1], value)) for item in raw or () if item is not None]


class StreamCommands(ValueCommands[R]):
    """Commands on the stream that a key holds."""

    def xadd(
        self,
        key: KeyOf[R],
        fields: Mapping[ValueT, Value],
        id: StreamId = "*",
        maxlen: int | None = None,
        *,
        approximate: bool = True,
        nomkstream: bool = False,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: Literal["KEEPREF", "DELREF", "ACKED"] | None = None,
    ) -> Reply[str | None]:
        """Append an entry, and get its id (https://redis.io/commands/xadd).

        None with `nomkstream` when the stream does not exist. `maxlen` or `minid` trim the stream, about so unless
        `approximate=False`; `limit` bounds how much is trimmed at once; `ref_policy` is Redis 8.2.
        """
        make = ["NOMKSTREAM"] if nomkstream else []
        trim = _trim(maxlen, minid, limit, ref_policy, approximate=approximate)
        words = self._sent_fields(key, flattened(fields))
        return self._run(optional_text, *self._lasting(key, "XADD", self._key(key), *make, *trim, id, *words))

    def xtrim(
        self,
        key: KeyOf[R],
        maxlen: int | None = None,
        *,
        approximate: bool = True,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: Literal["KEEPREF", "DELREF", "ACKED"] | None = None,
    ) -> Reply[int]:
        """Trim the stream to `maxlen` entries or from `minid` on, and count the removed (https://redis.io/commands/xtrim).

        About so unless `approximate=False`; `limit` bounds how much is trimmed at once; `ref_policy` is Redis 8.2.
        """
        trim = _trim(maxlen, minid, limit, ref_policy, approximate=approximate)
        return self._run(integer, "XTRIM", self._key(key), *trim)

    def xdel(self, key: KeyOf[R], *ids: StreamId) -> Reply[int]:
        """Delete entries, and give the number of those that were there (https://redis.io/commands/xdel)."""
        return self._run(integer, "XDEL", self._key(key), *ids)

    def xdelex(
        self, key: KeyOf[R], *ids: StreamId, ref_policy: Literal["KEEPREF", "DELREF", "ACKED"] = "KEEPREF"
    ) -> Reply[list[int]]:
        """Delete entries with what groups hold of them; Redis 8.2 (https://redis.io/commands/xdelex).

        Gives one number an id: 1 deleted, -1 there is none, 2 not deleted, as not every group acknowledged it.
        """
        return self._run(integers, "XDELEX", self._key(key), ref_policy, "IDS", len(ids), *ids)

    def xlen(self, key: KeyOf[R]) -> Reply[int]:
        """Count the entries; 0 when the key is missing (https://redis.io/commands/xlen)."""
        return self._run(integer, "XLEN", self._key(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def xrange(
            self, key: TypedKey[R, Stream[V]], min: StreamId = "-", max: StreamId = "+", count: int | None = None
        ) -> Reply[list[Entry[V]]]: ...

        @overload
        def xrange(
            self, key: KeyOf[R], min: StreamId = "-", max: StreamId = "+", count: int | None = None
        ) -> Reply[list[Entry[str]]]: ...

    def xrange(
        self, key: KeyOf[R], min: StreamId = "-", max: StreamId = "+", count: int | None = None
    ) -> Reply[list[Entry[str]]]:
        """Get the entries `min` to `max` (with it), oldest first (https://redis.io/commands/xrange)."""
        return self._values(key, entries, "XRANGE", self._key(key), min, max, *option("COUNT", count))

    def xrevrange(
        self, key: KeyOf[R], max: StreamId = "+", min: StreamId = "-", count: int | None = None
    ) -> Reply[list[Entry[str]]]:
        """Get the entries `max` down to `min` (with it), newest first (https://redis.io/commands/xrevrange)."""
        return self._values(key, entries, "XREVRANGE", self._key(key), max, min, *option("COUNT", count))

    def xread(
        self, streams: Mapping[KeyOf[R], StreamId], count: int | None = None, block: int | None = None
    ) -> Reply[dict[KeyOf[R], list[Entry[str]]]]:
        """Get the entries behind the given id of each stream; "$" is the end (https://redis.io/commands/xread).

        Streams without new entries are left out. With `block` waits up to that many milliseconds for the first, for
        ever with 0, on a connection of its own.
        """
        words = ("XREAD", *option("COUNT", count), *option("BLOCK", block), *self._streams(streams))
        return self._values_by_key(self._read, self._waiting(block), *words)

    def xinfo_stream(self, key: KeyOf[R], *, full: bool = False) -> Reply[dict[str, Nested]]:
        """Report on the stream, with `full` on its groups as well (https://redis.io/commands/xinfo-stream)."""
        return self._run(report, "XINFO", "STREAM", self._key(key), *(["FULL"] if full else []))

    def _streams(self, streams: Mapping[KeyOf[R], StreamId]) -> list[Argument]:
        """Write keys and ids as XREAD and XREADGROUP want them, last."""
        words: list[Argument] = ["STREAMS"]
        words += self._keys(streams)
        words += streams.values()
        return words

    def _waiting(self, block: int | None) -> Callable[..., Reply[Any]]:
        """Give what sends a command that waits up to `block` milliseconds, or does not wait."""
        return self._run if block is None else lambda decode, *words: self._run_blocking(decode, block / 1000, *words)

    def _read(self, raw: RawReply, reader: ReaderOf[R]) -> dict[KeyOf[R], list[Entry[str]]]:
        """Decode the entries of several streams."""
        found = [(self._strip(key), items) for key, items in pairs(raw)]
        return {key: entries(items, reader(key)) for key, items in found}


def _trim(
    maxlen: int | None, minid: StreamId | None, limit: int | None, ref_policy: str | None, *, approximate: bool
) -> list[Argument]:
    if maxlen is not None and minid is not None:
        message = "trim by maxlen or by minid, not by both"
        raise ValueError(message)
    how = "~" if approximate else "="
    bound = (*option("MAXLEN", how, maxlen), *option("MINID", how, minid))
    policy: list[Argument] = [] if ref_policy is None else [ref_policy]
    return [*bound, *option("LIMIT", limit), *policy]
