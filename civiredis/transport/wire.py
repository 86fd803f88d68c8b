"""Commands as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import hiredis

if TYPE_CHECKING:
    from collections.abc import Callable

Args: TypeAlias = "tuple[str | bytes | memoryview | int | float, ...]"
"""One command: its name and arguments, as hiredis packs them."""

Parcel: TypeAlias = "bytes | Args | list[Args]"
"""A command or a batch that waits: unpacked where possible, so that a waiting value is not in memory twice."""

pack_command = cast("Callable[[Args], bytes]", hiredis.pack_command)
"""Give the bytes of one command; TypeError for an argument that is none of the types of `Args`."""


def packed(parcel: Parcel) -> bytes:
    """Give the bytes of a command or of a whole batch."""
    if isinstance(parcel, bytes):
        return parcel
    if isinstance(parcel, tuple):
        return pack_command(parcel)
    return b"".join([pack_command(args) for args in parcel])
