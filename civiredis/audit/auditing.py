"""One audit from beginning to end: every master is walked, and what was seen becomes a report."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from civiredis.audit.masters import masters_of
from civiredis.audit.report import Course, report_of
from civiredis.audit.tally import Tally
from civiredis.audit.walk import Pace, walk
from civiredis.grammar import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from civiredis.audit.decoders import Decoder
    from civiredis.audit.link import Link
    from civiredis.audit.report import AuditReport
    from civiredis.catalogue.entries import Entry


class Watcher(Protocol):
    """Whoever waits for an audit: is told how far it is, and may end it."""

    def saw(self, scanned: int, total: int) -> None:
        """`scanned` keys were walked so far, of `total` that are to be walked."""

    def stopped(self) -> bool:
        """Whether the audit shall end now, with what it has seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an audit looks at, and how hard."""

    url: str
    entries: Sequence[Entry]
    namespace: str = ""
    """What stands before every key on the wire, without the colon."""
    rate: float = 0
    """Keys per second that the walk does not exceed; 0 for no limit."""
    sample: int | None = None
    """About how many keys are walked; None for all."""
    decoders: Mapping[str, Decoder] = field(default_factory=dict)
    """How values are tried, by the base."""
    decoded: int = 200
    """Keys of each base of `decoders` whose values are read."""

    @property
    def prefix(self) -> bytes:
        """What stands before every key on the wire."""
        return f"{self.namespace}{SEPARATOR}".encode() if self.namespace else b""


def audit(plan: Plan, watcher: Watcher) -> AuditReport:
    """Walk the keyspace. Raises `SettingsError` where the URL is wrong, and `AuditError` where the walk cannot be."""
    start = time.monotonic()
    tally = Tally(plan.entries, plan.decoders, prefix=plan.prefix, decoded=plan.decoded)
    with masters_of(plan.url) as masters:
        sizes = [int(master.ask("DBSIZE")) for master in masters]
        wanted = [_share(size, sum(sizes), plan.sample) for size in sizes]
        walker = _Walker(plan, tally, watcher, sum(wanted))
        for master, size, share in zip(masters, sizes, wanted, strict=True):
            walker.walk(master, share if share < size else None)
        course = Course(
            masters=tuple(master.name for master in masters),
            total=sum(sizes),
            scanned=walker.scanned,
            sampled=sum(wanted) < sum(sizes),
            interrupted=walker.interrupted,
            seconds=time.monotonic() - start,
        )
    return report_of(tally, course)


class _Walker:
    """Walks one master after the other, until it is stopped."""

    def __init__(self, plan: Plan, tally: Tally, watcher: Watcher, total: int) -> None:
        self._prefix = plan.prefix
        self._tally = tally
        self._watcher = watcher
        self._total = total
        self._pace = Pace(plan.rate)
        self.scanned = 0
        self.interrupted = False

    def walk(self, master: Link, most: int | None) -> None:
        """Walk a master, or about its first `most` keys.

        SCAN goes by the hashes of keys, so where a walk ends early it has seen a random choice of them.
        """
        seen = 0
        for batch in walk(master, self._prefix, self._pace.batch) if most != 0 else ():
            if self.interrupted:
                return
            self._tally.add(batch, master)
            seen += batch.scanned
            self.scanned += batch.scanned
            self._watcher.saw(self.scanned, max(self._total, self.scanned))
            self.interrupted = self._watcher.stopped()
            if self.interrupted or (most is not None and seen >= most):
                return
            self._pace.keep(batch.scanned)


def _share(size: int, total: int, sample: int | None) -> int:
    """How many of the `size` keys of a master a sample of all `total` takes."""
    if sample is None or sample >= total:
        return size
    return math.ceil(sample * size / total)
