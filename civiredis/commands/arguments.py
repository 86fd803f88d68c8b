"""What commands are made of: values, keys on the wire, and the options that many commands share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value: TypeAlias = str | bytes | int | float
"""What Redis stores: text (as UTF-8), bytes, or a number (as its text). A bool is refused when the command is sent."""

ValueT = TypeVar("ValueT", bound=Value)
"""For mappings, whose key type is invariant: `Mapping[ValueT, ...]` takes a `dict[str, ...]` too."""

ScoreBound: TypeAlias = float | str
"""An end of a range of scores: a number, `"(1.5"` to leave the number itself out, `"-inf"` or `"+inf"`."""

StreamId: TypeAlias = str | int
"""The id of a stream's entry: `"1700000000000-0"`, a time in milliseconds, or what the command allows beside these."""


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where Unix time begins."""


class WireKey(str):
    """An argument that is a key, as it stands on the wire: so that whoever sends a command can tell its keys."""

    __slots__ = ()


class SpreadScript(str):
    """A script that treats each of its keys alone, with two words in ARGV for each: on a cluster it may be split."""

    __slots__ = ()


Argument: TypeAlias = Value
"""A word of a command. Those that are keys are `WireKey`."""


def refuse_bare_string(items: object, what: str) -> None:
    """Raise `TypeError` for a single string where many are meant, which Python would take letter by letter."""
    if isinstance(items, (str, bytes)):
        message = f"{what}: expected an iterable of {what}, got the single string {items!r}; write [{items!r}]"
        raise TypeError(message)


def many(items: Iterable[Value], what: str) -> list[Argument]:
    """List the `items`, called `what` in the error that a single string raises."""
    refuse_bare_string(items, what)
    return list(items)


def counted(items: Iterable[Argument]) -> list[Argument]:
    """Put the number of `items` in front of them, as Redis wants it where more words follow."""
    words = list(items)
    return [len(words), *words]


def flattened(mapping: Mapping[ValueT, Value]) -> list[Argument]:
    """Write a mapping as Redis does: key, value, key, value. Raises `ValueError` when it is empty."""
    if not mapping:
        message = "the mapping is empty: there is nothing to write"
        raise ValueError(message)
    return [word for pair in mapping.items() for word in pair]


def flags(**switches: bool) -> list[Argument]:
    """Write the names of the switches that are on."""
    return [name.upper() for name, on in switches.items() if on]


def option(name: str, *values: Argument | None) -> list[Argument]:
    """Write an option with its values, or nothing where a value is None."""
    words = [value for value in values if value is not None]
    return [name, *words] if len(words) == len(values) else []


def conditions(
    *,
    nx: bool = False,
    xx: bool = False,
    ifeq: Value | None = None,
    ifne: Value | None = None,
    ifdeq: str | None = None,
    ifdne: str | None = None,
) -> list[Argument]:
    """Write when SET writes; one by one, as this is on the way of every SET."""
    words: list[Argument] = []
    if nx:
        words.append("NX")
    if xx:
        words.append("XX")
    if ifeq is not None:
        words += ("IFEQ", ifeq)
    if ifne is not None:
        words += ("IFNE", ifne)
    if ifdeq is not None:
        words += ("IFDEQ", ifdeq)
    if ifdne is not None:
        words += ("IFDNE", ifdne)
    return words


def seconds(time: int | timedelta) -> int:
    """Give a span in whole seconds. A part of a second counts as one: no lifetime is cut to nothing."""
    return _units(time, timedelta(seconds=1)) if isinstance(time, timedelta) else time


def milliseconds(time: int | timedelta) -> int:
    """Give a span in whole milliseconds. A part of a millisecond counts as one."""
    return _units(time, timedelta(milliseconds=1)) if isinstance(time, timedelta) else time


def unix_seconds(when: int | datetime) -> int:
    """Give a moment in whole Unix seconds, without the rest; a `datetime` without a zone is local time."""
    return (when.astimezone(UTC) - EPOCH) // timedelta(seconds=1) if isinstance(when, datetime) else when


def unix_milliseconds(when: int | datetime) -> int:
    """Give a moment in whole Unix milliseconds, without the rest; a `datetime` without a zone is local time."""
    return (when.astimezone(UTC) - EPOCH) // timedelta(milliseconds=1) if isinstance(when, datetime) else when


def waiting_seconds(timeout: float | timedelta) -> float:
    """Give how long a blocking command may wait, in seconds. Raises `TypeError` for what is no time."""
    if isinstance(timeout, timedelta):
        return timeout.total_seconds()
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        message = f"timeout is {timeout!r}: write seconds, as a number or a timedelta; 0 waits for ever"
        raise TypeError(message)
    return timeout


def _units(time: timedelta, unit: timedelta) -> int:
    """Count the units, rounded up. No sign changes on the way: `-timedelta.max` does not exist."""
    whole, rest = divmod(time, unit)
    return whole + bool(rest)


def lifetime(
    ex: int | timedelta | None = None,
    px: int | timedelta | None = None,
    exat: int | datetime | None = None,
    pxat: int | datetime | None = None,
) -> list[Argument]:
    """Write when a value expires: in seconds, in milliseconds, or at a moment. The server refuses more than one."""
    words: list[Argument] = []
    if ex is not None:
        words += ("EX", seconds(ex))
    if px is not None:
        words += ("PX", milliseconds(px))
    if exat is not None:
        words += ("EXAT", unix_seconds(exat))
    if pxat is not None:
        words += ("PXAT", unix_milliseconds(pxat))
    return words


def persist_option(choice: Enum | str | None) -> list[Argument]:
    """Write redis-py's `data_persist_option`, a member of its enum or the word itself."""
    if choice is None:
        return []
    return [str(choice.value) if isinstance(choice, Enum) else choice]
