"""Expressions that build a string, taken apart into fixed texts and holes.

mypy turns `f"user:{uid:05d}"` into `"".join(["user:", "{:{}}".format(uid, "05d")])`, and `f"{uid}"` into the lone
`.format` call. `+`, `%`, `.format()` and `.join()` as people write them are taken apart by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import Formatter
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    CallExpr,
    DictExpr,
    Expression,
    ListExpr,
    MemberExpr,
    OpExpr,
    StarExpr,
    StrExpr,
    TupleExpr,
)


class Text(NamedTuple):
    """Text that stands in the source."""

    value: str


class Hole(NamedTuple):
    """A value that is formatted into the string. `spec` is None where the format spec is itself computed."""

    value: Expression
    conversion: str | None = None
    spec: str | None = ""


class Inline(NamedTuple):
    """A string that stands in the result as it is: an operand of `+`, an item of `join`."""

    value: Expression


class Anything(NamedTuple):
    """Text of which nothing is known."""

    at: Expression


Part: TypeAlias = Text | Hole | Inline | Anything

FSTRING_HOLE: Final = re.compile(r"\{(?:!([rsa]))?:\{\}\}")
PERCENT_FIELD: Final = re.compile(r"%(?:%|(?:\((?P<name>[^)]*)\))?(?P<spec>[-+ #0-9.*]*)[hlL]?(?P<kind>[a-zA-Z]))")


def parts(expr: Expression) -> Sequence[Part] | None:
    """Take `expr` apart; None where it is not an expression that builds a string from pieces in the source."""
    if isinstance(expr, StrExpr):
        return (Text(expr.value),)
    if isinstance(expr, CallExpr) and isinstance(expr.callee, MemberExpr):
        if expr.callee.name == "join":
            return _join(expr.callee.expr, expr)
        if expr.callee.name == "format" and isinstance(expr.callee.expr, StrExpr):
            return _format(expr.callee.expr.value, expr)
    elif isinstance(expr, OpExpr):
        if expr.op == "+":
            return (Inline(expr.left), Inline(expr.right))
        if expr.op == "%" and isinstance(expr.left, StrExpr):
            return _percent(expr.left.value, expr)
    return None


def _join(separator: Expression, call: CallExpr) -> Sequence[Part] | None:
    if len(call.args) != 1 or not isinstance(call.args[0], (ListExpr, TupleExpr)):
        return None
    items = list(_spread(call.args[0].items))
    fixed = separator.value if isinstance(separator, StrExpr) else None
    if fixed == "":
        return [part for item in items for part in _joined(item)]
    found: list[Part] = []
    for item in items:
        if found:
            found.append(Text(fixed) if fixed is not None else Inline(separator))
        found += _joined(item)
    return found


def _spread(items: list[Expression]) -> Iterator[Expression]:
    """Put the items of a display that is starred in the place of the star."""
    for item in items:
        if isinstance(item, StarExpr) and isinstance(item.expr, (ListExpr, TupleExpr)):
            yield from _spread(item.expr.items)
        else:
            yield item


def _joined(item: Expression) -> Sequence[Part]:
    if isinstance(item, StarExpr):
        return (Anything(item),)
    if isinstance(item, StrExpr):
        return (Text(item.value),)
    hole = fstring_hole(item)
    return (hole if hole is not None else Inline(item),)


def fstring_hole(expr: Expression) -> Hole | None:
    """Read the `.format` call that mypy makes of one `{...}` of an f-string."""
    if not (
        isinstance(expr, CallExpr)
        and isinstance(expr.callee, MemberExpr)
        and expr.callee.name == "format"
        and isinstance(expr.callee.expr, StrExpr)
        and len(expr.args) == 2  # noqa: PLR2004 - the value and its format spec
    ):
        return None
    if (match := FSTRING_HOLE.fullmatch(expr.callee.expr.value)) is None:
        return None
    spec = expr.args[1]
    return Hole(expr.args[0], match[1], spec.value if isinstance(spec, StrExpr) else _computed_spec(spec))


def _computed_spec(spec: Expression) -> str | None:
    """Text of a format spec that mypy wrapped although it is fixed."""
    inner = parts(spec)
    if inner is not None and all(isinstance(part, Text) for part in inner):
        return "".join(part.value for part in inner if isinstance(part, Text))
    return None


def _format(template: str, call: CallExpr) -> Sequence[Part] | None:
    if (hole := fstring_hole(call)) is not None:
        return (hole,)
    positional = [arg for arg, kind in zip(call.args, call.arg_kinds, strict=True) if kind == ARG_POS]
    named = {
        name: arg
        for arg, kind, name in zip(call.args, call.arg_kinds, call.arg_names, strict=True)
        if kind == ARG_NAMED
    }
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return None
    found: list[Part] = []
    automatic = 0
    for text, field, spec, conversion in fields:
        if text:
            found.append(Text(text))
        if field is None:
            continue
        name = field or str(automatic)
        automatic += not field
        value = positional[int(name)] if name.isdigit() and int(name) < len(positional) else named.get(name)
        if value is None or "{" in (spec or ""):
            found.append(Anything(value or call))
        else:
            found.append(Hole(value, conversion, spec))
    return found


def _percent(template: str, expr: OpExpr) -> Sequence[Part]:
    values = _percent_values(expr.right)
    named = _percent_names(expr.right)
    found: list[Part] = []
    end = 0
    for match in PERCENT_FIELD.finditer(template):
        if text := template[end : match.start()]:
            found.append(Text(text))
        end = match.end()
        if match[0] == "%%":
            found.append(Text("%"))
            continue
        value = next(values, None) if match["name"] is None else named.get(match["name"])
        plain = match["kind"] in "sdi" and not match["spec"]
        found.append(Hole(value) if plain and value is not None else Anything(value or expr))
    if rest := template[end:]:
        found.append(Text(rest))
    return found


def _percent_values(right: Expression) -> Iterator[Expression]:
    if isinstance(right, TupleExpr):
        return iter(right.items)
    if isinstance(right, DictExpr):
        return iter(())
    return iter((right,))


def _percent_names(right: Expression) -> dict[str, Expression]:
    if not isinstance(right, DictExpr):
        return {}
    return {key.value: value for key, value in right.items if isinstance(key, StrExpr)}
