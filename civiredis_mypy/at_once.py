"""Calls that are settled by a short look at them: nearly all.

Most commands are given a registry member, a name bound to an f-string further up, or the result of a helper. That such
a key is right can be told when mypy asks for the signature; mypy then takes the argument as any other, and there is no
second look. An f-string, and a display or a conditional of such keys, is let in, and looked at once mypy has found the
types in it. Whatever is not settled here is left to `calls`: this is a short cut, and never the reason for an error.

mypy comes here once for each use of a key, so each step that is saved here is saved for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    GDEF,
    BytesExpr,
    CallExpr,
    ConditionalExpr,
    Expression,
    FloatExpr,
    FuncDef,
    GeneratorExpr,
    IntExpr,
    ListComprehension,
    ListExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    SetComprehension,
    SetExpr,
    StrExpr,
    TupleExpr,
    TypeInfo,
    Var,
)
from mypy.plugin import MethodContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, Type

from civiredis_mypy.answers import MethodAnswers
from civiredis_mypy.bindings import Assigned, Bindings
from civiredis_mypy.common_forms import base_at_a_glance, is_fstring
from civiredis_mypy.dependencies import depend_on, is_told_by_function
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import BASE_OF, KEY_OF, STR
from civiredis_mypy.known_bases import KnownBases
from civiredis_mypy.lifetimes import is_asked_for
from civiredis_mypy.plans import MANY, ONE, Plan, key_in
from civiredis_mypy.registry_keys import RegistryKeys
from civiredis_mypy.uses import Use, is_suitable

OpenSignature: TypeAlias = Callable[[MethodSigContext], FunctionLike]
TypeSignature: TypeAlias = Callable[[CallableType, MethodSigContext], FunctionLike]
Look: TypeAlias = Callable[[Any, RegistryKeys], str | None]

CALLS_NOTHING: Final = frozenset({NameExpr, MemberExpr, StrExpr, IntExpr, FloatExpr, BytesExpr})
"""Kinds of arguments in which no other call stands."""
DISPLAYS: Final = frozenset({ListExpr, TupleExpr, SetExpr, ListComprehension, SetComprehension, GeneratorExpr})
KEYS: Final = frozenset({KEY_OF, BASE_OF})


class Found(Enum):
    """What an argument is found to be."""

    TEXT = "a key, told by its text"
    KEY = "declared to be the very key that is expected"
    LATER = "a string, or a display of strings, to be looked at again once the types in it are known"


TEXT: Final = Found.TEXT
KEY: Final = Found.KEY
LATER: Final = Found.LATER
# As in `plans`: constants are found faster than members.


class Later(NamedTuple):
    """Arguments that are to be looked at again, and the keys of which each is to be one, or to hold some."""

    arguments: Iterable[Expression]
    keys: RegistryKeys
    use: Use | None


class AtOnce:
    """Settles calls, and remembers the last one until mypy asks whether there is more to say of it."""

    def __init__(self, known: KnownBases, bindings: Bindings, answers: MethodAnswers) -> None:
        self._answers = answers
        self._known = known
        self._bindings = bindings
        self._keys: dict[TypeInfo, RegistryKeys] = {}
        """Of each registry on which the module that is checked is known to depend."""
        self._seen: dict[TypeInfo, RegistryKeys] = {}
        self._settled: CallExpr | None = None
        self._awaited: CallExpr | None = None
        self._later: Later
        """What is to be looked at again in the awaited call."""
        self._found: Found
        """What the arguments of either call are found to be."""
        self._keys_at_hand: RegistryKeys
        """Those that either call asks for."""
        self._checker: TypeChecker | None = None
        self._is_told_by_function = False
        self._is_lifetime_asked_for = False
        self._types: FoundTypes
        self._looks: dict[type[Expression], Look] = {
            MemberExpr: _base_of_member,
            NameExpr: self._base_of_name,
            StrExpr: _base_of_literal,
        }

    def __len__(self) -> int:
        """Count the registries of which anything is kept: without one, there is nothing to clear."""
        return len(self._seen)

    def clear(self) -> None:
        """Look at the registries and the calls again."""
        self.forget_call()
        self._keys.clear()
        self._seen.clear()
        self._checker = None

    def forget_call(self) -> None:
        """Begin with a call that may not be settled."""
        self._answers.settled = ""
        self._settled = self._awaited = None

    def opener(self, plan: Plan, fullname: str, otherwise: OpenSignature, typed: TypeSignature | None) -> OpenSignature:
        """Make the hook for the signature of one method; calls that are not settled are left to `otherwise`.

        `typed` puts what the keys hold into the signature, where the registry declares what its keys hold.
        """
        at = plan.at
        answers = self._answers

        def open_signature(ctx: MethodSigContext) -> FunctionLike:
            _, args, signature, call, checker = ctx
            if call is not self._settled or not answers.settled:  # otherwise, another overload is tried for it
                if checker is not self._checker:
                    self._begin(checker)
                if type(call) is not CallExpr or not self._settle(
                    call, signature.arg_types[at], args[at], plan, fullname
                ):
                    self.forget_call()
                    return otherwise(ctx)
                answers.settled = fullname if self._awaited is None and _calls_nothing(call.args) else ""
            if self._found is not KEY:
                signature = self._opened(signature, plan, fullname)
            return signature if typed is None or not self._keys_at_hand.bases.declared else typed(signature, ctx)

        return open_signature

    def is_settled(self, ctx: MethodContext) -> bool:
        """Whether there is nothing more to say of a call whose arguments mypy has looked at now."""
        call = ctx.context
        if call is not self._awaited:
            return call is self._settled
        arguments, keys, use = self._later
        for value in arguments:  # noqa: SIM110 - a step less for each f-string
            if not self._is_right(value, keys, use):
                return False
        return True

    def is_key(self, string: Expression, expected: Type | None, checker: TypeChecker) -> bool:
        """Whether a string, with the types in it known by now, is one of the very keys that are expected."""
        if type(expected) is not Instance or expected.type.fullname != KEY_OF:
            return False
        if checker is not self._checker:
            self._begin(checker)
        keys = self._keys_of(expected)
        return keys is not None and self._is_right(string, keys, None)

    def _begin(self, checker: object) -> None:
        """Look at the calls of another module."""
        assert isinstance(checker, TypeChecker)
        self._checker = checker
        self._types = FoundTypes(checker)
        self._is_told_by_function = is_told_by_function(checker)
        self._is_lifetime_asked_for = is_asked_for(checker)
        self._keys.clear()

    def _opened(self, signature: CallableType, plan: Plan, fullname: str) -> CallableType:
        """Open the parameter for keys in the signature of a method: once, where each call of it has the same one."""
        keys, is_text = self._keys_at_hand, self._found is TEXT
        made = keys.signatures.get((fullname, is_text))
        if made is None:
            formals = list(signature.arg_types)
            formals[plan.at] = keys.string if is_text else keys.opened(formals[plan.at], plan.form)
            made = signature.copy_modified(arg_types=formals)
            if plan.is_of_one_signature:
                keys.signatures[fullname, is_text] = made
        return made

    def _settle(self, call: CallExpr, formal: Type, actuals: list[Expression], plan: Plan, fullname: str) -> bool:
        """Settle a call, or put that off until mypy has looked at its arguments; False where neither can be done."""
        if ARG_STAR in call.arg_kinds or ARG_STAR2 in call.arg_kinds or not actuals:
            return False
        _, form, use, _ = plan
        if use is not None and use.makes and self._is_lifetime_asked_for:
            return False
        key = formal if form is ONE else key_in(formal, form)
        if type(key) is not Instance or (keys := self._keys_of(key)) is None:
            return False
        if form is MANY:
            found = LATER if type(actuals[0]) in DISPLAYS else None
        elif len(actuals) > 1:
            found = self._look_at_each(actuals, key, keys, use)
        elif type(actuals[0]) is MemberExpr:
            found = self._look_at_member(actuals[0], key, keys, use, fullname)
        else:
            found = self._look_at(actuals[0], key, keys, use)
        if found is None:
            return False
        if found is LATER:
            self._settled, self._awaited = None, call
            self._later = Later(actuals, keys, use)
        else:
            self._settled, self._awaited = call, None
        self._found, self._keys_at_hand = found, keys
        return True

    def _look_at(self, actual: Expression, key: Instance, keys: RegistryKeys, use: Use | None) -> Found | None:
        """Tell what an argument is; None where that takes a closer look."""
        look = self._looks.get(type(actual))
        base = None if look is None else look(actual, keys)
        if base is not None:
            return None if use is not None and not is_suitable(base, use, keys.bases) else TEXT
        if _is_string(actual, keys):
            return LATER
        return KEY if _is_such_a_key(actual, key) else None

    def _look_at_member(
        self, actual: MemberExpr, key: Instance, keys: RegistryKeys, use: Use | None, fullname: str
    ) -> Found | None:
        """Do what `_look_at` does, and remember that a registry member suits a method."""
        asked = (fullname, actual.expr.node, actual.name) if type(actual.expr) is NameExpr else None
        if asked in keys.suiting:
            return TEXT
        found = self._look_at(actual, key, keys, use)
        if found is TEXT and asked is not None and asked[1:] in keys.members:
            keys.suiting.add(asked)
        return found

    def _look_at_each(
        self, actuals: list[Expression], key: Instance, keys: RegistryKeys, use: Use | None
    ) -> Found | None:
        """Tell what all of the arguments are; None where one parameter cannot be opened for all of them."""
        found = {self._look_at(actual, key, keys, use) for actual in actuals}
        if len(found) == 1:
            return found.pop()
        return LATER if found == {TEXT, LATER} else None

    def _keys_of(self, key: Instance) -> RegistryKeys | None:
        """Return what is known of the keys of `KeyOf[R]`, on which the code that is checked depends from now on."""
        registry = key.args[0] if key.type.fullname == KEY_OF else None
        if type(registry) is not Instance or registry.args:  # what is kept is kept for the class of the registry
            return None
        keys = self._keys.get(registry.type)
        if keys is None:
            keys = self._keys[registry.type] = self._seen[registry.type] = self._look_up(registry.type)
        elif self._is_told_by_function:
            self._depend_on(registry.type)
        return keys

    def _look_up(self, registry: TypeInfo) -> RegistryKeys:
        assert self._checker is not None
        self._depend_on(registry)
        bases = self._known.of((registry,))
        keys = RegistryKeys(registry, bases, self._checker.lookup_typeinfo(STR))
        seen = self._seen.get(registry)
        if seen is not None and seen.bases is bases:
            keys.take_over(seen)
        return keys

    def _depend_on(self, registry: TypeInfo) -> None:
        assert self._checker is not None
        depend_on(self._checker, (registry,))

    def _base_of_name(self, name: NameExpr, keys: RegistryKeys) -> str | None:
        """Return the base of a local name with a single binding."""
        known = name.node.type if type(name.node) is Var else None
        if type(known) is not Instance or known.type.fullname != STR or name.kind == GDEF:
            return None
        assert self._checker is not None
        bound = self._bindings.of(name, self._checker.scope.top_level_function(), self._checker.tree)
        if len(bound) == 1 and type(bound[0]) is Assigned:
            return base_at_a_glance(bound[0].value, keys.bases, self._types)
        return None

    def _is_right(self, value: Expression, keys: RegistryKeys, use: Use | None) -> bool:
        """Whether a string, or each in a display, is a key that suits its use; the types in it are known by now."""
        kind = type(value)
        if kind is CallExpr:
            base = base_at_a_glance(value, keys.bases, self._types)
        elif isinstance(value, ConditionalExpr):
            return self._is_right(value.if_expr, keys, use) and self._is_right(value.else_expr, keys, use)
        elif isinstance(value, (ListExpr, TupleExpr, SetExpr)):
            return all(self._is_right(item, keys, use) for item in value.items)
        elif isinstance(value, (ListComprehension, SetComprehension)):
            return self._is_right(value.generator.left_expr, keys, use)
        elif isinstance(value, GeneratorExpr):
            return self._is_right(value.left_expr, keys, use)
        else:
            look = self._looks.get(kind)
            base = None if look is None else look(value, keys)
        return base is not None and (use is None or is_suitable(base, use, keys.bases))


def _base_of_member(member: MemberExpr, keys: RegistryKeys) -> str | None:
    return keys.base_of_member(member)


def _base_of_literal(literal: StrExpr, keys: RegistryKeys) -> str | None:
    return keys.bases.longest(literal.value)


def _calls_nothing(arguments: list[Expression]) -> bool:
    """Whether no method is called in the arguments of a call."""
    if CALLS_NOTHING.issuperset(map(type, arguments)):
        return True
    return all(
        type(one) in CALLS_NOTHING
        or (type(one) is CallExpr and type(one.callee) is NameExpr and CALLS_NOTHING.issuperset(map(type, one.args)))
        for one in arguments
    )


def _is_such_a_key(actual: Expression, key: Instance) -> bool:
    """Whether a name, or the result of a plain function, is declared to be the very key that is expected."""
    declared: Type | None = None
    if type(actual) is NameExpr:
        declared = actual.node.type if type(actual.node) is Var else None
    elif type(actual) is CallExpr and isinstance(actual.callee, RefExpr) and type(actual.callee.node) is FuncDef:
        signature = actual.callee.node.type
        if type(signature) is CallableType and not signature.variables:
            declared = signature.ret_type
    return type(declared) is Instance and declared.type.fullname in KEYS and declared.args == key.args


def _is_string(actual: Expression, keys: RegistryKeys) -> bool:
    """Whether an argument surely is a string of which the base can be told later."""
    if type(actual) is CallExpr:
        return is_fstring(actual)
    if type(actual) is ConditionalExpr:
        return all(
            isinstance(arm, StrExpr)
            or _is_string(arm, keys)
            or (type(arm) is MemberExpr and keys.base_of_member(arm) is not None)
            for arm in (actual.if_expr, actual.else_expr)
        )
    return False
