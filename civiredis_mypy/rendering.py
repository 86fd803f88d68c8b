"""Expressions as the templates that messages show: `user-{int}`, `{str}:settings`."""

from __future__ import annotations

from mypy.messages import format_type_bare
from mypy.nodes import CallExpr, Expression, IndexExpr, IntExpr, MemberExpr, NameExpr, StrExpr
from mypy.types import Type

from civiredis_mypy.bindings import Assigned
from civiredis_mypy.made_keys import taken_apart
from civiredis_mypy.messages import one_line
from civiredis_mypy.prover import Prover, formatter_of
from civiredis_mypy.template import Hole, Inline, Text
from civiredis_mypy.texts import split_formatted, split_whole

DEPTH = 5
"""Names within names that are shown by their text; deeper ones by their type."""


def template(expr: Expression, prover: Prover) -> str:
    """Show the string that `expr` builds, with the type of each unknown piece in braces."""
    return one_line(_template(expr, prover, 0))


def _template(expr: Expression, prover: Prover, depth: int) -> str:
    built = taken_apart(expr, prover.types)
    if built is None:
        return _value(expr, prover, depth)
    shown = ""
    for part in built:
        if isinstance(part, Text):
            shown += part.value
        elif isinstance(part, Inline):
            shown += _template(part.value, prover, depth)
        elif isinstance(part, Hole):
            shown += _hole(part, prover, depth)
        else:
            shown += "{...}"
    return shown


def type_name(t: Type, prover: Prover) -> str:
    """Show a type as mypy's own messages do, without quotes."""
    return format_type_bare(t, prover.checker.options)


def source(expr: Expression) -> str:
    """Show a short expression as it is written; longer ones as dots."""
    if isinstance(expr, NameExpr):
        return expr.name
    if isinstance(expr, MemberExpr):
        return f"{source(expr.expr)}.{expr.name}"
    if isinstance(expr, CallExpr):
        return f"{source(expr.callee)}({'...' if expr.args else ''})"
    if isinstance(expr, IndexExpr):
        return f"{source(expr.base)}[{source(expr.index)}]"
    if isinstance(expr, IntExpr):
        return str(expr.value)
    return repr(expr.value) if isinstance(expr, StrExpr) else "..."


def _value(expr: Expression, prover: Prover, depth: int) -> str:
    known = prover.type_of(expr)
    if known is not None:
        found = split_whole(known)
        if len(found.texts) == 1 and not found.unknown:
            return found.texts[0]
    if isinstance(expr, NameExpr) and depth < DEPTH:
        bound = prover.bound(expr)
        if len(bound) == 1 and isinstance(bound[0], Assigned):
            with prover.types.where_bound(expr):
                return _template(bound[0].value, prover, depth + 1)
    return "{...}" if known is None else f"{{{type_name(known, prover)}}}"


def _hole(hole: Hole, prover: Prover, depth: int) -> str:
    known = prover.type_of(hole.value)
    if hole.spec is not None and known is not None and hole.conversion in {None, "s", "r", "a"}:
        found = split_formatted(known, prover.checker.options.python_version, formatter_of(hole.conversion, hole.spec))
        if len(found.texts) == 1 and not found.unknown:
            return found.texts[0]
    if not hole.conversion and hole.spec == "":
        return _template(hole.value, prover, depth)
    return _value(hole.value, prover, depth)
