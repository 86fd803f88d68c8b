"""Whether packed values unpack: the values of some keys of each packed base are read and tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from redis.exceptions import ResponseError

from civiredis.exceptions import CiviredisError
from civiredis.packed.codec import unpack
from civiredis.packed.compression import inflate_now, is_compressed, require_brotli
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.audit.link import Link, RawReply, Word
    from civiredis.audit.walk import KeyFacts

LARGEST_READ: Final = 1024 * 1024
"""Bytes of memory from which a key is not read."""

VALUES_OF_ONE: Final = 5
"""Fields of a hash, or members of a set, that are read."""

MOST_EXAMPLES: Final = 5
"""Undecodable keys of a base that a report names."""


@dataclass(slots=True)
class Decoding:
    """What came of reading the values of one packed base."""

    taken: int = 0
    """Keys that were chosen to be read."""
    values: int = 0
    """Values that were tried."""
    undecodable: int = 0
    """Values that are not MessagePack, and keys of structures that `.packed` does not read."""
    examples: list[tuple[bytes, str]] = field(default_factory=list)
    """Some of them: the key, and what is wrong."""

    def fail(self, key: bytes, reason: str) -> None:
        """Count one that cannot be read."""
        self.undecodable += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append((key, reason))


def decode(master: Link, chosen: Sequence[tuple[Decoding, KeyFacts]]) -> None:
    """Read the values of the chosen keys in one round trip, and note what cannot be unpacked. Raises `AuditError`."""
    readable: list[tuple[Decoding, KeyFacts]] = []
    commands: list[Sequence[Word]] = []
    for decoding, facts in chosen:
        command = _command(facts)
        if command is None:
            kind = facts.type.decode(errors="replace")
            decoding.fail(facts.name, f"it is a {kind}, which `.packed` does not read")
        elif facts.memory <= LARGEST_READ:
            readable.append((decoding, facts))
            commands.append(command)
    replies = master.ask_all(commands) if commands else []
    for (decoding, facts), reply in zip(readable, replies, strict=True):
        for value in _values(reply, facts.type):
            decoding.values += 1
            if (reason := fault_of(value)) is not None:
                decoding.fail(facts.name, reason)


def fault_of(value: bytes) -> str | None:
    """Why a stored value does not unpack; None when it does, or when only a missing Brotli could tell."""
    if is_compressed(value) and not _has_brotli():
        return None
    try:
        unpack(inflate_now(value))
    except MalformedValueError as fault:
        return str(fault)
    return None


def _has_brotli() -> bool:
    try:
        require_brotli()
    except CiviredisError:
        return False
    return True


def _command(facts: KeyFacts) -> Sequence[Word] | None:
    match facts.type:
        case b"string":
            return "GET", facts.name
        case b"hash":
            return "HRANDFIELD", facts.name, VALUES_OF_ONE, "WITHVALUES"
        case b"set":
            return "SRANDMEMBER", facts.name, VALUES_OF_ONE
        case _:
            return None


def _values(reply: RawReply, kind: bytes) -> list[bytes]:
    """The values in a reply; none where the key has ended or become something else meanwhile."""
    if reply is None or isinstance(reply, ResponseError):
        return []
    if kind == b"hash":
        return list(reply[1::2])
    return [reply] if isinstance(reply, bytes) else list(reply)
