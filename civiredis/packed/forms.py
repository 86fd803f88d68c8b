"""The two forms of a stored value, plain MessagePack and compressed: what `compress=True` chooses between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from civiredis.packed.codec import MalformedValueError, pack, unpack
from civiredis.packed.compression import check_size, deflate, inflate, is_compressed, require_brotli

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from civiredis.commands.arguments import Argument
    from civiredis.packed.values import Packable, Unpacked


class ToDeflate(bytes):
    """MessagePack bytes among the words of a command that are to be compressed before it is sent."""

    __slots__ = ()


async def deflated(words: Sequence[Argument]) -> tuple[Argument, ...]:
    """Return the words of a command with those compressed that are to be, off the event loop where it takes long."""
    return tuple([await deflate(word) if isinstance(word, ToDeflate) else word for word in words])


class Write(Protocol):
    """Turn a value into the bytes of a command. Raises `PackError`, see `codec.pack`."""

    def __call__(self, value: Packable, key: str, part: str = "") -> bytes:
        """Return the bytes."""


class Form(NamedTuple):
    """How values are written and read."""

    write: Write
    read: Callable[[bytes], Awaitable[Unpacked]]
    """Return the value of stored bytes. Raises `MalformedValueError` when they hold none."""


async def _read_plain(stored: bytes) -> Unpacked:
    if is_compressed(stored):
        message = "it starts with 0x01, as a compressed value does; read it with compress=True"
        raise MalformedValueError(message)
    return unpack(stored)


def _write_compressed(value: Packable, key: str, part: str = "") -> bytes:
    packed = pack(value, key, part)
    check_size(packed, key, part)
    return ToDeflate(packed)


async def _read_compressed(stored: bytes) -> Unpacked:
    return unpack(await inflate(stored))


PLAIN: Final = Form(pack, _read_plain)
COMPRESSED: Final = Form(_write_compressed, _read_compressed)


def form_of(*, compress: bool) -> Form:
    """Return the form that a command was asked for. Raises `BrotliMissingError` where it cannot be had."""
    if not compress:
        return PLAIN
    require_brotli()
    return COMPRESSED
