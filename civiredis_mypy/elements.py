"""The elements of an iterable expression, as expressions where the source shows them, as a type where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias

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
    IndexExpr,
    LambdaExpr,
    ListComprehension,
    ListExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    ReturnStmt,
    SetComprehension,
    SetExpr,
    SliceExpr,
    StarExpr,
    TupleExpr,
)
from mypy.types import Instance, ProperType, TupleType, get_proper_type

from civiredis_mypy.bindings import Assigned, ElementOf, ItemOf, Known
from civiredis_mypy.key_types import is_followed

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
        "collections.deque",
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

    def bound(self, name: NameExpr) -> list[Known]:
        """Every binding of a local name, empty where it cannot be followed."""

    def enter(self, name: NameExpr) -> bool:
        """Begin to follow a container; False where it is being followed already."""

    def leave(self, name: NameExpr) -> None:
        """End what `enter` began."""

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


class Spread(NamedTuple):
    """An iterable whose elements stand in a display: `*x`, `**x`, or `x` in `list(x)`."""

    iterable: Expression


def shown(display: Expression) -> Iterator[Expression | Spread]:  # noqa: C901 - one branch per kind of display
    """Yield the elements of a display (`is_display`) as the source shows them: the keys, of a dict."""
    inner = passed_through(display)
    if inner is display:
        yield from _of_map(display)
    elif inner is not None:
        yield Spread(inner)
    elif isinstance(display, (ListExpr, TupleExpr, SetExpr)):
        for one in display.items:
            yield Spread(one.expr) if isinstance(one, StarExpr) else one
    elif isinstance(display, DictExpr):
        for name, value in display.items:
            if name is None:
                yield Spread(value)
            else:
                yield name
    elif isinstance(display, DictionaryComprehension):
        yield Spread(display.value) if display.key is None else display.key
    elif isinstance(display, (ListComprehension, SetComprehension)):
        yield display.generator.left_expr
    elif isinstance(display, GeneratorExpr):
        yield display.left_expr


def of(iterable: Expression, names: Names) -> Iterator[Element]:
    """Yield the elements of `iterable`; None stands for an element of which nothing is known."""
    if is_display(iterable):
        for one in shown(iterable):
            if isinstance(one, Spread):
                yield from of(one.iterable, names)
            else:
                yield one
    elif isinstance(iterable, NameExpr):
        yield from _of_name(iterable, names)
    elif sources := _sources(iterable):
        for source in sources:
            yield from of(source, names)
    else:
        yield from _of_type(names.type_of(iterable), names.checker)


def _sources(iterable: Expression) -> Sequence[Expression]:
    """Return the iterables from which alone the elements of `iterable` come; none where that is not known."""
    if isinstance(iterable, ConditionalExpr):
        return (iterable.if_expr, iterable.else_expr)
    if isinstance(iterable, AssignmentExpr):
        return (iterable.value,)
    if isinstance(iterable, OpExpr) and iterable.op in {"+", "|", "or"}:
        return (iterable.left, iterable.right)
    if isinstance(iterable, OpExpr) and iterable.op in {"*", "-", "&"}:
        return (iterable.left,)
    viewed = _viewed(iterable)
    return () if viewed is None else (viewed,)


def items(binding: ItemOf, names: Names) -> Iterator[Element]:
    """Yield what `a` in `a, b = x` or in `for a, b in x` is bound to, by its index."""
    source = binding.source
    if isinstance(source, Assigned):
        yield item(source.value, binding.position, names)
        return
    inner = _zipped(source.iterable, binding.position)
    if inner is not None:
        yield from of(inner, names)
        return
    for element in of(source.iterable, names):
        yield item(element, binding.position, names)


def item(value: Element, index: int, names: Names) -> Element:
    """Return the item `index` of a tuple or list, as far as the source or the type shows it."""
    if isinstance(value, (TupleExpr, ListExpr)) and not any(isinstance(one, StarExpr) for one in value.items):
        return value.items[index] if index < len(value.items) else None
    known = names.type_of(value) if isinstance(value, Expression) else value
    if isinstance(known, TupleType) and index < len(known.items):
        return get_proper_type(known.items[index])
    return None


def _zipped(iterable: Expression, index: int) -> Expression | None:
    """Return what the items `index` of `enumerate(x)`, `zip(x, y)` or `x.items()` come from."""
    if not isinstance(iterable, CallExpr):
        return None
    if isinstance(iterable.callee, MemberExpr) and iterable.callee.name == "items" and index == 0:
        return iterable.callee.expr
    if isinstance(iterable.callee, RefExpr) and iterable.callee.fullname == "builtins.enumerate" and index == 1:
        return iterable.args[0] if iterable.args else None
    if isinstance(iterable.callee, RefExpr) and iterable.callee.fullname == "builtins.zip":
        return iterable.args[index] if index < len(iterable.args) else None
    return None


def _viewed(iterable: Expression) -> Expression | None:
    """Return `x` of `x.keys()`, `x.copy()` and a slice `x[1:]`."""
    if isinstance(iterable, CallExpr) and isinstance(iterable.callee, MemberExpr):
        return iterable.callee.expr if iterable.callee.name in {"keys", "copy"} and not iterable.args else None
    if isinstance(iterable, IndexExpr) and isinstance(iterable.index, SliceExpr):
        return iterable.base
    return None


def _of_map(call: Expression) -> Iterator[Expression]:
    if isinstance(call, CallExpr) and isinstance(call.args[0], LambdaExpr):
        (statement,) = call.args[0].body.body
        if isinstance(statement, ReturnStmt) and statement.expr is not None:
            yield statement.expr


def _of_name(name: NameExpr, names: Names) -> Iterator[Element]:
    known = list(_of_type(names.type_of(name), names.checker))
    if all(element is not None and not (isinstance(element, ProperType) and is_followed(element)) for element in known):
        yield from known
        return
    bound = names.bound(name)
    added = names.added(name) if bound else None
    if added is None:
        yield from known
        return
    if not names.enter(name):
        return  # the container itself, as in `keys = keys + [key]`: nothing that is not looked at already
    for binding in bound:
        if isinstance(binding, Assigned):
            yield from of(binding.value, names)
        else:
            yield None
    for addition in added:
        if isinstance(addition, Assigned):
            yield addition.value
        else:
            yield from of(addition.iterable, names)
    names.leave(name)


def _of_type(t: ProperType | None, checker: TypeChecker) -> Iterator[Element]:
    if isinstance(t, TupleType):
        for one in t.items:
            yield get_proper_type(one)
    elif isinstance(t, Instance):
        iterable = checker.lookup_typeinfo("typing.Iterable")
        if t.type.has_base(iterable.fullname):
            yield get_proper_type(map_instance_to_supertype(t, iterable).args[0])
        else:
            yield None
    else:
        yield None
