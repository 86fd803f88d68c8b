"""Commands as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast

import hiredis

if TYPE_CHECKING:
    from collections.abc import Callable

Args: TypeAlias = "tuple[str | bytes | memoryview | int | float, ...]"
"""One command: its name and arguments, as hiredis packs them."""

Parcel: TypeAlias = "bytes | Args | list[Args]"
"""A command or a batch that waits: unpacked where possible, so that a waiting value is not in memory twice."""

pack_command = cast("Callable[[Args], bytes]", hiredis.pack_command)
"""Give the bytes of one command; TypeError for an argument that is none of the types of `Args`."""


PACKABLE: Final = (str, bytes, int, float, memoryview)
"""What hiredis packs; a bool is refused, because 1, true and True are all guesses."""


def unpackable(args: Args) -> TypeError:
    """Name the first argument that has no form on the wire."""
    words: tuple[object, ...] = args
    wrong = next((arg for arg in words if isinstance(arg, bool) or not isinstance(arg, PACKABLE)), args)
    way_out = "write 1 or 0" if isinstance(wrong, bool) else "convert it first"
    return TypeError(f"{args[0]!s}: {wrong!r} is {type(wrong).__name__}; Redis takes str, bytes, int, float: {way_out}")


def packed(parcel: Parcel) -> bytes:
    """Give the bytes of a command or of a whole batch."""
    if isinstance(parcel, bytes):
        return parcel
    args: Args = ()
    try:
        if isinstance(parcel, tuple):
            args = parcel
            return pack_command(args)
        return b"".join([pack_command(args := command) for command in parcel])
    except TypeError:
        raise unpackable(args) from None
