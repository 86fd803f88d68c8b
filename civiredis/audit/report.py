"""The result of an audit, in values that JSON knows; every other form of it is made from this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from civiredis.catalogue.structures import REDIS_TYPES
from civiredis.suggestion import nearest_key

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from civiredis.audit.decoding import Decoding
    from civiredis.audit.heaviest import Heaviest
    from civiredis.audit.strays import StrayGroup
    from civiredis.audit.tally import BaseTally, Tally

MOST_SUGGESTED: Final = 50
"""Groups of unmatched keys, the largest, for which the base that was meant is looked for."""

LONGEST_SHOWN: Final = 200
"""Characters of a key that a report shows."""


@dataclass(frozen=True, slots=True)
class Course:
    """How the walk went."""

    masters: tuple[str, ...]
    total: int
    """Keys that the servers said they hold when the walk began."""
    scanned: int
    """Keys that were walked."""
    sampled: bool
    interrupted: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class LargeKey:
    """One of the largest keys of a base, or of those without a base."""

    key: str
    type: str
    memory: int


@dataclass(frozen=True, slots=True)
class TtlReport:
    """How long the keys of a base have to live, in seconds; the quantiles are of those that end, within 1/64."""

    declared: int | None
    without: int
    """Keys that nothing ends."""
    above_declared: int
    """Keys that have longer to live than declared."""
    min: int | None
    p10: int | None
    p50: int | None
    p90: int | None
    max: int | None


@dataclass(frozen=True, slots=True)
class UndecodableKey:
    """A key whose value is not what its base says."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecodingReport:
    """What came of reading values of a base."""

    keys: int
    values: int
    undecodable: int
    examples: tuple[UndecodableKey, ...]


@dataclass(frozen=True, slots=True)
class BaseReport:
    """The keys of one base."""

    base: str
    registry: str
    attribute: str
    keys: int
    """Keys that were seen."""
    memory: int
    """Bytes of those."""
    estimated_keys: int
    """Keys there are: those seen, or an estimate where the walk ended early."""
    estimated_memory: int
    structure: str | None
    """What the registry declares that the keys hold, such as `SortedSet`."""
    value_type: str | None
    types: dict[str, int]
    """What the keys are, as TYPE says it, and how many are."""
    other_structure: int
    """Keys that hold something else than is declared."""
    ttl: TtlReport
    largest: tuple[LargeKey, ...]
    decoding: DecodingReport | None
    """None where no value was read: they may be anything."""


@dataclass(frozen=True, slots=True)
class StrayReport:
    """Keys that begin alike and that no base matches."""

    prefix: str
    keys: int
    memory: int
    estimated_keys: int
    estimated_memory: int
    types: dict[str, int]
    example: str
    meant: str | None
    """The key that the example would be with the nearest base; None where none is near."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was found in a keyspace."""

    at: str
    """When the audit ended, ISO 8601 in UTC."""
    seconds: float
    masters: tuple[str, ...]
    total: int
    """Keys that the servers said they hold when the walk began."""
    scanned: int
    examined: int
    """Keys of the namespace, which is every key where none was given."""
    gone: int
    """Keys that ended while they were looked at."""
    outside: int
    """Keys outside of the namespace, which were not looked at."""
    sampled: bool
    interrupted: bool
    bases: tuple[BaseReport, ...]
    unmatched: tuple[StrayReport, ...]
    """The largest group first."""
    largest_unmatched: tuple[LargeKey, ...]

    @property
    def complete(self) -> bool:
        """Whether every key was seen."""
        return not (self.sampled or self.interrupted)


def report_of(tally: Tally, course: Course) -> AuditReport:
    """Make a report of what was counted."""
    whole = not (course.sampled or course.interrupted) or course.scanned == 0
    scale = 1.0 if whole else max(1.0, course.total / course.scanned)
    bases = tuple(tally.bases)
    groups = enumerate(tally.strays.by_memory())
    return AuditReport(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(course.seconds, 3),
        masters=course.masters,
        total=course.total,
        scanned=course.scanned,
        examined=tally.examined,
        gone=tally.gone,
        outside=course.scanned - tally.examined - tally.gone,
        sampled=course.sampled,
        interrupted=course.interrupted,
        bases=tuple(_base(base, scale) for base in tally.in_order()),
        unmatched=tuple(_stray(group, scale, bases if rank < MOST_SUGGESTED else ()) for rank, group in groups),
        largest_unmatched=_largest(tally.strays.heaviest),
    )


def shown(key: bytes) -> str:
    """Write a key so that it can stand in a line of text: what is not printable is escaped."""
    text = key[: LONGEST_SHOWN * 4].decode("utf-8", "backslashreplace")
    cut = len(text) > LONGEST_SHOWN or len(key) > LONGEST_SHOWN * 4
    escaped = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text[:LONGEST_SHOWN]
    )
    return f"{escaped}..." if cut else escaped


def _base(tally: BaseTally, scale: float) -> BaseReport:
    return BaseReport(
        base=tally.entry.base,
        registry=tally.entry.registry,
        attribute=tally.entry.attribute,
        keys=tally.keys,
        memory=tally.memory,
        estimated_keys=round(tally.keys * scale),
        estimated_memory=round(tally.memory * scale),
        structure=tally.entry.structure,
        value_type=tally.entry.value_type,
        types=_types(tally.types),
        other_structure=_other_structure(tally),
        ttl=_ttl(tally),
        largest=_largest(tally.heaviest),
        decoding=None if tally.decoding is None else _decoding(tally.decoding),
    )


def _largest(heaviest: Heaviest) -> tuple[LargeKey, ...]:
    return tuple(LargeKey(shown(name), kind.decode(), memory) for memory, name, kind in heaviest.in_order())


def _other_structure(tally: BaseTally) -> int:
    declared = tally.entry.structure
    if declared is None:
        return 0
    return tally.keys - tally.types[REDIS_TYPES[declared].encode()]


def _ttl(tally: BaseTally) -> TtlReport:
    some = tally.ttl.count > 0
    return TtlReport(
        declared=tally.entry.ttl,
        without=tally.without_ttl,
        above_declared=tally.above_declared,
        min=tally.ttl.smallest if some else None,
        p10=tally.ttl.quantile(0.1),
        p50=tally.ttl.quantile(0.5),
        p90=tally.ttl.quantile(0.9),
        max=tally.ttl.largest if some else None,
    )


def _decoding(done: Decoding) -> DecodingReport:
    examples = tuple(UndecodableKey(shown(key), reason) for key, reason in done.examples)
    return DecodingReport(done.taken, done.values, done.undecodable, examples)


def _stray(group: StrayGroup, scale: float, bases: Sequence[str]) -> StrayReport:
    example = shown(group.example)
    return StrayReport(
        prefix=shown(group.prefix.encode("utf-8", "surrogateescape")),
        keys=group.keys,
        memory=group.memory,
        estimated_keys=round(group.keys * scale),
        estimated_memory=round(group.memory * scale),
        types=_types(group.types),
        example=example,
        meant=nearest_key(example, tuple(bases)) if bases else None,
    )


def _types(counted: Counter[bytes]) -> dict[str, int]:
    return {kind.decode(errors="replace"): count for kind, count in counted.most_common()}
