"""What a local name can stand for: every place that binds it.

`key = f"user:{uid}"` and, later, `redis.get(key)` is how two of five keys are written. mypy infers `str` for `key`; the
proof has to be looked up where the name is bound. A name is followed where each of its bindings is an assignment (or an
element of something that can be judged). Parameters, `with`, `except` and import targets, `del`, augmented and
unpacking assignment end the following.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    DelStmt,
    DictionaryComprehension,
    Expression,
    ForStmt,
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
    """Bound by unpacking to the item `index` of a value, or of each element: `a, b = x`, `for a, b in x`."""

    source: Assigned | ElementOf
    index: int


class Opaque(NamedTuple):
    """Bound in a way that says nothing of the value."""

    at: Node


Known: TypeAlias = Assigned | ElementOf | ItemOf
Binding: TypeAlias = Known | Opaque
Table: TypeAlias = dict[SymbolNode, list[Binding]]
_Bind: TypeAlias = Callable[[Node | None, Binding], None]


DISPLAYS: Final = (TupleExpr, ListExpr)
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
    table: Table = {}
    inside = list(statements(scope))
    imported = {name for one in inside if isinstance(one, (Import, ImportFrom)) for name in _imported(one)}

    def bind(target: Node | None, binding: Binding) -> None:
        if isinstance(target, NameExpr):
            if target.node is not None and (only is None or target.node is only):
                known = Opaque(target) if target.name in imported else binding
                table.setdefault(target.node, []).append(known)
        elif isinstance(target, (TupleExpr, ListExpr)):
            for item, item_binding in _unpacked(target.items, binding):
                bind(item, item_binding)
        elif isinstance(target, StarExpr):
            bind(target.expr, Opaque(target))

    for statement in inside:
        if isinstance(statement, FuncItem):
            _bind_parameters(statement, table, only)
        else:
            _bind_statement(statement, bind)
    for expression in get_subexpressions(scope):
        if type(expression) in BINDING_EXPRESSIONS:
            _bind_expression(expression, bind)
            if isinstance(expression, LambdaExpr):
                _bind_parameters(expression, table, only)
    return table


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


def _imported(statement: Import | ImportFrom) -> Iterator[str]:
    names = statement.ids if isinstance(statement, Import) else statement.names
    for name, alias in names:
        yield alias or name.partition(".")[0]


def _bind_parameters(function: FuncItem, table: Table, only: SymbolNode | None) -> None:
    if only is None:
        for argument in function.arguments:
            table.setdefault(argument.variable, []).append(Opaque(argument))


def is_annotated(statement: AssignmentStmt) -> bool:
    """Whether an assignment declares a type; a bare `Final` does not."""
    written = statement.unanalyzed_type
    return written is not None and not (
        statement.is_final_def and isinstance(written, UnboundType) and not written.args
    )


def _bind_expression(node: Expression, bind: _Bind) -> None:
    if isinstance(node, AssignmentExpr):
        bind(node.target, Assigned(node.value))
    elif isinstance(node, (GeneratorExpr, DictionaryComprehension)):
        for index, sequence, is_async in zip(node.indices, node.sequences, node.is_async, strict=True):
            bind(index, ElementOf(sequence) if not is_async else Opaque(node))


def _bind_statement(node: Node, bind: _Bind) -> None:
    if isinstance(node, AssignmentStmt):
        for lvalue in node.lvalues:
            bind(lvalue, Opaque(node) if is_annotated(node) else Assigned(node.rvalue))
    elif isinstance(node, ForStmt):
        bind(node.index, ElementOf(node.expr) if not node.is_async else Opaque(node))
    elif isinstance(node, OperatorAssignmentStmt):
        bind(node.lvalue, Opaque(node))
    elif isinstance(node, DelStmt):
        bind(node.expr, Opaque(node))
    elif isinstance(node, WithStmt):
        for target in node.target:
            bind(target, Opaque(node))
    elif isinstance(node, TryStmt):
        for name in node.vars:
            bind(name, Opaque(node))
    elif isinstance(node, MatchStmt):
        for pattern in node.patterns:
            for part in descend(pattern, into=lambda _: True):
                _bind_pattern(part, bind)


def _bind_pattern(node: Node, bind: _Bind) -> None:
    if isinstance(node, AsPattern):
        bind(node.name, Opaque(node))
    elif isinstance(node, StarredPattern):
        bind(node.capture, Opaque(node))
    elif isinstance(node, MappingPattern):
        bind(node.rest, Opaque(node))
