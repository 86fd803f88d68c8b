"""Replies with values of declared types, and what becomes of those in them that are none.

A value that is no text of its type is treated as one that does not unpack: to a cache client it is missing, to a
system client an error. What a command finds is decoded at once; only where a value is of another type it is decoded
again, with marks in the places of such values, which are then taken out.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

from civiredis.reply import FollowUp
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from civiredis.commands.replies import RawReply, ReadValue

T = TypeVar("T")


class Refused:
    """Stands in a result in place of a stored value that is none of its type."""

    def __init__(self, key: str, stored: bytes, reason: str) -> None:
        """Say what was `stored`, and why it is no value of `key`."""
        self.key = key
        self.stored = stored
        self.reason = reason


class Found(NamedTuple):
    """Where a result has a value that is none."""

    refused: Refused
    name: str | int | None
    """What the result calls the value: a field, the id of an entry, a place in a list; None where it is all of it."""


Mark: TypeAlias = "Callable[[str, ReadValue], ReadValue]"
"""Given a key and what reads its values: what reads a value, or puts a mark in its place."""


Decode: TypeAlias = "Callable[[RawReply, Mark], T]"
"""Decodes a reply; what it reads values of a key with goes through the mark first."""

Result: TypeAlias = Any
"""What a command gives, of any shape, or a part of it."""


def unmarked(_key: str, read: ReadValue) -> ReadValue:
    """Read values, and raise where one is none."""
    return read


class Validated(Generic[T]):
    """The decoder of a command that reads values of declared types."""

    def __init__(
        self,
        decode: Decode[T],
        refuse: Callable[[RawReply, list[Found]], Coroutine[object, None, None]],
        *,
        positional: bool = False,
    ) -> None:
        """Decode by `decode`; `refuse` deals with values that are none. To return is to take them as missing.

        A `positional` result is a list with a place for each value that was asked for, None for one that is missing.
        """
        self._decode = decode
        self._refuse = refuse
        self._take_out = places_emptied if positional else taken_out

    def __call__(self, raw: RawReply) -> T:
        """Decode a reply. Raises `FollowUp` where a value is none of its type."""
        try:
            return self._decode(raw, unmarked)
        except MalformedValueError:
            pass
        raise FollowUp(partial(self._without_refused, raw))

    async def _without_refused(self, raw: RawReply) -> T:
        found: list[Found] = []
        result: T = self._take_out(self._decode(raw, marking), found)
        await self._refuse(raw, found)
        return result


def marking(key: str, read: ReadValue) -> ReadValue:
    """Read values, and put a mark in the place of each that is none."""

    def read_or_mark(stored: RawReply) -> Result:
        try:
            return read(stored)
        except MalformedValueError as error:
            return Refused(key, stored, str(error))

    return read_or_mark


_GONE: Final = Refused("", b"", "")


def taken_out(result: Result, found: list[Found]) -> Result:
    """Give a result without its marks, which are added to what was `found`."""
    without = _taken_out(result, None, found)
    return None if without is _GONE else without


def places_emptied(result: Result, found: list[Found]) -> Result:
    """Do as `taken_out`, with None in the place of each mark."""
    items = [_taken_out(item, index, found) for index, item in enumerate(result)]
    return [None if item is _GONE else item for item in items]


def _taken_out(part: Result, name: str | int | None, found: list[Found]) -> Result:
    if isinstance(part, Refused):
        found.append(Found(part, name))
        return _GONE
    if isinstance(part, (list, set)):
        return type(part)(item for one in part if (item := _taken_out(one, name, found)) is not _GONE)
    if isinstance(part, dict):
        fields = {field: _taken_out(value, name or field, found) for field, value in part.items()}
        return {field: value for field, value in fields.items() if value is not _GONE}
    if isinstance(part, tuple):
        return _row_taken_out(part, name, found)
    return part


def _row_taken_out(row: tuple[Any, ...], name: str | int | None, found: list[Found]) -> Result:
    """Give a pair, or an entry of a stream, as a whole or not at all: it is named by its first part."""
    before = len(found)
    items = [_taken_out(item, row[0] if isinstance(row[0], str) else name, found) for item in row]
    whole = all(item is not _GONE for item in items) and not (hasattr(row, "fields") and len(found) > before)
    if not whole:
        return _GONE
    return type(row)(*items) if hasattr(row, "_fields") else tuple(items)
