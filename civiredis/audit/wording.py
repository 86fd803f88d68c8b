"""Parts of a report as people read them, in a terminal and in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.quantities import duration, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from civiredis.audit.report import AuditReport, BaseReport, TtlReport


def course_of(report: AuditReport) -> str:
    """How the walk went, in one line."""
    servers = report.masters[0] if len(report.masters) == 1 else f"{len(report.masters)} masters"
    speed = report.scanned / report.seconds if report.seconds else 0
    parts = [f"{number(report.scanned)} of {number(report.total)} keys of {servers} in {report.seconds:.1f} s"]
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


def structures(base: BaseReport) -> str:
    """The structures found, and the declared one where some are not of it."""
    found = types(base.types)
    return f"{found}; declared: {base.structure}" if base.other_structure else found


def lifetimes(ttl: TtlReport) -> str:
    """The quantiles of what keys have left to live."""
    quantiles = (ttl.min, ttl.p10, ttl.p50, ttl.p90, ttl.max)
    return " / ".join(duration(one) for one in quantiles if one is not None)
