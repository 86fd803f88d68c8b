"""The forms that most keys have, proven at a glance.

A registry member, a literal, `f"{CacheKeys.USER}:{user_id}"` and a name bound to one of them: four of five keys. Their
base stands in fixed text at the front, so they need none of the states of `matching`. Whatever is not proven here, or
might have more to be said of it, is left to the prover: this is a short cut, and never the reason for an error.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import CallExpr, Expression, ListExpr, MemberExpr, RefExpr, StrExpr, TypeInfo, Var
from mypy.types import Instance, LiteralType

from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import DECLARED_KEY, STR
from civiredis_mypy.grammar import SEPARATOR, Bases

PRINTABLE: Final = frozenset({STR, "builtins.int", DECLARED_KEY})
PLAIN_HOLE: Final = "{:{}}"


def base_at_a_glance(expr: Expression, bases: Bases, types: FoundTypes) -> str | None:
    """Return the base of a key of a common form; None where it takes a closer look."""
    if isinstance(expr, CallExpr):
        return _base_of_fstring(expr, bases, types)
    text = _fixed_text(expr, types)
    return None if text is None else bases.longest(text)


def is_fstring(call: CallExpr) -> bool:
    """Whether mypy has made the call of an f-string, by the look of it; of `"".join(...)`, if not."""
    callee = call.callee
    return (
        type(callee) is MemberExpr and callee.name == "join" and type(callee.expr) is StrExpr and not callee.expr.value
    )


def items_of_fstring(call: CallExpr) -> list[Expression] | None:
    """Return the pieces that mypy joins for an f-string; None where no list of them stands in the source."""
    if not is_fstring(call) or len(call.args) != 1 or type(call.args[0]) is not ListExpr:
        return None
    return call.args[0].items


def _base_of_fstring(call: CallExpr, bases: Bases, types: FoundTypes) -> str | None:
    items = items_of_fstring(call)
    if items is None:
        return None
    head = ""
    base: str | None = None
    for item in items:
        if type(item) is StrExpr:
            if base is None:
                head += item.value
                base = bases.complete_in(head)
            continue
        if type(item) is not CallExpr or type(item.callee) is not MemberExpr or len(item.args) != 2:  # noqa: PLR2004
            return None
        value, spec = item.args
        known = types.of(value)
        if type(known) is not Instance or known.type.fullname not in PRINTABLE or type(spec) is not StrExpr:
            return None
        if base is None:
            text = _fixed_text(value, types) if _plain_hole(item) is value else None
            if text is None:
                return None
            head += text
            base = bases.complete_in(head)
    return base


def base_of_head(call: CallExpr, bases: Bases) -> str | None:
    """Return the base of `f"{CacheKeys.USER}:{user_id}"` and `CacheKeys.USER(user_id)`, whatever follows the base.

    That there is one does not prove the key, as something may be wrong with what follows.
    """
    callee = call.callee
    if isinstance(callee, MemberExpr) and callee.name != "join":
        text = None if type(callee.expr) is StrExpr else member_text(callee)
        is_it = text is not None and text in bases and bases.first_starting_with(text + SEPARATOR) is None
        return text if is_it else None
    items = items_of_fstring(call)
    if items is None:
        return None
    head = ""
    for item in items:
        value = item if isinstance(item, StrExpr) else _plain_hole(item)
        text = value.value if isinstance(value, StrExpr) else member_text(value)
        if text is None:
            return None
        head += text
        base = bases.longest_before_separator(head)
        if base is not None and bases.first_starting_with(head) is None:
            return base
    return bases.longest(head)


def _plain_hole(item: Expression) -> Expression | None:
    """Return `x` of a piece `{x}` without conversion and format spec."""
    if not isinstance(item, CallExpr) or not isinstance(item.callee, MemberExpr) or len(item.args) != 2:  # noqa: PLR2004
        return None
    template, spec = item.callee.expr, item.args[1]
    if isinstance(template, StrExpr) and template.value == PLAIN_HOLE and isinstance(spec, StrExpr) and not spec.value:
        return item.args[0]
    return None


def _fixed_text(expr: Expression, types: FoundTypes) -> str | None:
    """Text of a literal, and of a registry member or another constant whose type holds its text."""
    if isinstance(expr, StrExpr):
        return expr.value
    known = types.of(expr) if isinstance(expr, MemberExpr) else None
    if isinstance(known, Instance):
        known = known.last_known_value
    if isinstance(known, LiteralType) and known.fallback.type.fullname == STR:
        return str(known.value)
    return None


def member_text(expr: Expression | None) -> str | None:
    """Text of `CacheKeys.USER`, which mypy has not come to yet."""
    if not isinstance(expr, MemberExpr):
        return None
    holder = expr.expr
    if not isinstance(holder, RefExpr) or type(holder.node) is not TypeInfo:
        return None
    symbol = holder.node.get(expr.name)
    if symbol is None or type(symbol.node) is not Var:
        return None
    known = symbol.node.type
    literal = known.last_known_value if type(known) is Instance else None
    if literal is None or type(literal) is not LiteralType or literal.fallback.type.fullname != STR:
        return None
    return str(literal.value)
