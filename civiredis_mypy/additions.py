"""What is put into a container after it was made, and whether anyone else could put something into it.

`keys = [f"user:{i}" for i in ids]`, then `keys.append(f"tag:{t}")`, then `redis.mget(keys)`: the list is followed, with
what is appended to it. It is no longer followed once it is handed to code that might add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Decorator,
    DelStmt,
    Expression,
    ExpressionStmt,
    ForStmt,
    FuncBase,
    FuncDef,
    IndexExpr,
    MemberExpr,
    NameExpr,
    Node,
    SymbolNode,
    Var,
)
from mypy.nodes import (
    AssignmentExpr,
    DictExpr,
    ListExpr,
    SetExpr,
    TupleExpr,
    YieldExpr,
)
from mypy.types import CallableType, Instance, Overloaded, ProperType, Type, get_proper_type

from civiredis_mypy.bindings import Assigned, ElementOf
from civiredis_mypy.syntax_tree import children

ADD_ONE: Final = {"append": 0, "add": 0, "insert": 1, "appendleft": 0}
ADD_MANY: Final = frozenset({"extend", "update", "extendleft"})
HARMLESS: Final = frozenset(
    {"clear", "copy", "count", "discard", "index", "pop", "remove", "reverse", "sort", "popleft", "items", "keys"}
)
MUTABLE: Final = frozenset(
    {
        "builtins.list",
        "builtins.set",
        "builtins.dict",
        "collections.deque",
        "typing.MutableSequence",
        "typing.MutableSet",
        "typing.MutableMapping",
    }
)

TypeOf = Callable[[Node], ProperType | None]


def added(name: SymbolNode, scope: Node, type_of: TypeOf) -> list[Assigned | ElementOf] | None:
    """Everything that `scope` puts into the container `name`; None where other code could put something in."""
    found: list[Assigned | ElementOf] = []
    for use, parent, grandparent in _uses(name, scope, scope, scope):
        addition = _addition(use, parent, grandparent)
        if addition is not None:
            found.append(addition)
        elif not _is_harmless(use, parent, grandparent, type_of):
            return None
    return found


def _uses(name: SymbolNode, node: Node, parent: Node, grandparent: Node) -> Iterator[tuple[Node, Node, Node]]:
    if isinstance(node, NameExpr) and node.node is name:
        yield node, parent, grandparent
    for child in children(node):
        yield from _uses(name, child, node, parent)


def _addition(use: Node, parent: Node, grandparent: Node) -> Assigned | ElementOf | None:
    if isinstance(parent, MemberExpr) and isinstance(grandparent, CallExpr) and grandparent.callee is parent:
        at = ADD_ONE.get(parent.name)
        if at is not None and len(grandparent.args) > at:
            return Assigned(grandparent.args[at])
        if parent.name in ADD_MANY and len(grandparent.args) == 1:
            return ElementOf(grandparent.args[0])
    if isinstance(parent, IndexExpr) and parent.base is use and isinstance(grandparent, AssignmentStmt):
        if parent in grandparent.lvalues:
            return Assigned(grandparent.rvalue)
    return None


def _is_harmless(use: Node, parent: Node, grandparent: Node, type_of: TypeOf) -> bool:
    if isinstance(parent, MemberExpr):
        return parent.name in HARMLESS and isinstance(grandparent, CallExpr)
    if isinstance(parent, AssignmentStmt):
        return use in parent.lvalues
    if isinstance(parent, CallExpr):
        return use is not parent.callee and not _may_change(type_of(parent.callee) or _declared_type(parent.callee))
    if isinstance(parent, (DelStmt, ListExpr, SetExpr, TupleExpr, DictExpr, YieldExpr)):
        return False
    if isinstance(parent, AssignmentExpr):
        return use is parent.target
    return not (isinstance(parent, ForStmt) and parent.index is use) and not isinstance(parent, ExpressionStmt)


def _declared_type(callee: Expression) -> ProperType | None:
    """Type of a callee that mypy has not come to yet: a function, or a method of a name whose type is known."""
    if isinstance(callee, NameExpr) and isinstance(callee.node, (FuncDef, Var)):
        return get_proper_type(callee.node.type)
    if isinstance(callee, MemberExpr):
        receiver = _declared_type(callee.expr)
        if isinstance(receiver, Instance):
            member = receiver.type.get(callee.name)
            if member is not None and isinstance(member.node, (FuncBase, Decorator, Var)):
                return get_proper_type(member.node.type)
    return None


def _may_change(callee: Type | None) -> bool:
    proper = get_proper_type(callee)
    if isinstance(proper, Overloaded):
        return any(_may_change(item) for item in proper.items)
    if not isinstance(proper, CallableType):
        return True
    return any(
        isinstance(formal, Instance) and formal.type.fullname in MUTABLE
        for formal in map(get_proper_type, proper.arg_types)
    )
