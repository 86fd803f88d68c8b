"""Which slot a key is in, which arguments are keys, and who serves which slots.

Source: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ (CRC16/XMODEM, hash tags).
"""

from __future__ import annotations

from binascii import crc_hqx
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from civiredis.commands.arguments import WireKey

if TYPE_CHECKING:
    from civiredis.transport.wire import Args

SLOTS: Final = 16384

Address: TypeAlias = tuple[str, int]
Range: TypeAlias = tuple[int, int, Address]
"""First and last slot, and the master that serves them."""

KEYLESS: Final = frozenset(
    {"CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DBSIZE", "ECHO", "FLUSHALL", "FLUSHDB", "FUNCTION", "INFO", "KEYS"}
    | {"LASTSAVE", "LOLWUT", "PING", "PUBLISH", "RANDOMKEY", "ROLE", "SCAN", "SCRIPT", "TIME"}
)
"""Commands whose first argument is no key."""

SCRIPTED: Final = frozenset({"EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO"})
"""Commands whose keys follow their number, which is the second argument."""

SUBCOMMANDED: Final = frozenset({"OBJECT", "XGROUP", "XINFO", "MEMORY"})
"""Commands whose key follows a subcommand."""


def slot_of(key: str | bytes) -> int:
    """Give the slot of a key; only what stands in the first `{...}` counts, if anything does."""
    data = key.encode() if isinstance(key, str) else key
    if b"{" in data:
        start = data.index(b"{")
        end = data.find(b"}", start + 1)
        if end > start + 1:
            data = data[start + 1 : end]
    return crc_hqx(data, 0) & (SLOTS - 1)


def keys_of(args: Args) -> list[str | bytes]:
    """Give the keys of a command: its `WireKey`s, or, where nothing is marked, those of the command's usual form."""
    keys: list[Any] = [arg for arg in args if arg.__class__ is WireKey]
    if keys:
        return keys
    name = str(args[0]).upper()
    if name in SCRIPTED:
        return list(args[3 : 3 + int(args[2])])  # type: ignore[arg-type]
    if name in KEYLESS:
        return []
    position = 2 if name in SUBCOMMANDED else 1
    return list(args[position : position + 1])  # type: ignore[arg-type]


def ranges(raw: list[Any], asked: str) -> list[Range]:
    """Read the reply of CLUSTER SLOTS; a node without a host of its own is at `asked`."""
    found: list[Range] = []
    for first, last, (host, port, *_), *_ in raw:
        found.append((first, last, (host.decode() if host else asked, port)))
    return sorted(found)
