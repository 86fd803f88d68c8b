"""The walk itself: SCAN on one master, and the facts of every key that it names, batch by batch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from civiredis.audit.link import Link, RawReply, Word

BATCH: Final = 250
"""Keys that SCAN is asked for at a time. Their 750 questions keep a server busy for about a millisecond."""

LONGEST_WAIT: Final = 0.25
"""Seconds of a slow walk's rate that one batch holds at most: as long as it takes to notice an interruption."""

GONE: Final = b"none"
"""The type of a key that ended between SCAN and TYPE."""


class KeyFacts(NamedTuple):
    """One key as it was found."""

    name: bytes
    type: bytes
    """As TYPE says it: `string`, `hash`, ..."""
    ttl: int
    """Milliseconds until it ends; -1 where nothing ends it."""
    memory: int
    """Bytes, as MEMORY USAGE estimates them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one round trip has brought."""

    scanned: int
    """Keys that SCAN named, also those that do not start with the prefix."""
    keys: list[KeyFacts]
    gone: int
    """Keys that ended, or moved to another master, before they were looked at."""


class Pace:
    """Holds the walk back to so many keys a second, over its whole length."""

    def __init__(self, rate: float) -> None:
        """`rate` is keys per second; 0 is as fast as the server answers."""
        self._rate = rate
        self._start = time.monotonic()
        self._keys = 0

    @property
    def batch(self) -> int:
        """How many keys to ask for at a time."""
        return BATCH if self._rate == 0 else max(1, min(BATCH, int(self._rate * LONGEST_WAIT)))

    def keep(self, keys: int) -> None:
        """Wait until `keys` more may have been looked at."""
        self._keys += keys
        if self._rate > 0:
            ahead = self._start + self._keys / self._rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)


def walk(master: Link, prefix: bytes = b"", batch: int = BATCH) -> Iterator[Batch]:
    """Look at every key of a master that starts with `prefix`, and at the others not at all; `batch` keys at a time.

    SCAN's own promise holds: a key that is there from beginning to end is seen; while the server resizes its table it
    may be seen twice. Raises `AuditError`.
    """
    cursor, names = master.ask("SCAN", 0, "COUNT", batch)
    while True:
        ended = int(cursor) == 0
        inside = [name for name in names if name.startswith(prefix)]
        next_step: list[Sequence[Word]] = [] if ended else [(b"SCAN", cursor, b"COUNT", batch)]
        replies = master.ask_all([*_questions(inside), *next_step])
        yield _batch(len(names), inside, replies)
        if ended:
            return
        following = replies[-1]
        if isinstance(following, ResponseError):
            following = master.ask("SCAN", cursor, "COUNT", batch)  # raises with the reason
        cursor, names = following


def _questions(names: Sequence[bytes]) -> list[Sequence[Word]]:
    commands: list[Sequence[Word]] = []
    for name in names:
        commands += ((b"TYPE", name), (b"PTTL", name), (b"MEMORY", b"USAGE", name))
    return commands


def _batch(scanned: int, names: Sequence[bytes], replies: Sequence[RawReply]) -> Batch:
    keys: list[KeyFacts] = []
    for position, name in enumerate(names):
        kind, ttl, memory = replies[3 * position : 3 * position + 3]
        if type(memory) is int and type(ttl) is int and kind != GONE:
            keys.append(KeyFacts(name, kind, ttl, memory))
    return Batch(scanned, keys, len(names) - len(keys))
