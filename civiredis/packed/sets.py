"""Sets whose members are packed values (https://redis.io/docs/latest/develop/data-types/sets).

Redis compares members byte by byte, so two of them are the same when they pack alike: 1 and 1.0 are two members, and
so are two dicts with their keys in another order. Members are not compressed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, overload

from civiredis.annotations import R
from civiredis.commands.replies import integer
from civiredis.packed.base import ABSENT, PackedCommands
from civiredis.packed.codec import MalformedValueError, pack
from civiredis.packed.decoders import binaries, popped
from civiredis.packed.finishing import FinishedReply
from civiredis.packed.forms import PLAIN
from civiredis.packed.places import MemberPlace

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument
    from civiredis.packed.values import Packable, Unpacked
    from civiredis.reply import Reply


class PackedSetCommands(PackedCommands[R]):
    """Commands on the set of packed values that a key holds. They come back as lists: a dict has no hash."""

    def sadd(self, key: KeyOf[R], *values: Packable) -> Reply[int]:
        """Add `values`, and give the number of new ones (https://redis.io/commands/sadd).

        Raises `PackError`, and adds none of them, when one cannot be packed.
        """
        return self._write(integer, "SADD", self._key(key), *self._packed_members(key, values))

    def srem(self, key: KeyOf[R], *values: Packable) -> Reply[int]:
        """Remove `values`, and give the number of those that were there (https://redis.io/commands/srem)."""
        return self._write(integer, "SREM", self._key(key), *self._packed_members(key, values))

    def smembers(self, key: KeyOf[R]) -> Reply[list[Unpacked]]:
        """Get all members, in no order; empty when the key is missing (https://redis.io/commands/smembers)."""
        place = self._member_place(key)
        reply = self._run(binaries, "SMEMBERS", place.wire_key)
        return FinishedReply(reply, partial(self._all_members, place))

    @overload
    def spop(self, key: KeyOf[R], count: None = None) -> Reply[Unpacked]: ...

    @overload
    def spop(self, key: KeyOf[R], count: int) -> Reply[list[Unpacked]]: ...

    def spop(self, key: KeyOf[R], count: int | None = None) -> Reply[Unpacked] | Reply[list[Unpacked]]:
        """Remove and get a random member (None when missing), or up to `count` (https://redis.io/commands/spop)."""
        place = self._member_place(key, outcome="what was popped was put back")
        if count is None:
            return FinishedReply(self._run(popped, "SPOP", place.wire_key), partial(self._popped_one, place))
        return FinishedReply(self._run(popped, "SPOP", place.wire_key, count), partial(self._popped, place))

    def _packed_members(self, key: KeyOf[R], values: tuple[Packable, ...]) -> list[Argument]:
        return [pack(value, key, f" member {index}") for index, value in enumerate(values)]

    def _member_place(self, key: KeyOf[R], outcome: str = "nothing was changed") -> MemberPlace:
        wire_key = self._key(key)
        return MemberPlace(self._name(wire_key), wire_key, outcome)

    async def _all_members(self, place: MemberPlace, reply: Reply[list[bytes]]) -> list[Unpacked]:
        values = await self._each(await reply, lambda _: place, PLAIN)
        return [value for value in values if value is not ABSENT]

    async def _popped_one(self, place: MemberPlace, reply: Reply[list[bytes]]) -> Unpacked:
        values = await self._popped(place, reply)
        return values[0] if values else None

    async def _popped(self, place: MemberPlace, reply: Reply[list[bytes]]) -> list[Unpacked]:
        members = await reply
        values = []
        for member in members:
            try:
                values.append(await PLAIN.read(member))
            except MalformedValueError as error:
                reason = str(error)
            else:
                continue
            await self._refuse_popped(place, members, reason)
        return values
