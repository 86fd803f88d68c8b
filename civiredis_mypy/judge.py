"""Judging a value where a key is expected, and saying what is wrong with it.

`judge` follows the expected type into displays and conditionals, so that each key in `redis.mget([a, b if c else d])`
is proven and reported for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import (
    GDEF,
    AssignmentExpr,
    ConditionalExpr,
    DictExpr,
    DictionaryComprehension,
    Expression,
    IndexExpr,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    StrExpr,
    TupleExpr,
)
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    UnionType,
    get_proper_type,
)

from civiredis_mypy import complaints, elements
from civiredis_mypy.bindings import Assigned, Bindings
from civiredis_mypy.common_forms import base_at_a_glance
from civiredis_mypy.dependencies import depend_on
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import (
    Expected,
    alternatives,
    closed,
    expected_keys,
    holds_key,
    holds_typed_key,
    is_key,
    is_let_in,
    is_opened,
    is_string,
    registry_of,
    structure_of,
)
from civiredis_mypy.known_bases import KnownBases
from civiredis_mypy.matching import DeadEnd
from civiredis_mypy.prover import Prover, is_within, lambda_body
from civiredis_mypy.texts import members
from civiredis_mypy.uses import Use, is_suitable

LEAVES: Final = frozenset({NameExpr, MemberExpr, StrExpr, IndexExpr, OpExpr})
"""Kinds of expressions, the most common ones, in which no others have to be judged for themselves."""


class Judge:
    """Judges the expressions of one checker."""

    def __init__(self, checker: TypeChecker, known: KnownBases, bindings: Bindings) -> None:
        self.checker = checker
        self._types = FoundTypes(checker)
        self._known = known
        self._bindings = bindings

    def judge(self, expr: Expression, formal: Type, use: Use | None = None) -> None:
        """Judge `expr` where the type `formal` is expected, and report each key in it that is not proven."""
        expected_type = get_proper_type(formal)
        if type(expr) in LEAVES:
            self._value(expr, expected_type, use)
        elif isinstance(expr, ConditionalExpr):
            self.judge(expr.if_expr, formal, use)
            self.judge(expr.else_expr, formal, use)
        elif isinstance(expr, AssignmentExpr):
            self.judge(expr.value, formal, use)
        elif isinstance(expr, LambdaExpr):
            for part in alternatives(expected_type):
                if isinstance(part, CallableType) and holds_key(part.ret_type):
                    self.judge(lambda_body(expr), part.ret_type, use)
        elif elements.is_display(expr):
            self._display(expr, expected_type, use)
        else:
            self._value(expr, expected_type, use)

    def judge_elements(self, iterable: Expression, formal: Type, use: Use | None = None) -> None:
        """Judge what `*iterable` hands to a parameter of the type `formal`."""
        if elements.is_display(iterable):
            self._items(iterable, formal, use)
        else:
            expected = expected_keys(get_proper_type(formal))
            if expected is not None:
                self._elements(iterable, expected, use)

    def judge_unchecked(self, expr: Expression, formal: Type) -> None:
        """Judge `expr` before mypy has come to it."""
        with self._types.all_inferred():
            self.judge(expr, formal)

    def judge_built(self, expr: Expression, formal: ProperType) -> None:
        """Judge an expression that builds a string, while mypy is still about to find its type."""
        expected = expected_keys(formal)
        if expected is not None:
            depend_on(self.checker, expected.infos())
            if not expected.is_any and (
                expected.exact or expected.structures or not self._is_plain(expr, expected, None)
            ):
                self._prove(expr, self.checker.named_type(STR), expected, None)

    def _display(self, expr: Expression, formal: ProperType, use: Use | None) -> None:
        for part in alternatives(formal):
            if isinstance(part, TupleType) and isinstance(expr, TupleExpr) and len(part.items) == len(expr.items):
                for item, item_formal in zip(expr.items, part.items, strict=True):
                    if holds_key(item_formal):
                        self.judge(item, item_formal, use)
            elif isinstance(part, Instance) and part.args and not is_key(part):
                self._contents(expr, part, use)

    def _contents(self, expr: Expression, container: Instance, use: Use | None) -> None:
        if holds_key(container.args[0]):
            self._items(expr, container.args[0], use)
        if len(container.args) > 1 and holds_key(container.args[1]):
            for value in _values(expr):
                self.judge(value, container.args[1], use)
            for other in _merged(expr):
                if not isinstance(other, DictExpr):
                    self._value(other, container, use)

    def _items(self, expr: Expression, formal: Type, use: Use | None) -> None:
        for one in elements.shown(expr):
            if isinstance(one, elements.Spread):
                self.judge_elements(one.iterable, formal, use)
            else:
                self.judge(one, formal, use)

    def _value(self, expr: Expression, formal: ProperType, use: Use | None) -> None:
        actual = self._types.of(expr)
        if actual is None or isinstance(actual, AnyType):
            return
        expected = expected_keys(formal)
        if expected is not None and all(map(_is_to_be_proven, members(actual))):
            if expected.is_alone or not _fits_beside(actual, formal):
                self._key(expr, actual, expected, use)
        else:
            self._container(expr, actual, formal, use)

    def _key(self, expr: Expression, actual: ProperType, expected: Expected, use: Use | None) -> None:
        depend_on(self.checker, expected.infos())
        if expected.is_any:
            return
        if isinstance(actual, Instance) and is_key(actual) and not _is_to_be_looked_at(actual, expected, use):
            registry = registry_of(actual)
            if any(is_within(registry, one) for one in expected.registries):
                return
        if expected.exact or expected.structures or not self._is_plain(expr, expected, use):
            self._prove(expr, actual, expected, use)

    def _is_plain(self, expr: Expression, expected: Expected, use: Use | None) -> bool:
        """Whether a glance proves the key, and there is nothing else to say of it."""
        bases = self._known.expected(expected)
        base = base_at_a_glance(expr, bases, self._types)
        if base is None and isinstance(expr, NameExpr):
            bound = self._bindings.of(expr, self.checker.scope.top_level_function(), self.checker.tree)
            if len(bound) == 1 and isinstance(bound[0], Assigned) and expr.kind != GDEF:
                base = base_at_a_glance(bound[0].value, bases, self._types)
        return base is not None and (use is None or is_suitable(base, use, bases))

    def _prove(self, expr: Expression, actual: ProperType, expected: Expected, use: Use | None) -> None:
        prover = self._prover(expected)
        try:
            proof = prover.prove(expr)
        except DeadEnd as dead:
            complaints.refused(prover, expr, actual, dead)
        else:
            complaints.proven(prover, expr, proof, use)

    def _container(self, expr: Expression, actual: ProperType, formal: ProperType, use: Use | None) -> None:
        """Judge a value that holds keys and is no display: its type proves it, or the elements that it is made of."""
        if isinstance(actual, NoneType) or (not holds_typed_key(actual) and is_subtype(actual, closed(formal))):
            return
        for part in alternatives(formal):
            if isinstance(part, Instance) and part.args and not is_key(part) and is_subtype(actual, part):
                expected = expected_keys(get_proper_type(part.args[0]))
                if expected is not None and not any(map(holds_key, part.args[1:])):
                    if all(map(is_string, members(actual))):
                        complaints.single(self.checker, expr, expected)
                        return
                    self._elements(expr, expected, use)
                    return
        if is_opened(formal) and is_subtype(actual, formal):
            complaints.unproven(self.checker, expr, actual, formal)

    def _elements(self, iterable: Expression, expected: Expected, use: Use | None) -> None:
        depend_on(self.checker, expected.infos())
        if expected.is_any:
            return
        prover = self._prover(expected)
        actual = self._types.of(iterable)
        if actual is None or isinstance(actual, AnyType):
            return
        try:
            proof = prover.prove_elements(iterable)
        except DeadEnd as dead:
            complaints.refused(prover, iterable, actual, dead)
        else:
            complaints.proven(prover, iterable, proof, use)

    def _prover(self, expected: Expected) -> Prover:
        return Prover(self.checker, expected, self._known, self._bindings, self._types)


def _is_to_be_proven(member: ProperType) -> bool:
    """Whether mypy has let the member of a type in: any other that does not fit it has reported itself."""
    return is_string(member) or isinstance(member, (AnyType, NoneType))


def _is_to_be_looked_at(actual: Instance, expected: Expected, use: Use | None) -> bool:
    """Whether there may be more to say of a value although its type proves it a key."""
    if expected.exact or expected.structures or structure_of(actual) is not None:
        return True
    return use is not None and use.is_unlasting


def _fits_beside(actual: ProperType, formal: ProperType) -> bool:
    """Whether the value is one of what else is expected, as in `KeyOf[CacheKeys] | Literal["all"]`."""
    beside: list[Type] = [
        part for part in alternatives(formal) if not (is_let_in(part) or (isinstance(part, Instance) and is_key(part)))
    ]
    return bool(beside) and is_subtype(actual, UnionType(beside))


def _values(expr: Expression) -> Sequence[Expression]:
    if isinstance(expr, DictExpr):
        inner = [value for other in _merged(expr) if isinstance(other, DictExpr) for value in _values(other)]
        return [*(value for key, value in expr.items if key is not None), *inner]
    if isinstance(expr, DictionaryComprehension):
        return [expr.value]
    return []


def _merged(expr: Expression) -> Sequence[Expression]:
    """Return what is merged into a dict display by `**`."""
    return [value for key, value in expr.items if key is None] if isinstance(expr, DictExpr) else []
