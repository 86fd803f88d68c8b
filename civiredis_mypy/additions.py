"""What is put into a container after it was made, and whether anyone else could put something into it.

`keys = [f"user:{i}" for i in ids]`, then `keys.append(f"tag:{t}")`, then `redis.mget(keys)`: the list is followed, with
what is appended to it. It is no longer followed once it is handed to code that might add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mypy.nodes import (
    ARG_POS,
    ARG_STAR,
    AssignmentExpr,
    AssignmentStmt,
    AwaitExpr,
    CallExpr,
    ComparisonExpr,
    ConditionalExpr,
    Decorator,
    DictExpr,
    DictionaryComprehension,
    Expression,
    ExpressionStmt,
    ForStmt,
    FuncBase,
    FuncDef,
    GeneratorExpr,
    IfStmt,
    IndexExpr,
    MemberExpr,
    NameExpr,
    Node,
    OpExpr,
    RefExpr,
    ReturnStmt,
    SliceExpr,
    StarExpr,
    SymbolNode,
    UnaryExpr,
    Var,
    WhileStmt,
)
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    UnionType,
    get_proper_type,
)

from civiredis_mypy.bindings import Assigned, ElementOf
from civiredis_mypy.key_types import holds_key
from civiredis_mypy.syntax_tree import children

ADD_ONE: Final = {"append": 0, "add": 0, "insert": 1, "appendleft": 0, "setdefault": 0}
ADD_MANY: Final = frozenset({"extend", "update", "extendleft"})
HARMLESS: Final = frozenset(
    {"clear", "copy", "count", "discard", "index", "pop", "remove", "reverse", "sort", "popleft", "items", "keys"}
)
READ_ONLY: Final = frozenset(
    {
        *("builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.bytes", "datetime.timedelta"),
        *("typing.Iterable", "typing.Collection", "typing.Sequence", "typing.Mapping", "typing.AbstractSet"),
        *("typing.Sized", "typing.Container"),
    }
)
COPYING: Final = frozenset(
    {
        *(
            "builtins.list",
            "builtins.tuple",
            "builtins.set",
            "builtins.frozenset",
            "builtins.dict",
            "builtins.enumerate",
        ),
        *("builtins.zip", "builtins.bool", "builtins.reversed", "builtins.map", "builtins.filter", "collections.deque"),
    }
)
CONDITIONS: Final = (ComparisonExpr, IfStmt, WhileStmt)
READING: Final = (CallExpr, OpExpr, ComparisonExpr, ReturnStmt, AwaitExpr, ExpressionStmt)

TypeOf = Callable[[Node], ProperType | None]


def added(name: SymbolNode, scope: Node, type_of: TypeOf) -> list[Assigned | ElementOf] | None:
    """Everything that `scope` puts into the container `name`; None where other code could put something in."""
    found: list[Assigned | ElementOf] = []
    for use, parent, grandparent in _uses(name, scope, scope, scope):
        addition = _addition(use, parent, grandparent, type_of)
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


def _addition(use: Node, parent: Node, grandparent: Node, type_of: TypeOf) -> Assigned | ElementOf | None:
    if isinstance(parent, MemberExpr) and isinstance(grandparent, CallExpr) and grandparent.callee is parent:
        if any(kind != ARG_POS for kind in grandparent.arg_kinds):
            return None
        at = ADD_ONE.get(parent.name)
        if at is not None and len(grandparent.args) > at:
            return Assigned(grandparent.args[at])
        if parent.name in ADD_MANY and len(grandparent.args) == 1:
            return ElementOf(grandparent.args[0])
    if isinstance(parent, IndexExpr) and parent.base is use and isinstance(grandparent, AssignmentStmt):
        held = type_of(use)
        if parent in grandparent.lvalues and isinstance(held, Instance) and not isinstance(parent.index, SliceExpr):
            return Assigned(parent.index if held.type.has_base("typing.Mapping") else grandparent.rvalue)
    return None


def _is_harmless(use: Node, parent: Node, grandparent: Node, type_of: TypeOf) -> bool:
    """Whether a use can only read. What is not known to be harmless is not."""
    if isinstance(parent, MemberExpr):
        return parent.name in HARMLESS and isinstance(grandparent, CallExpr) and grandparent.callee is parent
    if isinstance(parent, AssignmentStmt):
        return parent.lvalues == [use]  # two names of one container could both add to it
    if isinstance(parent, CallExpr):
        return _is_positional(use, parent) and _callee_only_reads(parent.callee, type_of)
    if isinstance(parent, AssignmentExpr):
        return use is parent.target
    if isinstance(parent, ForStmt):
        return parent.expr is use
    if isinstance(parent, IndexExpr):
        return parent.base is use and isinstance(grandparent, READING)
    if isinstance(parent, ConditionalExpr):
        return parent.cond is use
    if isinstance(parent, DictExpr):  # `{**keys}` makes a new container
        return (None, use) in parent.items
    if isinstance(parent, OpExpr):  # `keys + [key]` makes a new container
        held = type_of(use)
        return parent.op in "+*|-&" and isinstance(held, Instance) and held.type.fullname in COPYING
    return isinstance(parent, (GeneratorExpr, DictionaryComprehension, StarExpr, UnaryExpr, *CONDITIONS))


def _declared_type(callee: Expression) -> ProperType | None:
    """Type of a callee that mypy has not come to yet: a function, or a method of a name whose type is known."""
    if isinstance(callee, NameExpr) and isinstance(callee.node, (FuncDef, Var)):
        return get_proper_type(callee.node.type)
    if isinstance(callee, MemberExpr):
        receiver = _declared_type(callee.expr)
        if isinstance(receiver, Instance):
            member = receiver.type.get(callee.name)
            if member is not None and isinstance(member.node, (FuncBase, Decorator, Var)):
                return _bound(get_proper_type(member.node.type))
    return None


def _bound(method: ProperType | None) -> ProperType | None:
    """Leave out `self`."""
    if isinstance(method, Overloaded):
        return Overloaded([item for item in map(_bound, method.items) if isinstance(item, CallableType)])
    if not isinstance(method, CallableType) or not method.arg_types:
        return None
    return method.copy_modified(
        arg_types=method.arg_types[1:], arg_kinds=method.arg_kinds[1:], arg_names=method.arg_names[1:]
    )


def _is_positional(use: Node, call: CallExpr) -> bool:
    return any(
        value is use and kind in {ARG_POS, ARG_STAR} for value, kind in zip(call.args, call.arg_kinds, strict=True)
    )


def _callee_only_reads(callee: Expression, type_of: TypeOf) -> bool:
    if isinstance(callee, RefExpr):
        if callee.fullname in COPYING:
            return True
        if isinstance(callee.node, FuncBase) and callee.fullname.rpartition(".")[0] == "builtins":
            return True
    return _only_reads(type_of(callee) or _declared_type(callee))


def _only_reads(callee: Type | None) -> bool:
    """Whether every parameter is of a type that cannot be changed through, or asks for keys itself."""
    proper = get_proper_type(callee)
    if isinstance(proper, Overloaded):
        return all(_only_reads(item) for item in proper.items)
    if not isinstance(proper, CallableType) or proper.implicit:
        return False
    if proper.is_type_obj():
        return False
    return all(_is_read_only(get_proper_type(formal)) for formal in proper.arg_types)


def _is_read_only(formal: ProperType) -> bool:
    if isinstance(formal, (UnionType, TupleType)):
        return all(_is_read_only(get_proper_type(item)) for item in formal.items)
    if holds_key(formal) or isinstance(formal, (NoneType, LiteralType)):
        return True
    return isinstance(formal, Instance) and formal.type.fullname in READ_ONLY
