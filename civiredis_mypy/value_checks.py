"""Values that go into an overloaded command, checked before mypy tries its overloads.

Of a call for which no overload fits mypy only says that, with all of them below. What goes in has the same type in
each overload of a command, so it is held against that type first, and a wrong value is reported as that of any other
call is: at its place, with what is expected there. The overloads then take it as it is.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import ARG_STAR, ARG_STAR2, ArgKind, CallExpr, Expression
from mypy.plugin import MethodSigContext
from mypy.subtypes import is_subtype
from mypy.types import AnyType, CallableType, Instance, Type, TypeOfAny, get_proper_type, has_type_vars

from civiredis_mypy.commands import Command

SPREAD: Final[frozenset[ArgKind]] = frozenset({ARG_STAR, ARG_STAR2})
"""Kinds of arguments that stand for several values, of which mypy tells itself which goes where."""


class ValueChecks:
    """Remembers what was said of the values of one call, as it is asked for each overload."""

    def __init__(self) -> None:
        self._passes: dict[Expression, bool] = {}

    def clear(self) -> None:
        """Begin with another call."""
        self._passes.clear()

    def checked(self, signature: CallableType, ctx: MethodSigContext, command: Command) -> CallableType:
        """Report the values of the call that do not fit the signature, and let them pass for the overloads."""
        call, checker = ctx.context, ctx.api
        if not isinstance(call, CallExpr) or not isinstance(checker, TypeChecker):
            return signature
        formals = list(signature.arg_types)
        for at, name in enumerate(signature.arg_names):
            if name not in command.values or len(ctx.args[at]) != 1 or has_type_vars(formals[at]):
                continue
            (value,) = ctx.args[at]
            if call.arg_kinds[call.args.index(value)] in SPREAD:
                continue
            if value not in self._passes:
                self._passes[value] = _is_let_pass(value, formals[at], at, signature, ctx, call, checker)
            if self._passes[value]:
                formals[at] = AnyType(TypeOfAny.from_error)
        return signature.copy_modified(arg_types=formals)


def _is_narrower(actual: Type, formal: Type, checker: TypeChecker) -> bool:
    """Whether a mapping has fewer kinds of members than it may have: as the keys of a mapping they would not fit."""
    mapping = checker.lookup_typeinfo("typing.Mapping")
    found, expected = get_proper_type(actual), get_proper_type(formal)
    if not isinstance(found, Instance) or not found.type.has_base(mapping.fullname):
        return False
    if not isinstance(expected, Instance) or expected.type is not mapping:
        return False
    own = map_instance_to_supertype(found, mapping).args
    return all(map(is_subtype, own, expected.args))


def _is_let_pass(  # noqa: PLR0913, PLR0917 - all that a message tells
    value: Expression,
    formal: Type,
    at: int,
    signature: CallableType,
    ctx: MethodSigContext,
    call: CallExpr,
    checker: TypeChecker,
) -> bool:
    """Whether a value is to pass for every overload: what is wrong with it, if anything, is reported."""
    types = checker.local_type_map
    with checker.msg.filter_errors(save_filtered_errors=True) as found, types() if callable(types) else types:
        actual = checker.expr_checker.accept(value, formal)
    if found.has_new_errors():
        checker.msg.add_errors(found.filtered_errors())
        return True
    if is_subtype(actual, formal, options=checker.options):
        return False
    if _is_narrower(actual, formal, checker):
        return True
    number = call.args.index(value)
    known = get_proper_type(actual)
    checker.expr_checker.check_arg(
        known, known, call.arg_kinds[number], formal, number + 1, at + 1, signature, ctx.type, value, call
    )
    return True
