"""What a local name can stand for: every place that binds it.

`key = f"user:{uid}"` and, later, `redis.get(key)` is how two of five keys are written. mypy infers `str` for `key`; the
proof has to be looked up where the name is bound. A name is followed where each of its bindings is an assignment (or an
element of something that can be judged). Parameters, `with`, `except` and import targets, `del`, augmented and
unpacking assignment end the following.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    DelStmt,
    DictionaryComprehension,
    Expression,
    ForStmt,
    FuncDef,
    FuncItem,
    GeneratorExpr,
    Import,
    ImportFrom,
    LambdaExpr,
    ListExpr,
    MatchStmt,
    MypyFile,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    StarExpr,
    SymbolNode,
    TryStmt,
    TupleExpr,
    WithStmt,
)
from mypy.patterns import AsPattern, MappingPattern, StarredPattern
from mypy.server.subexpr import get_subexpressions
from mypy.types import UnboundType

from civiredis_mypy.syntax_tree import descend, statements


class Assigned(NamedTuple):
    """Bound by `name = value` or `(name := value)`."""

    value: Expression


class ElementOf(NamedTuple):
    """Bound in turn to each element, by `for name in iterable`."""

    iterable: Expression


class ItemOf(NamedTuple):
    """Bound by unpacking to the item at `position` of a value, or of each element: `a, b = x`, `for a, b in x`."""

    source: Assigned | ElementOf
    position: int


class Opaque:
    """Bound in a way that says nothing of the value."""


OPAQUE: Final = Opaque()

Known: TypeAlias = Assigned | ElementOf | ItemOf
Binding: TypeAlias = Known | Opaque
Table: TypeAlias = dict[SymbolNode, list[Binding]]


DISPLAYS: Final = (TupleExpr, ListExpr)
IMPORTS: Final = frozenset({Import, ImportFrom})
BINDING_STATEMENTS: Final = frozenset(
    {AssignmentStmt, DelStmt, ForStmt, FuncDef, MatchStmt, OperatorAssignmentStmt, TryStmt, WithStmt}
)
BINDING_EXPRESSIONS: Final = frozenset({AssignmentExpr, GeneratorExpr, DictionaryComprehension, LambdaExpr})


class Bindings:
    """The bindings of the function (or module) that was asked about last."""

    def __init__(self) -> None:
        self._scope: Node | None = None
        self._table: Table = {}

    def of(self, name: NameExpr, function: FuncItem | None, module: MypyFile) -> list[Binding]:
        """Every binding of `name`, as used in `function` (the outermost one) of `module`; empty when not known."""
        if name.node is None:
            return []
        if function is not None:
            found = self._in(function).get(name.node)
            if found is None:
                # The daemon analyses a function anew without parsing it: its names are new objects.
                self._scope = None
                found = self._in(function).get(name.node)
            if found is not None:
                return found
        return _collect(module, name.node).get(name.node, [])

    def _in(self, scope: Node) -> Table:
        if self._scope is not scope:
            self._scope, self._table = scope, _collect(scope, None)
        return self._table


def _collect(scope: Node, only: SymbolNode | None) -> Table:
    """Gather bindings; what binds nothing is passed over without a step of Python."""
    inside = statements(scope)
    imported: set[str] = set()
    if not IMPORTS.isdisjoint(map(type, inside)):
        imported.update(name for one in inside if type(one) in IMPORTS for name in _imported(one))
    collector = _Collector(only, imported)
    for statement in compress(inside, map(BINDING_STATEMENTS.__contains__, map(type, inside))):
        collector.statement(statement)
    expressions = get_subexpressions(scope)
    for expression in compress(expressions, map(BINDING_EXPRESSIONS.__contains__, map(type, expressions))):
        collector.expression(expression)
    return collector.table


class _Collector:
    """Gathers the bindings of every name, or of `only` one."""

    def __init__(self, only: SymbolNode | None, imported: set[str]) -> None:
        self.table: Table = {}
        self._only = only
        self._imported = imported

    def bind(self, target: Node | None, binding: Binding) -> None:
        if type(target) is NameExpr:
            node = target.node
            if node is not None and (self._only is None or node is self._only):
                self.table.setdefault(node, []).append(OPAQUE if target.name in self._imported else binding)
        elif isinstance(target, (TupleExpr, ListExpr)):
            for item, item_binding in _unpacked(target.items, binding):
                self.bind(item, item_binding)
        elif isinstance(target, StarExpr):
            self.bind(target.expr, OPAQUE)

    def statement(self, node: Node) -> None:
        if type(node) is AssignmentStmt:
            binding = Assigned(node.rvalue) if node.unanalyzed_type is None or not is_annotated(node) else OPAQUE
            for lvalue in node.lvalues:
                self.bind(lvalue, binding)
        elif isinstance(node, ForStmt):
            self.bind(node.index, ElementOf(node.expr) if not node.is_async else OPAQUE)
        elif isinstance(node, FuncItem):
            self._parameters(node)
        elif isinstance(node, MatchStmt):
            self._patterns(node)
        else:
            for target in _opaque_targets(node):
                self.bind(target, OPAQUE)

    def expression(self, node: Expression) -> None:
        if isinstance(node, AssignmentExpr):
            self.bind(node.target, Assigned(node.value))
        elif isinstance(node, (GeneratorExpr, DictionaryComprehension)):
            for index, sequence, is_async in zip(node.indices, node.sequences, node.is_async, strict=True):
                self.bind(index, ElementOf(sequence) if not is_async else OPAQUE)
        elif isinstance(node, LambdaExpr):
            self._parameters(node)

    def _parameters(self, function: FuncItem) -> None:
        if self._only is None:
            for argument in function.arguments:
                self.table[argument.variable] = [OPAQUE]

    def _patterns(self, statement: MatchStmt) -> None:
        for pattern in statement.patterns:
            for node in descend(pattern, into=lambda _: True):
                if isinstance(node, AsPattern):
                    self.bind(node.name, OPAQUE)
                elif isinstance(node, StarredPattern):
                    self.bind(node.capture, OPAQUE)
                elif isinstance(node, MappingPattern):
                    self.bind(node.rest, OPAQUE)


def _opaque_targets(node: Node) -> Iterable[Node | None]:
    """Return what a statement binds in a way that says nothing of the value."""
    if isinstance(node, OperatorAssignmentStmt):
        return (node.lvalue,)
    if isinstance(node, DelStmt):
        return (node.expr,)
    if isinstance(node, WithStmt):
        return node.target
    return node.vars if isinstance(node, TryStmt) else ()


def _unpacked(targets: list[Expression], binding: Binding) -> Iterator[tuple[Expression, Binding]]:
    """Pair the targets of an unpacking with what each is bound to."""
    starred = any(isinstance(target, StarExpr) for target in targets)
    values = binding.value.items if isinstance(binding, Assigned) and isinstance(binding.value, DISPLAYS) else ()
    for index, target in enumerate(targets):
        if starred or isinstance(binding, (Opaque, ItemOf)) or any(isinstance(one, StarExpr) for one in values):
            yield target, OPAQUE
        elif len(values) == len(targets):
            yield target, Assigned(values[index])
        else:
            yield target, ItemOf(binding, index)


def _imported(statement: Node) -> Iterator[str]:
    assert isinstance(statement, (Import, ImportFrom))
    names = statement.ids if isinstance(statement, Import) else statement.names
    for name, alias in names:
        yield alias or name.partition(".")[0]


def is_annotated(statement: AssignmentStmt) -> bool:
    """Whether an assignment declares a type; a bare `Final` does not."""
    written = statement.unanalyzed_type
    return written is not None and not (
        statement.is_final_def and isinstance(written, UnboundType) and not written.args
    )
