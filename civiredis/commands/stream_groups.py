"""Consumer groups: readers that share the entries of a stream (https://redis.io/commands/xgroup-create)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, overload

from civiredis.annotations import R, V
from civiredis.commands.arguments import flags, milliseconds, option
from civiredis.commands.replies import done, integer, integers, optional_text, reports, text, texts, yes
from civiredis.commands.streams import Entry, StreamCommands, entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import StreamId
    from civiredis.commands.replies import Nested, RawReply, ReadValue
    from civiredis.reply import Reply


class Pending(NamedTuple):
    """What a group has delivered, and nobody acknowledged yet."""

    total: int
    lowest: str | None
    """The id of the first entry, None when nothing is pending."""
    highest: str | None
    consumers: dict[str, int]
    """How many entries each consumer holds."""


class PendingEntry(NamedTuple):
    """One entry that nobody acknowledged yet."""

    id: str
    consumer: str
    idle: int
    """Milliseconds since it was delivered last."""
    deliveries: int


class Claimed(NamedTuple, Generic[V]):
    """What `xautoclaim` took over."""

    next_id: str
    """Where the next call goes on; `"0-0"` at the end."""
    entries: list[Entry[V]]
    deleted: list[str]
    """Ids that were pending, but are no longer in the stream."""


class ClaimedIds(NamedTuple):
    """What `xautoclaim(justid=True)` took over."""

    next_id: str
    ids: list[str]
    deleted: list[str]


def pending(raw: RawReply) -> Pending:
    """Decode the summary of what is pending."""
    count, lowest, highest, consumers = raw
    held = {text(name): int(number) for name, number in consumers or ()}
    return Pending(int(count), optional_text(lowest), optional_text(highest), held)


def pending_entries(raw: RawReply) -> list[PendingEntry]:
    """Decode single entries that are pending."""
    return [PendingEntry(text(name), text(by), int(idle), int(times)) for name, by, idle, times in raw]


def claimed(raw: RawReply, value: ReadValue = text) -> Claimed[str]:
    """Decode entries taken over; servers before Redis 7 do not tell the deleted ones."""
    return Claimed(text(raw[0]), entries(raw[1], value), texts(raw[2]) if len(raw) > 2 else [])  # noqa: PLR2004


def claimed_ids(raw: RawReply) -> ClaimedIds:
    """Decode ids taken over; servers before Redis 7 do not tell the deleted ones."""
    return ClaimedIds(text(raw[0]), texts(raw[1]), texts(raw[2]) if len(raw) > 2 else [])  # noqa: PLR2004


class StreamGroupCommands(StreamCommands[R]):
    """Commands on the consumer groups of a stream."""

    def xgroup_create(
        self,
        key: KeyOf[R],
        groupname: str,
        id: StreamId = "$",
        *,
        mkstream: bool = False,
        entries_read: int | None = None,
    ) -> Reply[bool]:
        """Create a group that reads from behind `id`; always True (https://redis.io/commands/xgroup-create).

        `mkstream` creates the stream too. A group that exists is an error (BUSYGROUP).
        """
        rest = (*flags(mkstream=mkstream), *option("ENTRIESREAD", entries_read))
        return self._run(done, "XGROUP", "CREATE", self._key(key), groupname, id, *rest)

    def xgroup_setid(self, key: KeyOf[R], groupname: str, id: StreamId, entries_read: int | None = None) -> Reply[bool]:
        """Let the group go on behind `id`; always True (https://redis.io/commands/xgroup-setid)."""
        rest = option("ENTRIESREAD", entries_read)
        return self._run(done, "XGROUP", "SETID", self._key(key), groupname, id, *rest)

    def xgroup_destroy(self, key: KeyOf[R], groupname: str) -> Reply[bool]:
        """Delete the group, and tell whether there was one (https://redis.io/commands/xgroup-destroy)."""
        return self._run(yes, "XGROUP", "DESTROY", self._key(key), groupname)

    def xgroup_createconsumer(self, key: KeyOf[R], groupname: str, consumername: str) -> Reply[bool]:
        """Create a consumer, and tell whether it is new (https://redis.io/commands/xgroup-createconsumer)."""
        return self._run(yes, "XGROUP", "CREATECONSUMER", self._key(key), groupname, consumername)

    def xgroup_delconsumer(self, key: KeyOf[R], groupname: str, consumername: str) -> Reply[int]:
        """Delete a consumer, and count what it had pending (https://redis.io/commands/xgroup-delconsumer)."""
        return self._run(integer, "XGROUP", "DELCONSUMER", self._key(key), groupname, consumername)

    def xreadgroup(
        self,
        groupname: str,
        consumername: str,
        streams: Mapping[KeyOf[R], StreamId],
        count: int | None = None,
        block: int | None = None,
        *,
        noack: bool = False,
    ) -> Reply[dict[KeyOf[R], list[Entry[str]]]]:
        """Get entries as a consumer; the id ">" is what nobody had yet (https://redis.io/commands/xreadgroup).

        Any other id gives again what this consumer has pending. Streams without entries are left out for ">". With
        `block` waits up to that many milliseconds, for ever with 0, on a connection of its own.
        """
        rest = (*option("COUNT", count), *option("BLOCK", block), *flags(noack=noack), *self._streams(streams))
        words = ("XREADGROUP", "GROUP", groupname, consumername, *rest)
        return self._values_by_key(self._read, self._waiting(block), *words)

    def xack(self, key: KeyOf[R], groupname: str, *ids: StreamId) -> Reply[int]:
        """Acknowledge entries, and give the number that were pending (https://redis.io/commands/xack)."""
        return self._run(integer, "XACK", self._key(key), groupname, *ids)

    def xackdel(
        self,
        key: KeyOf[R],
        groupname: str,
        *ids: StreamId,
        ref_policy: Literal["KEEPREF", "DELREF", "ACKED"] = "KEEPREF",
    ) -> Reply[list[int]]:
        """Acknowledge entries and delete them; Redis 8.2 (https://redis.io/commands/xackdel).

        Gives one number an id: 1 done, -1 there is none, 2 acknowledged, but not deleted as other groups need it.
        """
        return self._run(integers, "XACKDEL", self._key(key), groupname, ref_policy, "IDS", len(ids), *ids)

    def xpending(self, key: KeyOf[R], groupname: str) -> Reply[Pending]:
        """Sum up what is delivered and not acknowledged (https://redis.io/commands/xpending)."""
        return self._run(pending, "XPENDING", self._key(key), groupname)

    def xpending_range(
        self,
        key: KeyOf[R],
        groupname: str,
        min: StreamId,
        max: StreamId,
        count: int,
        consumername: str | None = None,
        idle: int | timedelta | None = None,
    ) -> Reply[list[PendingEntry]]:
        """List what is pending, `idle` milliseconds at least (https://redis.io/commands/xpending)."""
        since = [] if idle is None else option("IDLE", milliseconds(idle))
        by = [] if consumername is None else [consumername]
        return self._run(pending_entries, "XPENDING", self._key(key), groupname, *since, min, max, count, *by)

    @overload
    def xclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        message_ids: Iterable[StreamId],
        *,
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: Literal[False] = False,
    ) -> Reply[list[Entry[str]]]: ...

    @overload
    def xclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        message_ids: Iterable[StreamId],
        *,
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: Literal[True],
    ) -> Reply[list[str]]: ...

    def xclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        message_ids: Iterable[StreamId],
        *,
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: bool = False,
    ) -> Reply[list[Entry[str]]] | Reply[list[str]]:
        """Take entries over that were pending for `min_idle_time` milliseconds (https://redis.io/commands/xclaim).

        Gives those it got, with `justid` their ids only. `idle` (milliseconds) and `time` (Unix milliseconds) set
        when they count as delivered; `force` claims what was not pending.
        """
        idles = (milliseconds(min_idle_time), *message_ids, *option("IDLE", idle), *option("TIME", time))
        rest = (*idles, *option("RETRYCOUNT", retrycount), *flags(force=force, justid=justid))
        words = ("XCLAIM", self._key(key), groupname, consumername, *rest)
        return self._run(texts, *words) if justid else self._values(key, entries, *words)

    @overload
    def xautoclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        start_id: StreamId = "0-0",
        count: int | None = None,
        *,
        justid: Literal[False] = False,
    ) -> Reply[Claimed[str]]: ...

    @overload
    def xautoclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        start_id: StreamId = "0-0",
        count: int | None = None,
        *,
        justid: Literal[True],
    ) -> Reply[ClaimedIds]: ...

    def xautoclaim(
        self,
        key: KeyOf[R],
        groupname: str,
        consumername: str,
        min_idle_time: int | timedelta,
        start_id: StreamId = "0-0",
        count: int | None = None,
        *,
        justid: bool = False,
    ) -> Reply[Claimed[str]] | Reply[ClaimedIds]:
        """Take over what was pending for `min_idle_time` milliseconds (https://redis.io/commands/xautoclaim)."""
        since = (milliseconds(min_idle_time), start_id)
        rest = (*since, *option("COUNT", count), *flags(justid=justid))
        words = ("XAUTOCLAIM", self._key(key), groupname, consumername, *rest)
        return self._run(claimed_ids, *words) if justid else self._values(key, claimed, *words)

    def xinfo_groups(self, key: KeyOf[R]) -> Reply[list[dict[str, Nested]]]:
        """Report on the groups of a stream (https://redis.io/commands/xinfo-groups)."""
        return self._run(reports, "XINFO", "GROUPS", self._key(key))

    def xinfo_consumers(self, key: KeyOf[R], groupname: str) -> Reply[list[dict[str, Nested]]]:
        """Report on the consumers of a group (https://redis.io/commands/xinfo-consumers)."""
        return self._run(reports, "XINFO", "CONSUMERS", self._key(key), groupname)
