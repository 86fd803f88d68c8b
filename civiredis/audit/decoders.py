"""What the values of each base are: MessagePack, text of a type, or anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from civiredis.catalogue.structures import PACKED, REDIS_TYPES
from civiredis.declared_values import declared_values
from civiredis.exceptions import BrotliMissingError
from civiredis.grammar import PACKED_PREFIX
from civiredis.packed.codec import unpack
from civiredis.packed.compression import inflate_now, is_compressed, require_brotli
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from civiredis.catalogue.entries import Entry
    from civiredis.declared_values import DeclaredValues
    from civiredis.registry import Registry


class Decoder(NamedTuple):
    """How the values of one base are tried."""

    read: Callable[[bytes], object]
    """Reads a stored value. Raises `MalformedValueError` or `UnicodeDecodeError` where it is none of these."""
    kinds: frozenset[bytes]
    """What TYPE says of keys that hold such values."""
    declared: bool
    """Whether the structure is declared; then a key of another one is no matter of its values."""

    def fault_of(self, value: bytes) -> str | None:
        """Why a stored value is not what it should be; None when it is, or when only a missing Brotli could tell."""
        try:
            self.read(value)
        except MalformedValueError as fault:
            return str(fault)
        except UnicodeDecodeError:
            return "it is no text in UTF-8"
        except BrotliMissingError:
            pass
        return None


OF_PACKED: Final = frozenset(REDIS_TYPES[structure].encode() for structure in PACKED)


def decoders_of(registry: type[Registry], entries: Iterable[Entry]) -> dict[str, Decoder]:
    """How values are tried, by the base; a base whose values may be anything is not among them.

    Raises `RegistryError` where a declared type cannot be found, and `LibraryMissingError` where its library is not
    installed.
    """
    values = declared_values(registry)
    made: dict[str, Decoder] = {}
    for entry in entries:
        read = _reader(entry.base, values)
        if read is not None:
            kinds = OF_PACKED if entry.structure is None else frozenset([REDIS_TYPES[entry.structure].encode()])
            made[entry.base] = Decoder(read, kinds, declared=entry.structure is not None)
    return made


def _reader(base: str, values: DeclaredValues) -> Callable[[bytes], object] | None:
    if base in values.forms:
        return _of_messagepack(values.forms[base].plain.read)
    if base.startswith(PACKED_PREFIX):
        return _of_messagepack(unpack)
    return values.texts[base].read if base in values.texts else None


def _of_messagepack(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """Read MessagePack, compressed or not."""

    def read_either(stored: bytes) -> object:
        if is_compressed(stored):
            require_brotli()
        return read(inflate_now(stored))

    return read_either
