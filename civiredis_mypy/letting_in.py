"""Which arguments a parameter is opened for.

A parameter is left as it is where the argument is no string anyway, so that mypy's own message names the type that is
expected; and where the argument is a call of a generic function, whose result follows what is expected of it.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.erasetype import erase_typevars
from mypy.nodes import (
    AssignmentExpr,
    AwaitExpr,
    BytesExpr,
    CallExpr,
    ComplexExpr,
    ConditionalExpr,
    EllipsisExpr,
    Expression,
    FloatExpr,
    IntExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StrExpr,
    Var,
)
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    get_proper_type,
    has_type_vars,
)

from civiredis_mypy import elements
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import holds_typed_key, is_string, structure_of
from civiredis_mypy.template import parts
from civiredis_mypy.texts import members

STRINGS: Final = (StrExpr, OpExpr)
NO_STRINGS: Final = (IntExpr, FloatExpr, ComplexExpr, BytesExpr, EllipsisExpr)


def may_be_let_in(expr: Expression, formal: ProperType, checker: TypeChecker) -> bool:
    """Whether `expr`, where `formal` is expected, can be or hold a string, and is nothing that does not fit anyway."""
    if isinstance(expr, STRINGS):
        return True
    if isinstance(expr, RefExpr) and isinstance(expr.node, Var) and _is_plain_str(expr.node.type):
        return True
    if elements.is_display(expr):
        return True
    if isinstance(expr, ConditionalExpr):
        return may_be_let_in(expr.if_expr, formal, checker) and may_be_let_in(expr.else_expr, formal, checker)
    if isinstance(expr, AssignmentExpr):
        return may_be_let_in(expr.value, formal, checker)
    if isinstance(expr, AwaitExpr):
        return not isinstance(expr.expr, CallExpr) or not _is_generic(_callee_type(expr.expr, checker))
    if isinstance(expr, CallExpr) and expr.analyzed is None:
        return parts(expr) is not None or _is_string_call(expr, formal, checker)
    if isinstance(expr, (NameExpr, MemberExpr, CallExpr)):
        return _fits(checker.expr_checker.accept(expr), formal)
    return not isinstance(expr, NO_STRINGS)


def tells_structure(expr: Expression, formal: ProperType, checker: TypeChecker) -> bool:
    """Whether the type of `expr` tells what a type variable stands for in a `TypedKey[R, String[V]]` of `formal`.

    With a `str` let in beside it, mypy would infer nothing for the variable, as every key is a `str`.
    """
    if not has_type_vars(formal) or not any(map(_is_typed, members(formal))):
        return False
    if isinstance(expr, STRINGS) or parts(expr) is not None:
        return False
    expected = erase_typevars(formal)
    types = checker.local_type_map
    with checker.msg.filter_errors() as errors, types() if callable(types) else types:
        found = get_proper_type(checker.expr_checker.accept(expr, expected))
    return not errors.has_new_errors() and _is_typed(found) and is_subtype(found, expected)


def _is_typed(t: ProperType) -> bool:
    return structure_of(t) is not None or holds_typed_key(t)


def _is_plain_str(t: Type | None) -> bool:
    proper = get_proper_type(t)
    return isinstance(proper, Instance) and proper.type.fullname == STR


def _fits(t: Type, formal: ProperType) -> bool:
    return all(
        is_string(one) or isinstance(one, AnyType) or _may_hold_strings(one) or is_subtype(one, formal)
        for one in members(t)
    )


def _may_hold_strings(t: ProperType) -> bool:
    return isinstance(t, (TupleType, CallableType)) or (isinstance(t, Instance) and bool(t.args))


def _is_string_call(call: CallExpr, formal: ProperType, checker: TypeChecker) -> bool:
    callee = _callee_type(call, checker)
    if isinstance(callee, CallableType):
        return not callee.variables and _fits(callee.ret_type, formal)
    return not _is_generic(callee)


def _callee_type(call: CallExpr, checker: TypeChecker) -> ProperType:
    return get_proper_type(checker.expr_checker.accept(call.callee, always_allow_any=True))


def _is_generic(callee: ProperType) -> bool:
    if isinstance(callee, CallableType):
        return bool(callee.variables)
    return isinstance(callee, Overloaded) and any(item.variables for item in callee.items)
