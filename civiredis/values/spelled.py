"""Types that are written as text: times, UUID, Decimal. Their text is that of ISO 8601, and of Python.

Both kinds of declared values use it, packed ones and those of plain commands.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from civiredis.values.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

_DURATION: Final = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)


def duration_text(span: timedelta) -> str:
    """Write a span as ISO 8601 does: `P1DT2.5S`."""
    sign, span = ("-", -span) if span.days < 0 else ("", span)
    fraction = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    time_of_day = f"T{span.seconds}{fraction}S" if span.seconds or span.microseconds or not span.days else ""
    return f"{sign}P{f'{span.days}D' if span.days else ''}{time_of_day}"


def duration_of(text: str) -> timedelta:
    """Read a span in days, hours, minutes and seconds. Raises `ValueError` for other text."""
    found = _DURATION.fullmatch(text)
    parts = (
        {} if found is None else {unit: part for unit, part in found.groupdict("").items() if unit != "sign" and part}
    )
    if found is None or not parts:
        raise ValueError(text)
    whole = {unit: int(part) for unit, part in parts.items() if unit != "seconds"}
    seconds, _, fraction = parts.get("seconds", "0").partition(".")
    span = timedelta(**whole, seconds=int(seconds), microseconds=int(fraction[:6].ljust(6, "0")))
    return -span if found["sign"] == "-" else span


class Spelling(NamedTuple):
    """How values of a type are written as text, and read again."""

    write: Callable[..., str]
    read: Callable[[str], object]
    """Raises `ValueError` (of which `UnicodeError` is one) or `ArithmeticError` for other text."""


SPELLINGS: Final[dict[type, Spelling]] = {
    datetime: Spelling(datetime.isoformat, datetime.fromisoformat),
    date: Spelling(date.isoformat, date.fromisoformat),
    time: Spelling(time.isoformat, time.fromisoformat),
    timedelta: Spelling(duration_text, duration_of),
    UUID: Spelling(str, UUID),
    Decimal: Spelling(str, Decimal),
}
UNREADABLE: Final = (ValueError, InvalidOperation, OverflowError)


def is_of(value: object, type_: type) -> bool:
    """Tell whether `value` is of one of these types; a datetime is no date, though it inherits from it."""
    return isinstance(value, type_) and not (type_ is date and isinstance(value, datetime))


class Spelled(Shape):
    """A type that MessagePack has no form for, written as text."""

    def __init__(self, type_: type) -> None:
        """Stand for `type_`."""
        self._type = type_
        self._spelling = SPELLINGS[type_]
        self.expected = type_.__name__

    def load(self, stored: object) -> object:
        """Read text."""
        if isinstance(stored, str):
            try:
                return self._spelling.read(stored)
            except UNREADABLE:
                pass
        raise self.misfit(stored)

    def dump(self, value: object) -> object:
        """Write text."""
        if is_of(value, self._type):
            return self._spelling.write(value)
        raise self.misfit(value)


class Moment(Spelled):
    """`datetime`: aware ones are MessagePack's timestamp, those without a zone are text, and come back without one."""

    def __init__(self) -> None:
        """Stand for `datetime`."""
        super().__init__(datetime)

    def load(self, stored: object) -> object:
        """Take a timestamp, or read text."""
        return stored if isinstance(stored, datetime) else super().load(stored)

    def dump(self, value: object) -> object:
        """Keep what is a point in time."""
        return value if isinstance(value, datetime) and value.tzinfo is not None else super().dump(value)


class Identifier(Spelled):
    """`UUID`, which other writers also store as 16 bytes."""

    def __init__(self) -> None:
        """Stand for `UUID`."""
        super().__init__(UUID)

    def load(self, stored: object) -> object:
        """Read text, or 16 bytes."""
        if isinstance(stored, bytes) and len(stored) == 16:  # noqa: PLR2004 the size of a UUID
            return UUID(bytes=stored)
        return super().load(stored)


class Number(Spelled):
    """`Decimal`, which other writers also store as a number."""

    def __init__(self) -> None:
        """Stand for `Decimal`."""
        super().__init__(Decimal)

    def load(self, stored: object) -> object:
        """Read text, or a number as it is written."""
        return Decimal(repr(stored)) if type(stored) in {int, float} else super().load(stored)
