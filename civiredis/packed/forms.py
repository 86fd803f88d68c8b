"""The two forms of a stored value, plain MessagePack and compressed: what `compress=True` chooses between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from civiredis.packed.codec import QUICK, pack, unpack
from civiredis.packed.compression import (
    THREAD_FROM,
    check_size,
    deflate,
    deflate_now,
    inflate,
    inflate_quickly,
    is_compressed,
    require_brotli,
)
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from civiredis.commands.arguments import Argument
    from civiredis.packed.values import Packable, Unpacked


class ToDeflate(bytes):
    """MessagePack bytes among the words of a command that are to be compressed before it is sent."""

    __slots__ = ()


def is_slow(words: Iterable[Argument]) -> bool:
    """Tell whether compressing the words of a command that are to be would hold the event loop up."""
    return any(isinstance(word, ToDeflate) and len(word) >= THREAD_FROM for word in words)


def deflated_now(words: Iterable[Argument]) -> tuple[Argument, ...]:
    """Return the words of a command with those compressed that are to be."""
    return tuple([deflate_now(word) if isinstance(word, ToDeflate) else word for word in words])


async def deflated(words: Iterable[Argument]) -> tuple[Argument, ...]:
    """Do as `deflated_now`, off the event loop where it takes long."""
    return tuple([await deflate(word) if isinstance(word, ToDeflate) else word for word in words])


class Write(Protocol):
    """Turn a value into the bytes of a command. Raises `PackError`, see `codec.pack`."""

    def __call__(self, value: Packable, key: str, part: str = "") -> bytes:
        """Return the bytes."""


class Form(NamedTuple):
    """How values are written and read."""

    write: Write
    read: Callable[[bytes], Unpacked]
    """Return the value of stored bytes at once.

    Raises `MalformedValueError` when they hold none, `SlowError` when it would hold the event loop up.
    """
    read_slowly: Callable[[bytes], Awaitable[Unpacked]]
    """Do as `read`, off the event loop where it takes long."""


class Forms(NamedTuple):
    """The two forms of the values of one codec."""

    plain: Form
    compressed: Form

    def chosen(self, *, compress: bool) -> Form:
        """Give the one that a command was asked for. Raises `BrotliMissingError` where it cannot be had."""
        if not compress:
            return self.plain
        require_brotli()
        return self.compressed


def forms_of(write: Write, unpack: Callable[[bytes], Unpacked], quick: Callable[[bytes], Unpacked] | None) -> Forms:
    """Make both forms of values that `write` packs and `unpack` unpacks.

    `quick` is a shorter way for nearly all values; where it raises anything, which it does for compressed ones,
    `unpack` has the last word.
    """

    def read_plain(stored: bytes) -> Unpacked:
        if quick is not None:
            try:
                return quick(stored)
            except Exception:  # noqa: BLE001, S110 whatever it is, this is not the last word
                pass
        if is_compressed(stored):
            message = "it starts with 0x01, as a compressed value does; read it with compress=True"
            raise MalformedValueError(message)
        return unpack(stored)

    async def read_plain_slowly(stored: bytes) -> Unpacked:
        return read_plain(stored)

    def write_compressed(value: Packable, key: str, part: str = "") -> bytes:
        packed = write(value, key, part)
        check_size(packed, key, part)
        return ToDeflate(packed)

    def read_compressed(stored: bytes) -> Unpacked:
        return unpack(inflate_quickly(stored))

    async def read_compressed_slowly(stored: bytes) -> Unpacked:
        return unpack(await inflate(stored))

    return Forms(
        Form(write, read_plain, read_plain_slowly), Form(write_compressed, read_compressed, read_compressed_slowly)
    )


UNDECLARED: Final = forms_of(pack, unpack, QUICK)
"""Those of values of any type."""
