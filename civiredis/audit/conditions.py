"""What an audit can be failed for, in CI for instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from civiredis.catalogue.structures import REDIS_TYPES
from civiredis.quantities import counted, duration, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from civiredis.audit.report import AuditReport


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the registries declare it."""

    condition: str
    message: str


def problems_of(report: AuditReport) -> list[Problem]:
    """List what is not as it should be, condition by condition."""
    return [Problem(name, message) for name, find in CONDITIONS.items() for message in find(report)]


def _unmatched(report: AuditReport) -> Iterator[str]:
    keys = sum(group.keys for group in report.unmatched)
    if keys:
        first = report.unmatched[0]
        meant = "" if first.meant is None else f", where {first.meant!r} may be meant"
        yield f"{counted(keys, 'key')} without a base; most memory: {first.prefix} (as {first.example!r}{meant})"


def _undecodable(report: AuditReport) -> Iterator[str]:
    for base in report.bases:
        if base.decoding is not None and base.decoding.undecodable:
            example = base.decoding.examples[0]
            yield (
                f"{base.base}: {number(base.decoding.undecodable)} of {counted(base.decoding.values, 'value')} read "
                f"cannot be decoded, such as {example.key!r}: {example.reason}"
            )


def _other_structure(report: AuditReport) -> Iterator[str]:
    for base in report.bases:
        if base.structure is not None and base.other_structure:
            expected = REDIS_TYPES[base.structure]
            others = {kind: count for kind, count in base.types.items() if kind != expected}
            found = ", ".join(f"{counted(count, 'key')} of type {kind}" for kind, count in others.items())
            yield f"{base.base}: {found}, where {base.attribute} declares {base.structure}"


def _no_ttl(report: AuditReport) -> Iterator[str]:
    for base in report.bases:
        if base.ttl.declared is not None and base.ttl.without:
            yield (
                f"{base.base}: {counted(base.ttl.without, 'key')} without an end; "
                f"{base.attribute} declares {duration(base.ttl.declared)}"
            )


def _long_ttl(report: AuditReport) -> Iterator[str]:
    for base in report.bases:
        if base.ttl.declared is not None and base.ttl.above_declared:
            longest, declared = base.ttl.max or 0, base.ttl.declared
            told = f"{duration(longest)} instead of {duration(declared)}"
            if duration(longest) == duration(declared):
                told = f"{number(longest)} s instead of {number(declared)} s"
            keys = counted(base.ttl.above_declared, "key")
            yield f"{base.base}: {keys} with longer to live than declared, up to {told}"


def _mixed_types(report: AuditReport) -> Iterator[str]:
    for base in report.bases:
        if len(base.types) > 1:
            types = ", ".join(f"{number(count)} {kind}" for kind, count in base.types.items())
            yield f"{base.base}: keys of several structures: {types}"


def _unused(report: AuditReport) -> Iterator[str]:
    if not report.complete:
        return
    for base in report.bases:
        if base.keys == 0:
            yield f"{base.base}: no key"


CONDITIONS: Final[dict[str, Callable[[AuditReport], Iterator[str]]]] = {
    "unmatched": _unmatched,
    "undecodable": _undecodable,
    "other-structure": _other_structure,
    "no-ttl": _no_ttl,
    "long-ttl": _long_ttl,
    "mixed-types": _mixed_types,
    "unused": _unused,
}
"""Each condition, and how it is found: keys that no base matches; values that are not what their base says; keys of
another structure than the registry declares; keys without an end, or with a later one, where it declares a lifetime; a
base whose keys are of several structures; a base without any key, once every key was seen."""
