"""The elements of an iterable expression, as expressions where the source shows them, as a type where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol, TypeAlias

from mypy.checker import TypeChecker
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    AssignmentExpr,
    CallExpr,
    ConditionalExpr,
    DictExpr,
    DictionaryComprehension,
    Expression,
    GeneratorExpr,
    LambdaExpr,
    ListComprehension,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    ReturnStmt,
    SetComprehension,
    SetExpr,
    StarExpr,
    TupleExpr,
)
from mypy.types import Instance, ProperType, TupleType, get_proper_type

from civiredis_mypy.bindings import Assigned, ElementOf
from civiredis_mypy.key_types import is_str

PASSED_THROUGH: Final = frozenset(
    {
        "builtins.list",
        "builtins.tuple",
        "builtins.set",
        "builtins.frozenset",
        "builtins.sorted",
        "builtins.reversed",
        "builtins.iter",
        "builtins.dict.fromkeys",
    }
)
"""Callables whose result has the elements of their first argument."""

DISPLAYS: Final = frozenset(
    {
        ListExpr,
        TupleExpr,
        SetExpr,
        DictExpr,
        ListComprehension,
        SetComprehension,
        DictionaryComprehension,
        GeneratorExpr,
    }
)

Element: TypeAlias = Expression | ProperType | None


class Names(Protocol):
    """What following a name needs; the prover has it."""

    checker: TypeChecker

    def type_of(self, expr: Expression) -> ProperType | None:
        """Type that mypy has found for `expr`."""

    def bound(self, name: NameExpr) -> list[Assigned | ElementOf]:
        """Every binding of a local name, empty where it cannot be followed."""

    def added(self, name: NameExpr) -> list[Assigned | ElementOf] | None:
        """What is put into the container `name` later; None where that cannot be told."""


def is_display(expr: Expression) -> bool:
    """Whether the elements of `expr` stand in the source."""
    return type(expr) in DISPLAYS or passed_through(expr) is not None


def passed_through(expr: Expression) -> Expression | None:
    """Return `x` of `list(x)`, `sorted(x)` and the like."""
    if isinstance(expr, CallExpr) and isinstance(expr.callee, RefExpr) and expr.args:
        if expr.callee.fullname in PASSED_THROUGH:
            return expr.args[0]
        if expr.callee.fullname == "builtins.map" and isinstance(expr.args[0], LambdaExpr):
            return expr
    return None


def of(iterable: Expression, names: Names) -> Iterator[Element]:  # noqa: C901 - one branch per kind of expression
    """Yield the elements of `iterable`; None stands for an element of which nothing is known."""
    if isinstance(iterable, (ListExpr, TupleExpr, SetExpr)):
        for item in iterable.items:
            if isinstance(item, StarExpr):
                yield from of(item.expr, names)
            else:
                yield item
    elif isinstance(iterable, (ListComprehension, SetComprehension)):
        yield iterable.generator.left_expr
    elif isinstance(iterable, GeneratorExpr):
        yield iterable.left_expr
    elif isinstance(iterable, DictExpr):
        for key, value in iterable.items:
            if key is None:
                yield from of(value, names)
            else:
                yield key
    elif isinstance(iterable, DictionaryComprehension):
        yield iterable.key
    elif isinstance(iterable, ConditionalExpr):
        yield from of(iterable.if_expr, names)
        yield from of(iterable.else_expr, names)
    elif isinstance(iterable, AssignmentExpr):
        yield from of(iterable.value, names)
    elif isinstance(iterable, OpExpr) and iterable.op in {"+", "|", "or"}:
        yield from of(iterable.left, names)
        yield from of(iterable.right, names)
    elif isinstance(iterable, NameExpr):
        yield from _of_name(iterable, names)
    elif (inner := passed_through(iterable)) is not None:
        yield from _of_map(iterable) if inner is iterable else of(inner, names)
    else:
        yield from _of_type(names.type_of(iterable), names.checker)


def _of_map(call: Expression) -> Iterator[Element]:
    assert isinstance(call, CallExpr)
    assert isinstance(call.args[0], LambdaExpr)
    (statement,) = call.args[0].body.body
    yield statement.expr if isinstance(statement, ReturnStmt) else None


def _of_name(name: NameExpr, names: Names) -> Iterator[Element]:
    known = list(_of_type(names.type_of(name), names.checker))
    if all(element is not None and not (isinstance(element, ProperType) and is_str(element)) for element in known):
        yield from known
        return
    bound = names.bound(name)
    added = names.added(name) if bound else None
    if added is None:
        yield from known
        return
    for binding in bound:
        if isinstance(binding, Assigned):
            yield from of(binding.value, names)
        else:
            yield from known
    for addition in added:
        if isinstance(addition, Assigned):
            yield addition.value
        else:
            yield from of(addition.iterable, names)


def _of_type(t: ProperType | None, checker: TypeChecker) -> Iterator[Element]:
    if isinstance(t, TupleType):
        for item in t.items:
            yield get_proper_type(item)
    elif isinstance(t, Instance):
        iterable = checker.lookup_typeinfo("typing.Iterable")
        if t.type.has_base(iterable.fullname):
            yield get_proper_type(map_instance_to_supertype(t, iterable).args[0])
        else:
            yield None
    else:
        yield None
