"""The types that mypy has found for expressions.

Most expressions that a verdict needs have been checked by then. Two kinds have not: those at module level, when the
daemon checks one function alone, and the value of an assignment whose target is looked at first. They are inferred on
the spot, and errors in them are left to mypy's own look at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mypy.checker import TypeChecker
from mypy.nodes import GDEF, Expression, NameExpr
from mypy.types import CallableType, ProperType, get_proper_type

from civiredis_mypy.fullnames import MAKE_KEY


class FoundTypes:
    """Types of expressions in the module that is being checked."""

    def __init__(self, checker: TypeChecker) -> None:
        self._checker = checker
        self.infer_all = False

    def of(self, expr: Expression) -> ProperType | None:
        """Type that mypy has found for `expr`, None where it has not come to it (yet)."""
        try:
            found = get_proper_type(self._checker.lookup_type(expr))
        except KeyError:
            return self._inferred(expr) if self.infer_all else None
        if type(found) is CallableType and found.definition is not None and found.definition.fullname == MAKE_KEY:
            return self._inferred(expr)  # a declared base that is called: mypy keeps the type of its `__call__`
        return found

    @contextmanager
    def all_inferred(self) -> Iterator[None]:
        """Infer whatever has no type yet: to describe an expression of which the verdict stands."""
        before, self.infer_all = self.infer_all, True
        try:
            yield
        finally:
            self.infer_all = before

    @contextmanager
    def where_bound(self, name: NameExpr) -> Iterator[None]:
        """Look at what `name` is bound to: at module level, perhaps."""
        before = self.infer_all
        self.infer_all = before or name.kind == GDEF
        try:
            yield
        finally:
            self.infer_all = before

    @contextmanager
    def found_for_now(self, expr: Expression) -> Iterator[None]:
        """Look at `expr` ahead of mypy, which will look at it again: with the types of all that stands in it."""
        types = self._checker.local_type_map
        with types() if callable(types) else types:
            with self._checker.msg.filter_errors():
                self._checker.expr_checker.accept(expr)
            with self.all_inferred():
                yield

    def _inferred(self, expr: Expression) -> ProperType:
        types = self._checker.local_type_map
        with self._checker.msg.filter_errors(), types() if callable(types) else types:
            return get_proper_type(self._checker.expr_checker.accept(expr))
