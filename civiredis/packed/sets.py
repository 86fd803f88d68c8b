"""Sets whose members are packed values (https://redis.io/docs/latest/develop/data-types/sets).

Redis compares members byte by byte, so two of them are the same when they pack alike: 1 and 1.0 are two members, and
so are two dicts with their keys in another order. Members are not compressed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.replies import integer
from civiredis.packed.base import PackedCommands, without_absent
from civiredis.places import MemberPlace
from civiredis.reply import FollowUp
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf, V
    from civiredis.commands.replies import RawReply
    from civiredis.declaration import TypedKey
    from civiredis.packed.base import Shape
    from civiredis.packed.forms import Form
    from civiredis.packed.values import Packable, Unpacked
    from civiredis.reply import Reply
    from civiredis.structures import Set

T = TypeVar("T")


class PackedSetCommands(PackedCommands[R]):
    """Commands on the set of packed values that a key holds. They come back as lists: a dict has no hash."""

    def sadd(self, key: KeyOf[R], *values: Packable) -> Reply[int]:
        """Add `values`, and give the number of new ones (https://redis.io/commands/sadd).

        Raises `PackError`, and adds none of them, when one cannot be packed.
        """
        return self._write(integer, *self._lasting(key, "SADD", self._key(key), *self._packed_members(key, values)))

    def srem(self, key: KeyOf[R], *values: Packable) -> Reply[int]:
        """Remove `values`, and give the number of those that were there (https://redis.io/commands/srem)."""
        return self._write(integer, "SREM", self._key(key), *self._packed_members(key, values))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def smembers(self, key: TypedKey[R, Set[V]]) -> Reply[list[V]]: ...

    @overload
    def smembers(self, key: KeyOf[R], *, type: type[V]) -> Reply[list[V]]: ...

    @overload
    def smembers(self, key: KeyOf[R]) -> Reply[list[Unpacked]]: ...

    def smembers(self, key: KeyOf[R], *, type: object = None) -> Reply[list[Unpacked]]:
        """Get all members, in no order; empty when the key is missing (https://redis.io/commands/smembers)."""
        place = self._member_place(key)
        form = self._form(key, type_=type)
        return self._read(partial(self._all_members, place, form), "SMEMBERS", place.wire_key)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def spop(self, key: TypedKey[R, Set[V]], count: None = None) -> Reply[V | None]: ...

        @overload
        def spop(self, key: TypedKey[R, Set[V]], count: int) -> Reply[list[V]]: ...

    @overload
    def spop(self, key: KeyOf[R], count: None = None, *, type: type[V]) -> Reply[V | None]: ...

    @overload
    def spop(self, key: KeyOf[R], count: int, *, type: type[V]) -> Reply[list[V]]: ...

    @overload
    def spop(self, key: KeyOf[R], count: None = None) -> Reply[Unpacked]: ...

    @overload
    def spop(self, key: KeyOf[R], count: int) -> Reply[list[Unpacked]]: ...

    def spop(
        self, key: KeyOf[R], count: int | None = None, *, type: object = None
    ) -> Reply[Unpacked] | Reply[list[Unpacked]]:
        """Remove and get a random member (None when missing), or up to `count` (https://redis.io/commands/spop)."""
        place = self._member_place(key, outcome="what was popped was put back")
        form = self._form(key, type_=type)
        if count is None:
            return self._read(partial(self._popped_one, place, form), "SPOP", place.wire_key)
        return self._read(partial(self._popped_many, place, form), "SPOP", place.wire_key, count)

    def _packed_members(self, key: KeyOf[R], values: tuple[Packable, ...]) -> list[bytes]:
        write = self._form(key).write
        return [write(value, key, f" member {index}") for index, value in enumerate(values)]

    def _member_place(self, key: KeyOf[R], outcome: str = "nothing was changed") -> MemberPlace:
        wire_key = self._key(key)
        return MemberPlace(self._name(wire_key), wire_key, outcome)

    def _all_members(self, place: MemberPlace, form: Form, raw: RawReply) -> list[Unpacked]:
        return self._several(lambda _: place, form, list(raw or ()), without_absent)

    def _popped_one(self, place: MemberPlace, form: Form, raw: RawReply) -> Unpacked:
        return self._popped(place, form, first_or_none, [] if raw is None else [raw])

    def _popped_many(self, place: MemberPlace, form: Form, raw: RawReply) -> list[Unpacked]:
        return self._popped(place, form, list, list(raw or ()))

    def _popped(self, place: MemberPlace, form: Form, shape: Shape[T], members: list[bytes]) -> T:
        try:
            return shape([form.read(member) for member in members])
        except MalformedValueError:
            pass
        raise FollowUp(partial(self._popped_slowly, place, form, shape, members))

    async def _popped_slowly(self, place: MemberPlace, form: Form, shape: Shape[T], members: list[bytes]) -> T:
        values = []
        for member in members:
            try:
                values.append(form.read(member))
            except MalformedValueError as error:
                reason = str(error)
            else:
                continue
            await self._refuse_popped(place, members, reason)
        return shape(values)


def first_or_none(values: list[Unpacked]) -> Unpacked:
    """Give the value that SPOP took out, None when there was none, or none that counts."""
    return values[0] if values else None
