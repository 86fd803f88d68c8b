"""Packed values in Brotli: the byte 0x01, then a Brotli stream of the MessagePack bytes.

The mark cannot be mistaken for an uncompressed value: MessagePack that starts with 0x01 is the integer 1, and
that is all of it. So a reader takes both kinds, and `compress=True` can be turned on for keys that already
hold values.
"""

from __future__ import annotations

import asyncio
from typing import Final

from civiredis.exceptions import BrotliMissingError, PackError
from civiredis.values.misfit import MalformedValueError

try:
    import brotli  # type: ignore[import-untyped]  # ships no annotations
except ImportError:
    brotli = None

MARK: Final = b"\x01"
"""What a compressed value starts with."""

QUALITY: Final = 6
"""Brotli's quality, 0 to 11: the highest before its time per byte multiplies."""

THREAD_FROM: Final = 8 * 1024
"""Bytes handed to Brotli from which it works in a thread instead of on the event loop.

Measured on records of an application (Brotli 1.2, one core): 8 KiB compress in 0.7 ms and inflate in 0.1 ms,
a trip to a thread costs 0.15 ms. Below, the trip costs more than it frees; above, the loop would stand still
for milliseconds.
"""

INFLATE_AT_ONCE: Final = 256 * 1024
"""Bytes that a short stream may inflate to on the event loop (about 1 ms); a denser one goes to a thread."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of MessagePack that a compressed value may hold.

A stream of some hundred bytes can claim to be gigabytes; reading stops here. Writing stops here as well, so
that whatever was written can be read.
"""


class SlowError(Exception):
    """What was asked for would hold the event loop up. Never reaches a caller: it is done in a thread instead."""


def require_brotli() -> None:
    """Raise `BrotliMissingError` unless Brotli is installed: before a command, not after its reply came."""
    if brotli is None or not hasattr(brotli.Decompressor, "can_accept_more_data"):  # 1.2 brought it, and the limit
        message = "compress=True needs Brotli 1.2 or newer, which is not installed: pip install 'civiredis[brotli]'"
        raise BrotliMissingError(message)


def check_size(packed: bytes, key: str, part: str = "") -> None:
    """Raise `PackError` when `packed` is too large to be read back from its compressed form."""
    if len(packed) > LARGEST:
        message = (
            f"cannot compress a value for {key!r}{part}: it has {len(packed)} bytes as MessagePack, "
            f"more than the {LARGEST} that reading takes; split it, or store it without compress=True"
        )
        raise PackError(message)


def deflate_now(packed: bytes) -> bytes:
    """Return the compressed form of MessagePack bytes."""
    stream: bytes = brotli.compress(packed, quality=QUALITY)
    return MARK + stream


async def deflate(packed: bytes) -> bytes:
    """Return the compressed form of MessagePack bytes, off the event loop when it takes long."""
    if len(packed) < THREAD_FROM:
        return deflate_now(packed)
    return await asyncio.to_thread(deflate_now, packed)


def inflate_now(stored: bytes) -> bytes:
    """Return the MessagePack bytes of a stored value, compressed or not.

    Raises `MalformedValueError` when it bears the mark without a whole stream of at most `LARGEST` bytes.
    """
    if not is_compressed(stored):
        return stored
    if (packed := _inflated(stored, LARGEST)) is None:
        reason = f"it inflates to more than {LARGEST} bytes"
        raise MalformedValueError(reason)
    return packed


def inflate_quickly(stored: bytes) -> bytes:
    """Do as `inflate_now`, or raise `SlowError` when it takes long."""
    if not is_compressed(stored):
        return stored
    if len(stored) < THREAD_FROM and (packed := _inflated(stored, INFLATE_AT_ONCE)) is not None:
        return packed
    raise SlowError


async def inflate(stored: bytes) -> bytes:
    """Do as `inflate_now`, off the event loop when it takes long."""
    try:
        return inflate_quickly(stored)
    except SlowError:
        return await asyncio.to_thread(inflate_now, stored)


def _inflated(stored: bytes, most: int) -> bytes | None:
    """Return what a compressed value holds, or None when that is more than `most` bytes."""
    decompressor = brotli.Decompressor()
    try:
        packed: bytes = decompressor.process(memoryview(stored)[len(MARK) :], output_buffer_limit=most + 1)
    except brotli.error:
        reason = "it is not the Brotli stream that its first byte 0x01 announces"
        raise MalformedValueError(reason) from None
    if len(packed) > most:
        return None
    if not decompressor.is_finished():
        reason = "its Brotli stream is cut off"
        raise MalformedValueError(reason)
    return packed


def is_compressed(stored: bytes) -> bool:
    """Tell a compressed value by its mark."""
    return len(stored) > len(MARK) and stored.startswith(MARK)
