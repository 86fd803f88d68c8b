"""Where in a value the part is that MessagePack cannot hold, and what to do about it.

Runs only after packing failed. The answer is a path such as `$.users[3].name` and a type, never a content:
values are secrets, and an error travels far.
"""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgpack  # type: ignore[import-untyped]  # ships no annotations

from civiredis.values.misfit import shortened, step_to, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from civiredis.packed.values import Packable

MAX_DEPTH: Final = 1024
"""How many containers may stand inside each other: the limit of msgpack's packer and unpacker alike."""

_WAYS_OUT: Final[tuple[tuple[tuple[type, ...], str], ...]] = (
    ((set, frozenset), "store it as a list"),
    ((date, time, Decimal, UUID), "store it as str"),
    ((timedelta,), "store its total_seconds()"),
    ((Enum,), "store its .value"),
    ((complex,), "store its .real and .imag"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be packed."""

    path: str
    """The part at fault, seen from the whole value `$`."""
    reason: str
    """What that part is and the way out, as the end of a sentence."""


def find_fault(root: Packable) -> Fault:
    """Walk `root` in the order in which it is packed, to the first part that cannot be packed."""
    segments: list[str] = []
    open_containers: list[int] = []
    levels: list[Iterator[tuple[str, Packable]]] = [iter([("$", root)])]
    while levels:
        step = next(levels[-1], None)
        if step is None:
            levels.pop()
            if open_containers:
                open_containers.pop()
            continue
        segment, part = step
        del segments[len(levels) - 1 :]
        segments.append(segment)
        if isinstance(part, (dict, list, tuple)) and not isinstance(part, msgpack.ExtType):
            if id(part) in open_containers:
                ancestor = _joined(segments[: open_containers.index(id(part)) + 1])
                return Fault(_joined(segments), f"the same object as {ancestor}, which contains it; break the circle")
            if len(open_containers) == MAX_DEPTH:
                return Fault(_joined(segments), f"nested deeper than {MAX_DEPTH} levels; store it flatter")
            open_containers.append(id(part))
            levels.append(_parts(part))
        elif (reason := _leaf_fault(part)) is not None:
            return Fault(_joined(segments), reason)
    return Fault("$", f"a {type_name(root)} that MessagePack cannot hold")


def _parts(
    container: dict[Packable, Packable] | list[Packable] | tuple[Packable, ...],
) -> Iterator[tuple[str, Packable]]:
    """Yield what `container` holds, keys of maps included, each with its segment of the path."""
    if isinstance(container, dict):
        for name, value in container.items():
            yield f"[key {type_name(name)}]", name
            yield step_to(name), value
    else:
        for index, item in enumerate(container):
            yield f"[{index}]", item


def _joined(segments: list[str]) -> str:
    return shortened("".join(segments))


def _leaf_fault(part: Packable) -> str | None:
    """Say why `part`, which is no container, cannot be packed; None when it can."""
    try:
        msgpack.packb(part, datetime=True)
    except (TypeError, ValueError, OverflowError, BufferError) as error:
        return _explained(part, error)
    return None


def _explained(part: Packable, error: Exception) -> str:
    match error:
        case OverflowError():
            return "an int outside of -2**63 … 2**64-1; store it as str"
        case UnicodeEncodeError():
            return "a str with a lone surrogate, which UTF-8 cannot hold; store its bytes"
        case BufferError():
            return "a memoryview that is not contiguous; store bytes(it)"
        case ValueError() if isinstance(part, datetime):
            return "a datetime without timezone, so no point in time; add one, as .replace(tzinfo=UTC) does"
        case ValueError():
            return f"a {type_name(part)} too large for MessagePack"
        case _:
            return f"a {type_name(part)}, which MessagePack has no type for; {_way_out(part)}"


def _way_out(part: Packable) -> str:
    for types, advice in _WAYS_OUT:
        if isinstance(part, types):
            return advice
    if is_dataclass(part):
        return "store dataclasses.asdict(it)"
    if hasattr(type(part), "model_dump"):  # pydantic's models, by the name of their method
        return "store its model_dump()"
    return "store it as a dict, a list or a str"
