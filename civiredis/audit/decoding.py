"""Whether values are what their base says: some of each base are read and tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.audit.decoders import Decoder
    from civiredis.audit.link import Link, RawReply, Word
    from civiredis.audit.walk import KeyFacts

LARGEST_READ: Final = 1024 * 1024
"""Bytes of memory from which a key is not read."""

VALUES_OF_ONE: Final = 5
"""Fields, members or entries of one key that are read."""

MOST_EXAMPLES: Final = 5
"""Undecodable keys of a base that a report names."""


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
        if facts.type in decoding.decoder.kinds:
            if facts.memory <= LARGEST_READ:
                readable.append((decoding, facts))
        elif not decoding.decoder.declared:
            decoding.fail(facts.name, f"it is a {facts.type.decode(errors='replace')}, which `.packed` does not read")
    replies = master.ask_all([_command(facts) for _, facts in readable]) if readable else []
    for (decoding, facts), reply in zip(readable, replies, strict=True):
        for value in _values(reply, facts.type):
            decoding.values += 1
            if (reason := decoding.decoder.fault_of(value)) is not None:
                decoding.fail(facts.name, reason)


def _command(facts: KeyFacts) -> Sequence[Word]:
    match facts.type:
        case b"hash":
            return "HRANDFIELD", facts.name, VALUES_OF_ONE, "WITHVALUES"
        case b"list":
            return "LRANGE", facts.name, 0, VALUES_OF_ONE - 1
        case b"set":
            return "SRANDMEMBER", facts.name, VALUES_OF_ONE
        case b"zset":
            return "ZRANDMEMBER", facts.name, VALUES_OF_ONE
        case b"stream":
            return "XREVRANGE", facts.name, "+", "-", "COUNT", VALUES_OF_ONE
        case _:
            return "GET", facts.name


def _values(reply: RawReply, kind: bytes) -> list[bytes]:
    """The values in a reply; none where the key has ended or become something else meanwhile."""
    if reply is None or isinstance(reply, ResponseError):
        return []
    match kind:
        case b"string":
            return [reply]
        case b"hash":
            return list(reply[1::2])
        case b"stream":
            return [value for _, fields in reply for value in fields[1::2]]
        case _:
            return list(reply)
