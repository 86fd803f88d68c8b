"""Which arguments a parameter is opened for.

A parameter is left as it is where the argument is no string anyway, so that mypy's own message names the type that is
expected; and where the argument is a call of a generic function, whose result follows what is expected of it.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import (
    AssignmentExpr,
    AwaitExpr,
    CallExpr,
    ConditionalExpr,
    Expression,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StrExpr,
    Var,
)
from mypy.types import AnyType, CallableType, Instance, Overloaded, Type, get_proper_type

from civiredis_mypy import elements
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import is_string
from civiredis_mypy.template import parts
from civiredis_mypy.texts import members

STRINGS: Final = (StrExpr, OpExpr)


def may_be_let_in(expr: Expression, checker: TypeChecker, *, with_containers: bool) -> bool:
    """Whether `expr` can be a string (or, `with_containers`, hold strings) whose type says so by itself."""
    if isinstance(expr, STRINGS) or elements.is_display(expr):
        return True
    if isinstance(expr, ConditionalExpr):
        return may_be_let_in(expr.if_expr, checker, with_containers=with_containers) and may_be_let_in(
            expr.else_expr, checker, with_containers=with_containers
        )
    if isinstance(expr, AssignmentExpr):
        return may_be_let_in(expr.value, checker, with_containers=with_containers)
    if isinstance(expr, CallExpr):
        return parts(expr) is not None or _is_string_call(expr, checker, with_containers=with_containers)
    if isinstance(expr, AwaitExpr):
        return not isinstance(expr.expr, CallExpr) or not _is_generic_call(expr.expr, checker)
    if isinstance(expr, LambdaExpr):
        return True
    if isinstance(expr, RefExpr) and isinstance(expr.node, Var) and _is_plain_str(expr.node.type):
        return True
    if isinstance(expr, (NameExpr, MemberExpr)):
        return _fits(checker.expr_checker.accept(expr), with_containers=with_containers)
    return True


def _is_plain_str(t: Type | None) -> bool:
    return isinstance(t, Instance) and t.type.fullname == STR


def _fits(t: Type, *, with_containers: bool) -> bool:
    return with_containers or all(is_string(one) or isinstance(one, AnyType) for one in members(t))


def _is_string_call(call: CallExpr, checker: TypeChecker, *, with_containers: bool) -> bool:
    callee = get_proper_type(checker.expr_checker.accept(call.callee, always_allow_any=True))
    if isinstance(callee, CallableType):
        return not callee.variables and _fits(callee.ret_type, with_containers=with_containers)
    return not _is_generic(callee)


def _is_generic_call(call: CallExpr, checker: TypeChecker) -> bool:
    return _is_generic(get_proper_type(checker.expr_checker.accept(call.callee, always_allow_any=True)))


def _is_generic(callee: Type) -> bool:
    if isinstance(callee, CallableType):
        return bool(callee.variables)
    return isinstance(callee, Overloaded) and any(item.variables for item in callee.items)
