"""Where a value stands: what an error calls it, and how exactly that value is removed.

A removal compares before it deletes, in one step on the server, so that a value written after the read stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from civiredis.commands.arguments import Argument, Value, WireKey

UNPACKED: Final = "does not unpack"
MISFIT: Final = "does not fit"
"""What is wrong with a packed value, and with one of a plain command."""

REMOVE_STRING: Final = """
if redis.pcall('GET', KEYS[1]) == ARGV[1] then
  return redis.call('UNLINK', KEYS[1])
end
return 0
"""
"""Deletes the key if it holds these bytes. `pcall`, as the key may hold another structure by now."""

REMOVE_FIELD: Final = """
if redis.pcall('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
"""
"""Deletes the field if it holds these bytes."""


REMOVE_FIELDS: Final = """
local removed = 0
for _, field in ipairs(redis.pcall('HKEYS', KEYS[1])) do
  if redis.call('HGET', KEYS[1], field) == ARGV[1] then
    removed = removed + redis.call('HDEL', KEYS[1], field)
  end
end
return removed
"""
"""Deletes the fields that hold these bytes."""


class Place(Protocol):
    """Where a value was read."""

    @property
    def wire_key(self) -> WireKey:
        """The key that holds the value, as it stands on the wire."""

    @property
    def name(self) -> str:
        """What an error calls the place; the key stands in it as the code knows it."""

    @property
    def fault(self) -> str:
        """What is wrong with a value that is none, as the middle of a sentence: `does not unpack`."""

    @property
    def outcome(self) -> str:
        """What has become of the value when reading it fails, as the end of a sentence."""

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Return the command that removes the value if it still is `stored`, and answers how many it removed."""


@dataclass(frozen=True, slots=True)
class StringPlace:
    """The string that a key holds."""

    key: str
    wire_key: WireKey
    outcome: str = "nothing was changed"
    fault: str = UNPACKED

    @property
    def name(self) -> str:
        """The key."""
        return repr(self.key)

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Delete the key, if it still holds `stored`."""
        return "EVAL", REMOVE_STRING, 1, self.wire_key, stored


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field of the hash that a key holds."""

    key: str
    wire_key: WireKey
    field: Value
    outcome: str = "nothing was changed"
    fault: str = UNPACKED

    @property
    def name(self) -> str:
        """The key and the field."""
        return f"{self.key!r} field {self.field!r}"

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Delete the field, if it still holds `stored`."""
        return "EVAL", REMOVE_FIELD, 1, self.wire_key, self.field, stored


@dataclass(frozen=True, slots=True)
class SomeFieldPlace:
    """A field of the hash that a key holds, of which the reply did not say which: HVALS."""

    key: str
    wire_key: WireKey
    outcome: str = "nothing was changed"
    fault: str = UNPACKED

    @property
    def name(self) -> str:
        """The key."""
        return f"a field of {self.key!r}"

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Delete every field that holds `stored`: it is none of the type in any of them."""
        return "EVAL", REMOVE_FIELDS, 1, self.wire_key, stored


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """A member of the set that a key holds. It has no name of its own: a member is its content."""

    key: str
    wire_key: WireKey
    outcome: str = "nothing was changed"
    fault: str = UNPACKED

    @property
    def name(self) -> str:
        """The key."""
        return f"a member of {self.key!r}"

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Remove the member, which is `stored` or is not there."""
        return "SREM", self.wire_key, stored


@dataclass(frozen=True, slots=True)
class ElementPlace(MemberPlace):
    """An element of the list that a key holds."""

    @property
    def name(self) -> str:
        """The key."""
        return f"an element of {self.key!r}"

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Remove the first element that is `stored`."""
        return "LREM", self.wire_key, 1, stored


@dataclass(frozen=True, slots=True)
class RankedPlace(MemberPlace):
    """A member of the sorted set that a key holds."""

    def removal(self, stored: bytes) -> tuple[Argument, ...]:
        """Remove the member, which is `stored` or is not there."""
        return "ZREM", self.wire_key, stored


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """An entry of the stream that a key holds; it is written once, and never changes."""

    key: str
    wire_key: WireKey
    id: str
    outcome: str = "nothing was changed"
    fault: str = UNPACKED

    @property
    def name(self) -> str:
        """The key and the entry."""
        return f"{self.key!r} entry {self.id}"

    def removal(self, stored: bytes) -> tuple[Argument, ...]:  # noqa: ARG002 an entry is known by its id
        """Delete the entry."""
        return "XDEL", self.wire_key, self.id
