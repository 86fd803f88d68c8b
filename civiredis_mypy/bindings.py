"""What a local name can stand for: every place that binds it.

`key = f"user:{uid}"` and, later, `redis.get(key)` is how two of five keys are written. mypy infers `str` for `key`; the
proof has to be looked up where the name is bound. A name is followed where each of its bindings is an assignment (or an
element of something that can be judged). Parameters, `with`, `except` and import targets, `del`, augmented and
unpacking assignment end the following.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    Block,
    DelStmt,
    DictionaryComprehension,
    Expression,
    ExpressionStmt,
    ForStmt,
    FuncItem,
    GeneratorExpr,
    IfStmt,
    Import,
    ImportFrom,
    LambdaExpr,
    ListExpr,
    MatchStmt,
    MypyFile,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    ReturnStmt,
    StarExpr,
    SymbolNode,
    TryStmt,
    TupleExpr,
    WhileStmt,
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


class Opaque(NamedTuple):
    """Bound in a way that says nothing of the value."""

    at: Node


Known: TypeAlias = Assigned | ElementOf | ItemOf
Binding: TypeAlias = Known | Opaque
Table: TypeAlias = dict[SymbolNode, list[Binding]]


DISPLAYS: Final = (TupleExpr, ListExpr)
IMPORTS: Final = frozenset({Import, ImportFrom})
BINDING_NOTHING: Final = frozenset({Block, ExpressionStmt, IfStmt, ReturnStmt, WhileStmt})
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
    inside = list(statements(scope))
    imported = {name for one in inside if type(one) in IMPORTS for name in _imported(one)}
    collector = _Collector(only, imported)
    for statement in inside:
        if type(statement) not in BINDING_NOTHING:
            collector.statement(statement)
    for expression in get_subexpressions(scope):
        if type(expression) in BINDING_EXPRESSIONS:
            collector.expression(expression)
    return collector.table


class _Collector:
    """Gathers the bindings of every name, or of `only` one."""

    def __init__(self, only: SymbolNode | None, imported: set[str]) -> None:
        self.table: Table = {}
        self._only = only
        self._imported = imported

    def bind(self, target: Node | None, binding: Binding) -> None:
        if isinstance(target, NameExpr):
            if target.node is not None and (self._only is None or target.node is self._only):
                known = Opaque(target) if target.name in self._imported else binding
                self.table.setdefault(target.node, []).append(known)
        elif isinstance(target, (TupleExpr, ListExpr)):
            for item, item_binding in _unpacked(target.items, binding):
                self.bind(item, item_binding)
        elif isinstance(target, StarExpr):
            self.bind(target.expr, Opaque(target))

    def statement(self, node: Node) -> None:
        if isinstance(node, AssignmentStmt):
            for lvalue in node.lvalues:
                self.bind(lvalue, Opaque(node) if is_annotated(node) else Assigned(node.rvalue))
        elif isinstance(node, ForStmt):
            self.bind(node.index, ElementOf(node.expr) if not node.is_async else Opaque(node))
        elif isinstance(node, FuncItem):
            self._parameters(node)
        elif isinstance(node, MatchStmt):
            self._patterns(node)
        else:
            for target in _opaque_targets(node):
                self.bind(target, Opaque(node))

    def expression(self, node: Expression) -> None:
        if isinstance(node, AssignmentExpr):
            self.bind(node.target, Assigned(node.value))
        elif isinstance(node, (GeneratorExpr, DictionaryComprehension)):
            for index, sequence, is_async in zip(node.indices, node.sequences, node.is_async, strict=True):
                self.bind(index, ElementOf(sequence) if not is_async else Opaque(node))
        elif isinstance(node, LambdaExpr):
            self._parameters(node)

    def _parameters(self, function: FuncItem) -> None:
        if self._only is None:
            for argument in function.arguments:
                self.table.setdefault(argument.variable, []).append(Opaque(argument))

    def _patterns(self, statement: MatchStmt) -> None:
        for pattern in statement.patterns:
            for node in descend(pattern, into=lambda _: True):
                if isinstance(node, AsPattern):
                    self.bind(node.name, Opaque(node))
                elif isinstance(node, StarredPattern):
                    self.bind(node.capture, Opaque(node))
                elif isinstance(node, MappingPattern):
                    self.bind(node.rest, Opaque(node))


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
            yield target, Opaque(target)
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
