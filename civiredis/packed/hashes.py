"""Hashes whose fields hold packed values (https://redis.io/docs/latest/develop/data-types/hashes)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import many
from civiredis.commands.replies import done, integer, pairs, text
from civiredis.packed.base import ABSENT, PackedCommands
from civiredis.places import FieldPlace
from civiredis.reply import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Argument, Value, ValueT, WireKey
    from civiredis.commands.replies import RawReply
    from civiredis.declaration import TypedKey
    from civiredis.packed.forms import Form
    from civiredis.packed.values import Packable, Unpacked
    from civiredis.reply import Reply
    from civiredis.structures import Hash


class PackedHashCommands(PackedCommands[R]):
    """Commands on the hash that a key holds: its fields are text, their values packed.

    With `compress=True` values are written in Brotli, each on its own, and read in either form.
    """

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hget(self, key: TypedKey[R, Hash[V]], field: Value, *, compress: bool = False) -> Reply[V | None]: ...

    @overload
    def hget(self, key: KeyOf[R], field: Value, *, type: type[V], compress: bool = False) -> Reply[V | None]: ...

    @overload
    def hget(self, key: KeyOf[R], field: Value, *, compress: bool = False) -> Reply[Unpacked]: ...

    def hget(self, key: KeyOf[R], field: Value, *, type: object = None, compress: bool = False) -> Reply[Unpacked]:
        """Get the value of `field`; None when it or the key is missing (https://redis.io/commands/hget)."""
        wire_key = self._key(key)
        form = self._form(key, type_=type, compress=compress)
        place_of = partial(self._field_place, wire_key, field)
        return self._read(partial(self._one, place_of, form), "HGET", wire_key, field)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hmget(
            self, key: TypedKey[R, Hash[V]], fields: Iterable[Value], *, compress: bool = False
        ) -> Reply[list[V | None]]: ...

    @overload
    def hmget(
        self, key: KeyOf[R], fields: Iterable[Value], *, type: type[V], compress: bool = False
    ) -> Reply[list[V | None]]: ...

    @overload
    def hmget(self, key: KeyOf[R], fields: Iterable[Value], *, compress: bool = False) -> Reply[list[Unpacked]]: ...

    def hmget(
        self, key: KeyOf[R], fields: Iterable[Value], *, type: object = None, compress: bool = False
    ) -> Reply[list[Unpacked]]:
        """Get the values of `fields` in order, None for missing ones (https://redis.io/commands/hmget)."""
        wire_key = self._key(key)
        form = self._form(key, type_=type, compress=compress)
        if not (names := many(fields, "fields")):
            return Answer([])

        def place_of(index: int) -> FieldPlace:
            return self._field_place(wire_key, names[index])

        return self._read(partial(self._listed, place_of, form), "HMGET", wire_key, *names)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def hgetall(self, key: TypedKey[R, Hash[V]], *, compress: bool = False) -> Reply[dict[str, V]]: ...

    @overload
    def hgetall(self, key: KeyOf[R], *, type: type[V], compress: bool = False) -> Reply[dict[str, V]]: ...

    @overload
    def hgetall(self, key: KeyOf[R], *, compress: bool = False) -> Reply[dict[str, Unpacked]]: ...

    def hgetall(self, key: KeyOf[R], *, type: object = None, compress: bool = False) -> Reply[dict[str, Unpacked]]:
        """Get every field with its value; empty when the key is missing (https://redis.io/commands/hgetall)."""
        wire_key = self._key(key)
        form = self._form(key, type_=type, compress=compress)
        return self._read(partial(self._all_fields, wire_key, form), "HGETALL", wire_key)

    @overload
    def hset(
        self,
        key: KeyOf[R],
        field: Value,
        value: Packable,
        mapping: Mapping[ValueT, Packable] | None = None,
        *,
        compress: bool = False,
    ) -> Reply[int]: ...

    @overload
    def hset(self, key: KeyOf[R], *, mapping: Mapping[ValueT, Packable], compress: bool = False) -> Reply[int]: ...

    def hset(
        self,
        key: KeyOf[R],
        field: Value | None = None,
        value: Packable = ABSENT,
        mapping: Mapping[ValueT, Packable] | None = None,
        *,
        compress: bool = False,
    ) -> Reply[int]:
        """Set fields, and give the number of new ones (https://redis.io/commands/hset).

        Raises `PackError`, and writes none of them, when a value cannot be packed; `ValueError` when there is
        nothing to set.
        """
        if (field is None) != (value is ABSENT):
            message = "a field needs its value: pass both, or a mapping"
            raise TypeError(message)
        wire_key = self._key(key)
        form = self._form(key, compress=compress)
        words = [] if field is None else self._words(key, {field: value}, form)
        if mapping or not words:
            words += self._words(key, mapping or {}, form)
        return self._write(integer, *self._lasting(key, "HSET", wire_key, *words))

    def hmset(self, key: KeyOf[R], mapping: Mapping[ValueT, Packable], *, compress: bool = False) -> Reply[bool]:
        """Set fields; always True (https://redis.io/commands/hmset). Raises as `hset` does."""
        wire_key = self._key(key)
        words = self._words(key, mapping, self._form(key, compress=compress))
        return self._write(done, *self._lasting(key, "HMSET", wire_key, *words))

    def _words(self, key: KeyOf[R], mapping: Mapping[ValueT, Packable], form: Form) -> list[Argument]:
        if not mapping:
            message = "the mapping is empty: there is nothing to write"
            raise ValueError(message)
        words: list[Argument] = []
        for field, value in mapping.items():
            words += (field, form.write(value, key, f" field {field!r}"))
        return words

    def _field_place(self, wire_key: WireKey, field: Value) -> FieldPlace:
        return FieldPlace(self._name(wire_key), wire_key, field)

    def _all_fields(self, wire_key: WireKey, form: Form, raw: RawReply) -> dict[str, Unpacked]:
        found: dict[str, bytes] = {text(name): value for name, value in pairs(raw)}
        fields = list(found)

        def place_of(index: int) -> FieldPlace:
            return self._field_place(wire_key, fields[index])

        def named(values: list[Unpacked]) -> dict[str, Unpacked]:
            return {field: value for field, value in zip(fields, values, strict=True) if value is not ABSENT}

        return self._several(place_of, form, list(found.values()), named)
