"""Whether values are what their base says: of packed bases and of counters, some are read and tried."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from redis.exceptions import ResponseError

from civiredis.exceptions import CiviredisError
from civiredis.packed.codec import unpack
from civiredis.packed.compression import inflate_now, is_compressed, require_brotli
from civiredis.structures import Counter
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civiredis.audit.link import Link, RawReply, Word
    from civiredis.audit.walk import KeyFacts
    from civiredis.catalogue.entries import Entry

LARGEST_READ: Final = 1024 * 1024
"""Bytes of memory from which a key is not read."""

VALUES_OF_ONE: Final = 5
"""Fields of a hash, or members of a set, that are read."""

MOST_EXAMPLES: Final = 5
"""Undecodable keys of a base that a report names."""

_COUNTED: Final = re.compile(rb"0|-?[1-9]\d{0,18}")
"""What INCR takes (https://redis.io/commands/incr): a whole number of 64 bits, written in one way."""


class Decoder(NamedTuple):
    """How the values of a kind of base are tried."""

    fault_of: Callable[[bytes], str | None]
    """Says why a stored value is none of these; None when it is one."""
    kinds: frozenset[bytes]
    """What TYPE says of keys that hold such values."""
    otherwise: str
    """What is said of a key of another kind."""


@dataclass(slots=True)
class Decoding:
    """What came of reading the values of one base."""

    decoder: Decoder
    taken: int = 0
    """Keys that were chosen to be read."""
    values: int = 0
    """Values that were tried."""
    undecodable: int = 0
    """Values that are not what they should be, and keys of structures that hold no such values."""
    examples: list[tuple[bytes, str]] = field(default_factory=list)
    """Some of them: the key, and what is wrong."""

    def fail(self, key: bytes, reason: str) -> None:
        """Count one that cannot be read."""
        self.undecodable += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append((key, reason))


def decode(master: Link, chosen: Sequence[tuple[Decoding, KeyFacts]]) -> None:
    """Read the values of the chosen keys in one round trip, and note what cannot be decoded. Raises `AuditError`."""
    readable: list[tuple[Decoding, KeyFacts]] = []
    for decoding, facts in chosen:
        if facts.type not in decoding.decoder.kinds:
            decoding.fail(facts.name, f"it is a {facts.type.decode(errors='replace')}, {decoding.decoder.otherwise}")
        elif facts.memory <= LARGEST_READ:
            readable.append((decoding, facts))
    replies = master.ask_all([_command(facts) for _, facts in readable]) if readable else []
    for (decoding, facts), reply in zip(readable, replies, strict=True):
        for value in _values(reply, facts.type):
            decoding.values += 1
            if (reason := decoding.decoder.fault_of(value)) is not None:
                decoding.fail(facts.name, reason)


def decoder_of(entry: Entry) -> Decoder | None:
    """How the values of a base are tried; None where anything may be in it."""
    if entry.packed:
        return PACKED
    return COUNTER if entry.structure == Counter.__name__ else None


def _packed_fault(value: bytes) -> str | None:
    """Why a stored value does not unpack; None when it does, or when only a missing Brotli could tell."""
    if is_compressed(value) and not _has_brotli():
        return None
    try:
        unpack(inflate_now(value))
    except MalformedValueError as fault:
        return str(fault)
    return None


def _counter_fault(value: bytes) -> str | None:
    """Why INCR would refuse a stored value; None when it would not."""
    return None if _COUNTED.fullmatch(value) else "it is no whole number"


PACKED: Final = Decoder(_packed_fault, frozenset({b"string", b"hash", b"set"}), "which `.packed` does not read")
COUNTER: Final = Decoder(_counter_fault, frozenset({b"string"}), "which counts nothing")


def _has_brotli() -> bool:
    try:
        require_brotli()
    except CiviredisError:
        return False
    return True


def _command(facts: KeyFacts) -> Sequence[Word]:
    match facts.type:
        case b"hash":
            return "HRANDFIELD", facts.name, VALUES_OF_ONE, "WITHVALUES"
        case b"set":
            return "SRANDMEMBER", facts.name, VALUES_OF_ONE
        case _:
            return "GET", facts.name


def _values(reply: RawReply, kind: bytes) -> list[bytes]:
    """The values in a reply; none where the key has ended or become something else meanwhile."""
    if reply is None or isinstance(reply, ResponseError):
        return []
    if kind == b"hash":
        return list(reply[1::2])
    return [reply] if isinstance(reply, bytes) else list(reply)
