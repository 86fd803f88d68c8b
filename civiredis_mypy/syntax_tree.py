"""Walking mypy's syntax tree from Python.

mypy's own visitors are compiled and most cannot be subclassed from a plugin, so the children of each kind of node
stand here in one table. Kinds that are not listed have no children that could bind a name or hold a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from typing import Any, Final

from mypy import nodes as n
from mypy import patterns as p

Children = Iterable["n.Node | None"]

CHILDREN: Final[dict[type, Callable[[Any], Children]]] = {
    n.MypyFile: lambda x: x.defs,
    n.Block: lambda x: x.body,
    n.ExpressionStmt: lambda x: (x.expr,),
    n.AssignmentStmt: lambda x: (*x.lvalues, x.rvalue),
    n.OperatorAssignmentStmt: lambda x: (x.lvalue, x.rvalue),
    n.ReturnStmt: lambda x: (x.expr,),
    n.AssertStmt: lambda x: (x.expr, x.msg),
    n.RaiseStmt: lambda x: (x.expr, x.from_expr),
    n.DelStmt: lambda x: (x.expr,),
    n.WhileStmt: lambda x: (x.expr, x.body, x.else_body),
    n.ForStmt: lambda x: (x.index, x.expr, x.body, x.else_body),
    n.IfStmt: lambda x: (*x.expr, *x.body, x.else_body),
    n.WithStmt: lambda x: (*x.expr, *x.target, x.body),
    n.TryStmt: lambda x: (x.body, *x.types, *x.vars, *x.handlers, x.else_body, x.finally_body),
    n.MatchStmt: lambda x: (x.subject, *x.patterns, *x.guards, *x.bodies),
    n.FuncDef: lambda x: (*(argument.initializer for argument in x.arguments), x.body),
    n.LambdaExpr: lambda x: (*(argument.initializer for argument in x.arguments), x.body),
    n.OverloadedFuncDef: lambda x: x.items,
    n.Decorator: lambda x: (*x.decorators, x.func),
    n.ClassDef: lambda x: (*x.base_type_exprs, *x.decorators, x.defs),
    n.CallExpr: lambda x: (x.callee, *x.args),
    n.MemberExpr: lambda x: (x.expr,),
    n.IndexExpr: lambda x: (x.base, x.index),
    n.SliceExpr: lambda x: (x.begin_index, x.end_index, x.stride),
    n.OpExpr: lambda x: (x.left, x.right),
    n.ComparisonExpr: lambda x: x.operands,
    n.UnaryExpr: lambda x: (x.expr,),
    n.ConditionalExpr: lambda x: (x.cond, x.if_expr, x.else_expr),
    n.AssignmentExpr: lambda x: (x.target, x.value),
    n.StarExpr: lambda x: (x.expr,),
    n.AwaitExpr: lambda x: (x.expr,),
    n.YieldExpr: lambda x: (x.expr,),
    n.YieldFromExpr: lambda x: (x.expr,),
    n.ListExpr: lambda x: x.items,
    n.TupleExpr: lambda x: x.items,
    n.SetExpr: lambda x: x.items,
    n.DictExpr: lambda x: (part for item in x.items for part in item),
    n.GeneratorExpr: lambda x: (
        x.left_expr,
        *x.indices,
        *x.sequences,
        *(condition for conditions in x.condlists for condition in conditions),
    ),
    n.ListComprehension: lambda x: (x.generator,),
    n.SetComprehension: lambda x: (x.generator,),
    n.DictionaryComprehension: lambda x: (
        x.key,
        x.value,
        *x.indices,
        *x.sequences,
        *(condition for conditions in x.condlists for condition in conditions),
    ),
    n.CastExpr: lambda x: (x.expr,),
    n.AssertTypeExpr: lambda x: (x.expr,),
    p.AsPattern: lambda x: (x.pattern, x.name),
    p.OrPattern: lambda x: x.patterns,
    p.SequencePattern: lambda x: x.patterns,
    p.StarredPattern: lambda x: (x.capture,),
    p.MappingPattern: lambda x: (*x.values, x.rest),
    p.ClassPattern: lambda x: (*x.positionals, *x.keyword_values),
}


def children(node: n.Node) -> Iterator[n.Node]:
    """Yield the nodes directly below `node`, in the order of the source."""
    below = CHILDREN.get(type(node))
    if below is not None:
        for child in below(node):
            if child is not None:
                yield child


def descend(node: n.Node, *, into: Callable[[n.Node], bool]) -> Iterator[n.Node]:
    """Yield `node` and all nodes below it; those below a node for which `into` is false are left out."""
    yield node
    if into(node):
        for child in children(node):
            yield from descend(child, into=into)


BLOCKS: Final[dict[type, Callable[[Any], Children]]] = {
    n.MypyFile: lambda x: x.defs,
    n.Block: lambda x: x.body,
    n.WhileStmt: lambda x: (x.body, x.else_body),
    n.ForStmt: lambda x: (x.body, x.else_body),
    n.IfStmt: lambda x: (*x.body, x.else_body),
    n.WithStmt: lambda x: (x.body,),
    n.TryStmt: lambda x: (x.body, *x.handlers, x.else_body, x.finally_body),
    n.MatchStmt: lambda x: x.bodies,
    n.FuncDef: lambda x: (x.body,),
    n.OverloadedFuncDef: lambda x: x.items,
    n.Decorator: lambda x: (x.func,),
    n.ClassDef: lambda x: (x.defs,),
}


def statements(scope: n.Node, into: Callable[[n.Node], bool] | None = None) -> list[n.Node]:
    """List `scope` and every statement in it, also in nested functions and classes; expressions are left out.

    What stands in a statement for which `into` is false is left out, too.
    """
    found = [scope]  # it grows on the way, and is passed over where no statement stands inside
    for node in compress(found, map(BLOCKS.__contains__, map(type, found))):
        if into is None or into(node):
            found += filter(None, BLOCKS[type(node)](node))
    return found
