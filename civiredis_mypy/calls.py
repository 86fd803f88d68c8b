"""Keys as arguments: every call whose signature asks for a key.

mypy asks a plugin twice for a call: before the arguments are checked, for the signature, and after, for the result. The
first hook opens the parameters that ask for a key (`key_types.opened`), as mypy would refuse each `str` otherwise; the
second judges the arguments, whose types are known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    ComparisonExpr,
    Context,
    DictExpr,
    Expression,
    FuncBase,
    IndexExpr,
    OperatorAssignmentStmt,
    OpExpr,
    StrExpr,
)
from mypy.operators import op_methods
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.subtypes import is_subtype
from mypy.typeops import bind_self
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    ProperType,
    Type,
    TypedDictType,
    UnionType,
    get_proper_type,
    has_type_vars,
)

from civiredis_mypy import elements, lifetimes
from civiredis_mypy.fullnames import STR
from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import (
    alternatives,
    containers_in,
    holds_key,
    is_key,
    is_opened,
    key_bound,
    let_in,
    opened,
    signature_holds_key,
    structure_of,
)
from civiredis_mypy.letting_in import may_be_let_in, tells_structure
from civiredis_mypy.narrower_keys import with_narrower
from civiredis_mypy.proof_calls import with_items_wrapped, wrap_literals, wrapped
from civiredis_mypy.uses import Use, is_client, use_of


def open_signature(ctx: FunctionSigContext | MethodSigContext) -> FunctionLike:
    """Let `str` in where the signature asks for a key (signature hooks).

    Only for calls that `judge_arguments` will be able to read: what is let in has to be judged.
    """
    signature = ctx.default_signature
    formals = signature.arg_types
    if isinstance(ctx.context, CallExpr) and signature.variables and isinstance(ctx.api, TypeChecker):
        _wrap_bounded(signature, ctx.args, ctx.context, ctx.api)
    asking = [at for at, actuals in enumerate(ctx.args) if actuals and holds_key(formals[at])]
    if isinstance(ctx.context, CallExpr) and ARG_STAR2 in ctx.context.arg_kinds:
        hidden = set(_unseen(ctx.context))
        asking = [at for at in asking if hidden.isdisjoint(ctx.args[at])]
    if not asking or not isinstance(ctx.api, TypeChecker) or not _is_readable(ctx.context, ctx.api):
        return signature
    string = let_in(ctx.api.lookup_typeinfo(STR))
    only_reads = isinstance(ctx, MethodSigContext) and is_client(ctx.type)
    opened_formals = list(formals)
    for at in asking:
        formal = with_narrower(formals[at], ctx.args[at], ctx.api) if only_reads else formals[at]
        opened_formals[at] = opened_for(formal, ctx.args[at], string, ctx.api)
    return signature.copy_modified(arg_types=opened_formals)


def _wrap_bounded(signature: CallableType, args: list[list[Expression]], call: CallExpr, checker: TypeChecker) -> None:
    """Wrap what is handed to `def f(key: K)` with a `K` bound to keys: mypy would infer `str` for `K` and refuse it."""
    for formal, actuals in zip(signature.arg_types, args, strict=True):
        bound = key_bound(formal)
        for actual in actuals if bound is not None else ():
            if bound is not None and actual in call.args and may_be_let_in(actual, bound, checker):
                call.args[call.args.index(actual)] = wrapped(actual, bound)


def _is_readable(context: Context, checker: TypeChecker) -> bool:
    """Whether `_callee` will find the signature again, and every overload asks for keys."""
    if not isinstance(context, CallExpr):
        return type(context) in READABLE
    try:
        callee = get_proper_type(checker.lookup_type(context.callee))
    except KeyError:
        return True
    if not isinstance(callee, Overloaded):
        return True
    string = checker.named_type(STR)
    return not any(_takes_any(item, string) for item in callee.items)


def _unseen(call: CallExpr) -> Iterator[Expression]:
    """Yield what is handed over by `**` without a display that shows it."""
    for value, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind == ARG_STAR2 and not isinstance(value, DictExpr):
            yield value


def _takes_any(item: CallableType, string: Instance) -> bool:
    """Whether an overload takes a string, and not as a key."""
    return not signature_holds_key(item) and any(is_subtype(string, formal) for formal in item.arg_types)


def opened_for(formal: Type, actuals: Sequence[Expression], string: Instance, checker: TypeChecker) -> Type:
    """Open one parameter for the expressions that it is given, where they can be strings."""
    proper = get_proper_type(formal)
    for actual in actuals:
        if not may_be_let_in(actual, proper, checker):
            for each in actuals:
                wrap_literals(each)
            return formal
    if all(tells_structure(actual, proper, checker) for actual in actuals):
        return formal
    if isinstance(proper, Instance) and is_key(proper):
        return UnionType([proper, string])
    if any(isinstance(part, TypedDictType) for part in alternatives(proper)):
        for each in actuals:
            with_items_wrapped(each)
    open_formal = opened(formal, string)
    if not containers_in(proper) or all(map(elements.is_display, actuals)):
        return open_formal
    # A list of keys is no list of `KeyOf[R] | str`: both have to fit.
    return UnionType([formal, open_formal])


READABLE: Final = frozenset({CallExpr, IndexExpr, OpExpr, OperatorAssignmentStmt, ComparisonExpr})
"""Syntax behind which `_callee` finds the signature again."""


def judge_arguments(ctx: FunctionContext | MethodContext, judge: Judge) -> Type:
    """Judge each argument that stands where a key is asked for (`get_function_hook`, `get_method_hook`)."""
    callee, asks = _callee(ctx, judge.checker)
    if callee is None or len(callee.arg_types) != len(ctx.args):
        return ctx.default_return_type
    use: Use | None = None
    for at, formal in enumerate(callee.arg_types):
        if ctx.args[at] and not (type(formal) is Instance and not formal.args and asks is _is_judged) and asks(formal):
            use = use or _use(ctx)
            there = None if use is None else _use_at(use, callee.arg_names[at], ctx, judge.checker)
            for actual, kind in zip(ctx.args[at], ctx.arg_kinds[at], strict=True):
                if kind == ARG_STAR:
                    judge.judge_elements(actual, formal, there)
                elif kind == ARG_STAR2:
                    for value in _handed_over(actual, callee, at):
                        judge.judge(value, formal, there)
                else:
                    judge.judge(actual, formal, there)
    return ctx.default_return_type


def _is_judged(formal: Type) -> bool:
    """Whether a parameter was opened, or left to mypy because of the values that its keys hold."""
    return is_opened(formal) or structure_of(get_proper_type(formal)) is not None


def _handed_over(mapping: Expression, callee: CallableType, at: int) -> Iterator[Expression]:
    """Yield what `**{"key": value}` hands to the parameter `at`."""
    if isinstance(mapping, DictExpr):
        for name, value in mapping.items:
            if isinstance(name, StrExpr):
                is_other = name.value in callee.arg_names and callee.arg_names.index(name.value) != at
                if name.value == callee.arg_names[at] or (callee.arg_kinds[at] == ARG_STAR2 and not is_other):
                    yield value


def _use(ctx: FunctionContext | MethodContext) -> Use | None:
    if not isinstance(ctx, MethodContext) or not isinstance(ctx.type, Instance):
        return None
    if not isinstance(ctx.context, CallExpr):
        return None
    method = getattr(ctx.context.callee, "name", "")
    owner = ctx.type.type.get_containing_type_info(method)
    return None if owner is None else use_of(owner, method)


def _use_at(use: Use, parameter: str | None, ctx: FunctionContext | MethodContext, checker: TypeChecker) -> Use:
    """Say what this call does with a key at one of its parameters."""
    there = use.at(parameter)
    if not there.makes or not isinstance(ctx, MethodContext) or not lifetimes.is_asked_for(checker):
        return there
    return there._replace(is_unlasting=not lifetimes.is_given(ctx))


def _callee(
    ctx: FunctionContext | MethodContext, checker: TypeChecker
) -> tuple[CallableType | None, Callable[[Type], bool]]:
    """Signature of the callee, and how to tell the parameters that were opened.

    Mypy has stored the opened signature with the callee by now, its type variables solved; but not for an overload, a
    receiver that is a union, or an operator.
    """
    callee: ProperType | None = None
    if isinstance(ctx.context, CallExpr):
        try:
            callee = get_proper_type(checker.lookup_type(ctx.context.callee))
        except KeyError:
            callee = None
    if isinstance(callee, CallableType):
        return callee, _is_judged
    if isinstance(ctx, MethodContext) and not isinstance(callee, Overloaded):
        callee = _method_of(ctx)
    if isinstance(callee, Overloaded) and _is_readable(ctx.context, checker):
        string = let_in(checker.lookup_typeinfo(STR))
        use = _use(ctx)
        values = frozenset() if use is None or use.command is None else use.command.values
        callee = next((item for item in callee.items if _fits(item, ctx, string, values)), None)
    return callee if isinstance(callee, CallableType) else None, holds_key


def _fits(item: CallableType, ctx: FunctionContext | MethodContext, string: Instance, values: frozenset[str]) -> bool:
    """Whether an overload is the one that mypy has chosen, as told by its names and by its arguments.

    Not by those that are `values`, of which the keys decide what goes in.
    """
    if item.arg_names != list(ctx.callee_arg_names) or len(item.arg_types) != len(ctx.arg_types):
        return False
    return all(
        kind in (ARG_STAR, ARG_STAR2) or has_type_vars(formal) or is_subtype(actual, opened(formal, string))
        for name, formal, actuals, kinds in zip(
            item.arg_names, item.arg_types, ctx.arg_types, ctx.arg_kinds, strict=True
        )
        if name not in values
        for actual, kind in zip(actuals, kinds, strict=True)
    )


def _method_of(ctx: MethodContext) -> ProperType | None:
    """Signature of the method, bound to the receiver: for `d[key] = value`, and for receivers that are a union."""
    if not isinstance(ctx.type, Instance):
        return None
    for name in _method_names(ctx.context):
        owner = ctx.type.type.get_containing_type_info(name)
        method = owner.names[name].node if owner is not None else None
        if owner is None or not isinstance(method, FuncBase) or not isinstance(method.type, FunctionLike):
            continue
        receiver = map_instance_to_supertype(ctx.type, owner)
        bound = get_proper_type(expand_type_by_instance(bind_self(method.type, ctx.type), receiver))
        if isinstance(bound, Overloaded) or (
            isinstance(bound, CallableType) and bound.arg_names == list(ctx.callee_arg_names)
        ):
            return bound
    return None


def _method_names(context: Context) -> Sequence[str]:
    """Methods that the syntax at hand may call."""
    if isinstance(context, CallExpr):
        return (getattr(context.callee, "name", ""),)
    if isinstance(context, (OpExpr, OperatorAssignmentStmt)):
        method = op_methods.get(context.op, "")
        return (f"__i{method.lstrip('_')}", method)
    if isinstance(context, IndexExpr):
        return ("__setitem__", "__getitem__", "__delitem__")
    return ("__contains__",)
