"""The call that the plugin wraps around a value, so as to see it where mypy asks no hook about it.

    "user:1"       becomes       MARK.swapcase("user:1")

A method of `str` is taken as the checker needs no name to find it; its real signature is never used.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import (
    ARG_POS,
    AwaitExpr,
    BytesExpr,
    CallExpr,
    ComplexExpr,
    DictExpr,
    EllipsisExpr,
    Expression,
    FloatExpr,
    IntExpr,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    StrExpr,
    TempNode,
)
from mypy.types import Type

from civiredis_mypy.common_forms import items_of_fstring
from civiredis_mypy.fullnames import STR
from civiredis_mypy.template import parts

MARK: Final = "\0civiredis"
METHOD: Final = "swapcase"
METHOD_FULLNAME: Final = f"{STR}.{METHOD}"
PLAIN_VALUES: Final = (IntExpr, FloatExpr, ComplexExpr, BytesExpr, EllipsisExpr, TempNode)


def wrapped(value: Expression, expected: Type | None = None) -> Expression:
    """Wrap a value, unless it cannot be or hold a key, or is wrapped already.

    `expected` is what to hold it against where mypy hands down no context, as for a parameter of a bounded type
    variable; it stands in the call as a second argument.
    """
    if isinstance(value, PLAIN_VALUES) or is_wrapped(value) or (isinstance(value, NameExpr) and value.name == "None"):
        return value
    if expected is None and isinstance(value, CallExpr) and (items_of_fstring(value) or parts(value) is not None):
        return value  # an f-string, at a glance, or whatever else builds a string, is a call already
    method = MemberExpr(StrExpr(MARK), METHOD)
    arguments = [value] if expected is None else [value, TempNode(expected)]
    call = CallExpr(method, arguments, [ARG_POS] * len(arguments), [None] * len(arguments))
    for node in (method.expr, method, call):
        node.set_line(value)
    return call


def with_items_wrapped(value: Expression) -> Expression:
    """Wrap the values of a dict display that is to be a TypedDict: mypy makes one of the display itself only."""
    if isinstance(value, DictExpr):
        value.items = [(name, item if name is None else wrapped(item)) for name, item in value.items]
    return value


def expected_by(call: CallExpr) -> Type | None:
    """Return what `wrapped` was told to expect."""
    expected = call.args[1] if len(call.args) > 1 else None
    return expected.type if isinstance(expected, TempNode) else None


def is_wrapped(value: Expression) -> bool:
    """Whether `value` is such a call."""
    return (
        isinstance(value, CallExpr)
        and isinstance(value.callee, MemberExpr)
        and isinstance(value.callee.expr, StrExpr)
        and value.callee.expr.value == MARK
    )


def unwrapped(value: Expression) -> Expression:
    """Return the value as it is written."""
    return value.args[0] if isinstance(value, CallExpr) and is_wrapped(value) else value


def wrap_literals(expr: Expression) -> None:
    """Wrap the literals in `first("user", other)`, for which mypy infers from the outside that keys are expected."""
    call = expr.expr if isinstance(expr, AwaitExpr) else expr
    if isinstance(call, CallExpr) and call.analyzed is None and not is_wrapped(call) and parts(call) is None:
        for at, argument in enumerate(call.args):
            if isinstance(argument, CallExpr):
                wrap_literals(argument)
            elif not isinstance(argument, (RefExpr, LambdaExpr)):
                call.args[at] = wrapped(argument)
