"""Parts of a report as people read them, in a terminal and in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.catalogue.value_types import without_modules
from civiredis.quantities import duration, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from civiredis.audit.report import AuditReport, BaseReport, DecodingReport, TtlReport


def course_of(report: AuditReport) -> str:
    """How the walk went, in one line."""
    servers = report.masters[0] if len(report.masters) == 1 else f"{len(report.masters)} masters"
    speed = report.scanned / report.seconds if report.seconds else 0
    took = f"{report.seconds:.{1 if report.seconds >= 1 else 2}f} s"
    parts = [f"{number(report.scanned)} of {number(report.total)} keys of {servers} in {took}"]
    parts.append(f"{number(speed)} keys/s")
    if report.outside:
        parts.append(f"{number(report.outside)} outside of the namespace")
    if report.gone:
        parts.append(f"{number(report.gone)} ended meanwhile")
    if not report.complete:
        why = "interrupted" if report.interrupted else "a sample"
        parts.append(f"{why}: numbers with ~ are estimates of the whole")
    return "; ".join(parts)


def types(counted: Mapping[str, int]) -> str:
    """The structures found, with their counts where there are several."""
    if len(counted) == 1:
        return next(iter(counted))
    return ", ".join(f"{kind} {number(count)}" for kind, count in counted.items())


def undecodable(decoding: DecodingReport | None) -> str:
    """How many of the values that were read are not what they should be."""
    if decoding is None or decoding.values + decoding.undecodable == 0:
        return ""
    return f"{number(decoding.undecodable)} of {number(decoding.values)}"


def contents(base: BaseReport) -> str:
    """What the registry says that the keys hold: `Hash[str]`."""
    inner = f"[{without_modules(base.value_type)}]" if base.value_type else ""
    return f"{base.structure}{inner}" if base.structure else ""


def declared_lifetime(ttl: TtlReport) -> str:
    """The lifetime that the registry declares."""
    return "" if ttl.declared is None else duration(ttl.declared)


QUANTILES: Final = ("min", "p10", "p50", "p90", "max")
"""What is told of the lifetimes that keys have left."""


def lifetimes(ttl: TtlReport) -> list[tuple[str, int]]:
    """Each of `QUANTILES`, as people read it and in seconds; -1 and no text where no key ends."""
    quantiles = (ttl.min, ttl.p10, ttl.p50, ttl.p90, ttl.max)
    return [("", -1) if one is None else (duration(one), one) for one in quantiles]
