"""Numbers as people read them: lifetimes, sizes and counts."""

from __future__ import annotations

from typing import Final

_UNITS: Final = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_FEW_BYTES: Final = 1024
_THREE_DIGITS: Final = 100


def duration(seconds: int) -> str:
    """Write a lifetime in its two largest units: `1 h`, `2 d 3 h`, `90` as `1 min 30 s`."""
    for position, (unit, length) in enumerate(_UNITS):
        if seconds >= length:
            whole, rest = divmod(seconds, length)
            shown = f"{whole} {unit}"
            if rest and position + 1 < len(_UNITS):
                smaller, smaller_length = _UNITS[position + 1]
                if count := rest // smaller_length:
                    return f"{shown} {count} {smaller}"
            return shown
    return "0 s"


def size(count: float) -> str:
    """Write a number of bytes with three digits and a binary unit: `1.46 GiB`."""
    if count < _FEW_BYTES:
        return f"{count:.0f} B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        count /= 1024
        if count < _FEW_BYTES or unit == "TiB":
            break
    return f"{count:.{0 if count >= _THREE_DIGITS else 1 if count >= 10 else 2}f} {unit}"  # noqa: PLR2004 digits


def number(count: float) -> str:
    """Write a count with separators: `1,000,000`."""
    return f"{count:,.0f}"


def counted(count: int, thing: str) -> str:
    """Write how many there are of a thing: `1 key`, `1,000 keys`."""
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"
