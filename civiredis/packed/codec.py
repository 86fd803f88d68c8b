"""MessagePack in and out: the one place that calls `msgpack`, and `msgspec` where that is installed.

The rules are those of the MessagePack specification (https://github.com/msgpack/msgpack/blob/master/spec.md),
with `bytes` and `str` kept apart (bin and str formats) and times as its timestamp extension. What Node's
`msgpackr` adds to them is read where it stands for itself, and refused where only the stream it came from
could explain it (https://github.com/kriszyp/msgpackr#readme).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgpack  # type: ignore[import-untyped]  # ships no annotations

from civiredis.exceptions import PackError
from civiredis.packed.faults import find_fault
from civiredis.values.misfit import MalformedValueError

try:
    import msgspec
except ImportError:
    msgspec = None  # type: ignore[assignment]  # the place of a module that is not there

if TYPE_CHECKING:
    from collections.abc import Callable

    from civiredis.packed.values import Packable, Unpacked

MSGPACKR_UNDEFINED: Final = 0x00
"""msgpackr's extension for JavaScript's `undefined`; its payload is a filler byte."""

MSGPACKR_BIGINT: Final = 0x42
"""msgpackr's extension for a `bigint` beyond 64 bits (option useBigIntExtension), in two's complement."""

MSGPACKR_STREAM_EXTENSIONS: Final = {
    0x62: "bundled strings (option bundleStrings)",
    0x65: "an Error (option moreTypes)",
    0x69: "an object identity (option structuredClone)",
    0x70: "an object reference (option structuredClone)",
    0x72: "a record; write it with pack(), or with new Packr({useRecords: false})",
    0x73: "a Set (option moreTypes)",
    0x78: "a RegExp (option moreTypes)",
}
"""msgpackr's extensions that are no values of their own: they say how to take the bytes behind them."""

_PACK_ERRORS: Final = (TypeError, ValueError, OverflowError, BufferError, RecursionError)
_UNPACK_ERRORS: Final = (TypeError, ValueError, OverflowError, RecursionError, msgpack.UnpackException)


def pack(value: Packable, key: str, part: str = "") -> bytes:
    """Return `value` as MessagePack.

    `key` is where it will be stored and `part` which part of it (a hash field, a set member): both only for
    the error. Raises `PackError` naming them and the path to what cannot be packed, never the value itself.
    """
    try:
        packed: bytes = msgpack.packb(value, datetime=True)
    except _PACK_ERRORS:
        pass  # The error is raised outside of this block: msgpack's own may hold the value.
    else:
        return packed
    fault = find_fault(value)
    message = f"cannot pack a value for {key!r}{part}: {fault.path} is {fault.reason}"
    raise PackError(message)


def unpack(packed: bytes) -> Unpacked:
    """Return the value that MessagePack bytes hold. Raises `MalformedValueError` when they hold none."""
    error: Exception
    try:
        return msgpack.unpackb(packed, timestamp=3, strict_map_key=False, ext_hook=extension)
    except _UNPACK_ERRORS as caught:
        error = caught
    if isinstance(error, TypeError):  # An array as map key, which a list cannot be.
        try:
            return msgpack.unpackb(
                packed, timestamp=3, strict_map_key=False, ext_hook=extension, object_pairs_hook=_frozen_keys
            )
        except _UNPACK_ERRORS as caught:
            error = caught
    reason = "it is empty" if not packed else _reason(error)
    raise MalformedValueError(reason)


def extension(code: int, payload: bytes | memoryview) -> Unpacked:
    """Read an extension other than the timestamp; one that is unknown comes back as `msgpack.ExtType`."""
    if code == MSGPACKR_UNDEFINED:
        return None
    if code == MSGPACKR_BIGINT:
        return int.from_bytes(payload, "big", signed=True)
    if (meaning := MSGPACKR_STREAM_EXTENSIONS.get(code)) is not None:
        message = f"it holds msgpackr's extension 0x{code:02x}, {meaning}"
        raise MalformedValueError(message)
    return msgpack.ExtType(code, bytes(payload))


def _frozen_keys(pairs: list[tuple[Unpacked, Unpacked]]) -> dict[Unpacked, Unpacked]:
    return {_frozen(key): value for key, value in pairs}


def _frozen(key: Unpacked) -> Unpacked:
    return tuple(map(_frozen, key)) if isinstance(key, list) else key


def _reason(error: Exception) -> str:
    """Say why bytes do not unpack; msgpack's own messages may quote them."""
    match error:
        case msgpack.ExtraData():
            return "more bytes follow its end, so it is not one MessagePack value"
        case msgpack.StackError() | RecursionError():
            return "it is nested too deep"
        case UnicodeDecodeError():
            return "a text in it is not UTF-8"
        case OverflowError():
            return "a time in it lies outside of the years 1 to 9999"
        case TypeError():
            return "a map in it has a map as key"
        case _:
            return "it is cut off, or not valid MessagePack"


def quick_decoder(type_: object) -> Callable[[bytes], Unpacked] | None:
    """Give msgspec's way from bytes to a value of a type; None where it is not installed, or does not know the type.

    It raises an exception of any kind where it does not take the bytes. That is not the last word: of extensions and of
    JavaScript's numbers `unpack` takes more, and knows why it does not. Of a time that is given in nanoseconds it makes
    the nearest microsecond, msgpack the one before.
    """
    if msgspec is None:
        return None
    try:
        return msgspec.msgpack.Decoder(type_, ext_hook=extension).decode
    except Exception:  # noqa: BLE001 whatever it says of a type that is not one of its own
        return None


QUICK: Final = quick_decoder(Any)
"""What unpacks values of which nothing is declared; None without msgspec."""
