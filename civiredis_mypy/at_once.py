"""Calls that are settled before mypy looks at their arguments: four of five.

Most commands are given a registry member, a name bound to an f-string further up, or the result of a helper. That such
a key is right can be told when mypy asks for the signature; the call then costs no second look. Whatever is not settled
here is left to `calls`: this is a short cut, and never the reason for an error.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    GDEF,
    BytesExpr,
    CallExpr,
    Expression,
    FloatExpr,
    FuncDef,
    IntExpr,
    MemberExpr,
    NameExpr,
    OverloadedFuncDef,
    RefExpr,
    StrExpr,
    TypeInfo,
    Var,
)
from mypy.plugin import FunctionSigContext, MethodContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, LiteralType, Type, UnionType, get_proper_type

from civiredis_mypy.bindings import Assigned, Bindings
from civiredis_mypy.common_forms import base_at_a_glance
from civiredis_mypy.dependencies import depend_on
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import KEY_OF, STR
from civiredis_mypy.key_types import holds_key, key_bound, let_in
from civiredis_mypy.known_bases import KnownBases, RegisteredBases
from civiredis_mypy.lifetimes import is_asked_for
from civiredis_mypy.uses import Use, is_suitable, use_of

CALLS_NOTHING: Final = frozenset({NameExpr, MemberExpr, StrExpr, IntExpr, FloatExpr, BytesExpr})
"""Kinds of arguments in which no other call stands."""


class Plan(NamedTuple):
    """A method with exactly one parameter for a key, the one at `at`, and what it does with the value.

    Each overload of it has that parameter at the same place; `parameters` are their numbers of parameters.
    """

    at: int
    parameters: frozenset[int]
    use: Use | None


def plan_of(node: object, owner: TypeInfo, name: str) -> Plan | None:
    """Plan the calls of a method; None for one of any other form."""
    if not isinstance(node, (FuncDef, OverloadedFuncDef)) or node.is_static or node.is_class:
        return None
    if not isinstance(node.type, FunctionLike):
        return None
    places = {_place(item) for item in node.type.items}
    lengths = frozenset(len(item.arg_types) - 1 for item in node.type.items)
    at = places.pop()
    if places or at is None:
        return None
    use = use_of(owner, name)
    return Plan(at, lengths, None if use is None else use.at(node.type.items[0].arg_names[at + 1]))


def _place(signature: CallableType) -> int | None:
    """Tell which parameter behind `self` is the only one for a key, and for nothing beside; None where none is."""
    if not signature.arg_types:
        return None
    formals = [get_proper_type(formal) for formal in signature.arg_types[1:]]
    asking = [at for at, formal in enumerate(formals) if holds_key(formal) or key_bound(formal) is not None]
    if len(asking) != 1 or signature.arg_kinds[asking[0] + 1] in {ARG_STAR, ARG_STAR2}:
        return None
    formal = formals[asking[0]]
    return asking[0] if isinstance(formal, Instance) and formal.type.fullname == KEY_OF else None


class AtOnce:
    """Settles calls, and remembers the last one until mypy asks whether there is more to say of it."""

    def __init__(self, known: KnownBases, bindings: Bindings) -> None:
        self.settled = ""
        """Full name of the method of `settled_call`, where no call of another one stands in its arguments."""
        self.settled_call: CallExpr | None = None
        self._awaited: tuple[CallExpr, CallExpr, Plan, TypeInfo] | None = None
        self._known = known
        self._bindings = bindings
        self._bases: dict[TypeInfo, RegisteredBases] = {}
        self._opened: dict[tuple[TypeInfo, TypeInfo], Type] = {}

    def clear(self) -> None:
        """Look at the registries and the calls again."""
        self.forget_call()
        self._bases.clear()
        self._opened.clear()

    def forget_call(self) -> None:
        """Begin with a call that may not be settled."""
        self.settled, self.settled_call, self._awaited = "", None, None

    def is_settled(self, ctx: MethodContext) -> bool:
        """Whether there is nothing more to say of a call whose arguments mypy has looked at now."""
        call, checker = ctx.context, ctx.api
        if call is self.settled_call:
            return True
        if self._awaited is None or self._awaited[0] is not call or not isinstance(checker, TypeChecker):
            return False
        _, fstring, plan, registry = self._awaited
        bases = self._bases_of(registry)
        base = base_at_a_glance(fstring, bases, FoundTypes(checker))
        if base is None or (plan.use is not None and not is_suitable(base, plan.use, bases)):
            return False
        depend_on(checker, (registry,))
        return True

    def open_signature(
        self, ctx: FunctionSigContext | MethodSigContext, plan: Plan, fullname: str
    ) -> FunctionLike | None:
        """Return the signature with the key let in where the call is settled, None where it is not."""
        signature, call, checker = ctx.default_signature, ctx.context, ctx.api
        if type(call) is not CallExpr or not isinstance(checker, TypeChecker):
            return None
        formals, actuals = signature.arg_types, ctx.args[plan.at]
        if len(actuals) != 1 or len(formals) not in plan.parameters:
            return None
        formal = formals[plan.at]
        if type(formal) is not Instance or formal.type.fullname != KEY_OF:
            return None
        registry = get_proper_type(formal.args[0])
        if type(registry) is not Instance or ARG_STAR in call.arg_kinds or ARG_STAR2 in call.arg_kinds:
            return None
        if plan.use is not None and plan.use.makes and is_asked_for(checker):
            return None
        actual = actuals[0]
        if type(actual) is CallExpr and _is_fstring(actual):
            self.forget_call()
            self._awaited = call, actual, plan, registry.type
        elif call is not self.settled_call:  # otherwise another overload is tried for it
            if not self._is_right(actual, formal, registry.type, plan, checker):
                return None
            depend_on(checker, (registry.type,))
            self.settled, self.settled_call = fullname if CALLS_NOTHING.issuperset(map(type, call.args)) else "", call
        if type(actual) is CallExpr and self._awaited is None:
            return signature
        opened_formals = list(formals)
        opened_formals[plan.at] = self._open(formal, registry.type, checker)
        return signature.copy_modified(arg_types=opened_formals)

    def _is_right(
        self, actual: Expression, formal: Instance, registry: TypeInfo, plan: Plan, checker: TypeChecker
    ) -> bool:
        if type(actual) is CallExpr:
            return _is_same_key(actual, formal)
        base = self._base(actual, registry, checker)
        return base is not None and (plan.use is None or is_suitable(base, plan.use, self._bases_of(registry)))

    def _base(self, actual: Expression, registry: TypeInfo, checker: TypeChecker) -> str | None:
        kind = type(actual)
        if kind is MemberExpr:
            text = _member_text(actual)
            return None if text is None else self._bases_of(registry).longest(text)
        if kind is NameExpr:
            assert isinstance(actual, NameExpr)
            if actual.kind == GDEF or not _is_plain_str(actual.node):
                return None
            bound = self._bindings.of(actual, checker.scope.top_level_function(), checker.tree)
            if len(bound) == 1 and type(bound[0]) is Assigned:
                return base_at_a_glance(bound[0].value, self._bases_of(registry), FoundTypes(checker))
        elif kind is StrExpr:
            assert isinstance(actual, StrExpr)
            return self._bases_of(registry).longest(actual.value)
        return None

    def _bases_of(self, registry: TypeInfo) -> RegisteredBases:
        bases = self._bases.get(registry)
        if bases is None:
            bases = self._bases[registry] = self._known.of((registry,))
        return bases

    def _open(self, formal: Instance, registry: TypeInfo, checker: TypeChecker) -> Type:
        opened = self._opened.get((formal.type, registry))
        if opened is None:
            string = let_in(checker.lookup_typeinfo(STR))
            opened = self._opened[formal.type, registry] = UnionType([formal, string])
        return opened


def _is_fstring(call: CallExpr) -> bool:
    callee = call.callee
    return (
        type(callee) is MemberExpr and callee.name == "join" and type(callee.expr) is StrExpr and not callee.expr.value
    )


def _is_same_key(call: CallExpr, formal: Instance) -> bool:
    """Whether the result of a plain function is declared to be the very key that is expected."""
    callee = call.callee
    if not isinstance(callee, RefExpr) or type(callee.node) is not FuncDef:
        return False
    signature = callee.node.type
    return (
        isinstance(signature, CallableType)
        and not signature.variables
        and type(signature.ret_type) is Instance
        and signature.ret_type == formal
    )


def _member_text(expr: Expression) -> str | None:
    """Text of `CacheKeys.USER`, which mypy has not come to yet."""
    assert isinstance(expr, MemberExpr)
    holder = expr.expr
    if not isinstance(holder, RefExpr) or type(holder.node) is not TypeInfo:
        return None
    symbol = holder.node.names.get(expr.name)
    if symbol is None or type(symbol.node) is not Var:
        return None
    known = symbol.node.type
    literal = known.last_known_value if type(known) is Instance else None
    if literal is None or type(literal) is not LiteralType or literal.fallback.type.fullname != STR:
        return None
    return str(literal.value)


def _is_plain_str(node: object) -> bool:
    known = node.type if type(node) is Var else None
    return type(known) is Instance and known.type.fullname == STR
