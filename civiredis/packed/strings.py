"""Strings that hold a packed value (https://redis.io/docs/latest/develop/data-types/strings)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, overload

from civiredis.annotations import MYPY, R
from civiredis.commands.arguments import flags, flattened, lifetime, option
from civiredis.commands.lasting import MSET_WITH_LIFETIMES
from civiredis.commands.replies import done
from civiredis.packed.base import ABSENT, PackedCommands
from civiredis.places import StringPlace
from civiredis.reply import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from civiredis.annotations import KeyOf, V
    from civiredis.commands.arguments import Argument, WireKey
    from civiredis.declaration import TypedKey
    from civiredis.packed.base import Absent
    from civiredis.packed.forms import Form
    from civiredis.packed.values import Packable, Unpacked
    from civiredis.reply import Reply
    from civiredis.structures import String


def _compared(name: str, value: Packable, key: str, form: Form) -> list[Argument]:
    """Write the condition that what is stored equals a value, or does not; nothing where there is none."""
    return [] if value is ABSENT else [name.upper(), form.write(value, key, f" option {name}")]


class PackedStringCommands(PackedCommands[R]):
    """Commands on the packed value that a key holds.

    With `compress=True` a value is written in Brotli, and read in either form.
    """

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def get(self, key: TypedKey[R, String[V]], *, compress: bool = False) -> Reply[V | None]: ...

    @overload
    def get(self, key: KeyOf[R], type: type[V], *, compress: bool = False) -> Reply[V | None]: ...

    @overload
    def get(self, key: KeyOf[R], *, compress: bool = False) -> Reply[Unpacked]: ...

    def get(self, key: KeyOf[R], type: object = None, *, compress: bool = False) -> Reply[Unpacked]:
        """Get the value, or None when the key is missing (https://redis.io/commands/get).

        It is of the type that the base declares, or of `type`: what is stored is validated into it, and where it does
        not fit it counts as what does not unpack. So for all commands here that read.
        """
        wire_key = self._key(key)
        form = self._form(key, type_=type, compress=compress)
        return self._read(partial(self._one, partial(self._string_place, wire_key), form), "GET", wire_key)

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def set(
            self,
            key: TypedKey[R, String[V]],
            value: V,
            ex: int | timedelta | None = None,
            px: int | timedelta | None = None,
            *,
            nx: bool = False,
            xx: bool = False,
            keepttl: bool = False,
            get: Literal[True],
            exat: int | datetime | None = None,
            pxat: int | datetime | None = None,
            ifeq: V | Absent = ABSENT,
            ifne: V | Absent = ABSENT,
            ifdeq: str | None = None,
            ifdne: str | None = None,
            compress: bool = False,
        ) -> Reply[V | None]: ...

    @overload
    def set(
        self,
        key: KeyOf[R],
        value: Packable,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: Literal[False] = False,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Packable = ABSENT,
        ifne: Packable = ABSENT,
        ifdeq: str | None = None,
        ifdne: str | None = None,
        compress: bool = False,
    ) -> Reply[bool]: ...

    @overload
    def set(
        self,
        key: KeyOf[R],
        value: Packable,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: Literal[True],
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Packable = ABSENT,
        ifne: Packable = ABSENT,
        ifdeq: str | None = None,
        ifdne: str | None = None,
        compress: bool = False,
    ) -> Reply[Unpacked]: ...

    def set(  # noqa: PLR0913 - the options of SET
        self,
        key: KeyOf[R],
        value: Packable,
        ex: int | timedelta | None = None,
        px: int | timedelta | None = None,
        *,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: bool = False,
        exat: int | datetime | None = None,
        pxat: int | datetime | None = None,
        ifeq: Packable = ABSENT,
        ifne: Packable = ABSENT,
        ifdeq: str | None = None,
        ifdne: str | None = None,
        compress: bool = False,
    ) -> Reply[bool] | Reply[Unpacked]:
        """Set the value, with its lifetime, and tell whether it was written (https://redis.io/commands/set).

        `ex` is in seconds, `px` in milliseconds, `exat` and `pxat` are Unix times in those units; `keepttl`
        keeps the lifetime that the key has. False when a condition is not met: `nx` (the key is missing), `xx`
        (it exists), `ifeq`, `ifne` (its value is, is not this one, byte by byte), `ifdeq`, `ifdne` (the same by
        DIGEST). With `get=True` the old value comes back instead, None when there was none.

        Raises `PackError`, and writes nothing, when the value cannot be packed, or is not of the type that the base
        declares.
        """
        wire_key = self._key(key)
        form = self._form(key, compress=compress)
        equal = (*_compared("ifeq", ifeq, key, form), *_compared("ifne", ifne, key, form))
        conditions = (*flags(nx=nx, xx=xx), *equal, *option("IFDEQ", ifdeq), *option("IFDNE", ifdne))
        expiry = (*lifetime(ex, px, exat, pxat), *flags(keepttl=keepttl)) or self._ex(key)
        words = ("SET", wire_key, form.write(value, key), *conditions, *flags(get=get), *expiry)
        if get:
            place_of = partial(self._string_place, wire_key, "the command was carried out")
            return self._write(partial(self._one, place_of, form), *words)
        return self._write(done, *words)

    def setnx(self, key: KeyOf[R], value: Packable, *, compress: bool = False) -> Reply[bool]:
        """Set the value if the key is missing, and tell whether it was (https://redis.io/commands/setnx)."""
        wire_key = self._key(key)
        packed = self._form(key, compress=compress).write(value, key)
        return self._write(done, "SET", wire_key, packed, "NX", *self._ex(key))

    if not MYPY:  # the plugin knows the type by the key

        @overload
        def mget(self, keys: Iterable[TypedKey[R, String[V]]], *, compress: bool = False) -> Reply[list[V | None]]: ...

    @overload
    def mget(self, keys: Iterable[KeyOf[R]], *, type: type[V], compress: bool = False) -> Reply[list[V | None]]: ...

    @overload
    def mget(self, keys: Iterable[KeyOf[R]], *, compress: bool = False) -> Reply[list[Unpacked]]: ...

    def mget(self, keys: Iterable[KeyOf[R]], *, type: object = None, compress: bool = False) -> Reply[list[Unpacked]]:
        """Get all values in the order of `keys`, None for missing ones (https://redis.io/commands/mget)."""
        if not (wire := self._keys(keys)):
            return Answer([])
        forms = self._forms_of(wire, type_=type, compress=compress)

        def place_of(index: int) -> StringPlace:
            return self._string_place(wire[index])

        if len(forms) == 1:
            return self._read(partial(self._listed, place_of, forms[0]), "MGET", *wire)
        return self._read(partial(self._mixed, place_of, forms), "MGET", *wire)

    def mset(self, mapping: Mapping[KeyOf[R], Packable], *, compress: bool = False) -> Reply[bool]:
        """Set all values in one step; always True (https://redis.io/commands/mset).

        Raises `PackError`, and writes none of them, when one cannot be packed; `ValueError` when there are none.
        """
        words = flattened(
            {self._key(key): self._form(key, compress=compress).write(value, key) for key, value in mapping.items()}
        )
        return self._write(done, *self._each_lasting(("MSET", *words), MSET_WITH_LIFETIMES, mapping))

    def _string_place(self, wire_key: WireKey, outcome: str = "nothing was changed") -> StringPlace:
        return StringPlace(self._name(wire_key), wire_key, outcome)
