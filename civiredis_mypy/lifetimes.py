"""Lifetimes of cache keys: which calls give one, and where (`redis-ttl`).

A write without an expiry is fine where the same function gives that very key a lifetime: `await redis.hset(key, ...)`
and `await redis.expire(key, 60)`. The key counts as the same where it is written the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import (
    CallExpr,
    Expression,
    FuncItem,
    IntExpr,
    MemberExpr,
    NameExpr,
    Node,
    OpExpr,
    StrExpr,
)
from mypy.plugin import MethodContext

from civiredis_mypy.commands import LIFETIMES
from civiredis_mypy.error_codes import REDIS_TTL
from civiredis_mypy.syntax_tree import children, descend

GIVING: Final = frozenset({"expire", "pexpire", "expireat", "pexpireat"})
ABSENT: Final = frozenset({"None", "False"})


def is_asked_for(checker: TypeChecker) -> bool:
    """Whether `redis-ttl` is on in the module that is checked."""
    return REDIS_TTL in checker.options.enabled_error_codes


def is_given(ctx: MethodContext) -> bool:
    """Whether an option of the call gives its key a lifetime, or keeps the one that it has."""
    return any(
        name in LIFETIMES and any(not _is_absent(value) for value in values)
        for name, values in zip(ctx.callee_arg_names, ctx.args, strict=True)
    )


def is_given_beside(key: Expression, checker: TypeChecker) -> bool:
    """Whether the function around `key` gives the key that is written like this a lifetime."""
    function = checker.scope.top_level_function()
    scope: Node = checker.tree if function is None else function
    written = _shape(key)
    for node in descend(scope, into=lambda node: function is not None or not isinstance(node, FuncItem)):
        if isinstance(node, CallExpr) and node.args and isinstance(node.callee, MemberExpr):
            gives = node.callee.name in GIVING or (node.callee.name == "getex" and _gives_option(node))
            if gives and _shape(node.args[0]) == written:
                return True
    return False


def _gives_option(call: CallExpr) -> bool:
    return any(
        (name is None or name in LIFETIMES) and not _is_absent(value)
        for name, value in zip(call.arg_names[1:], call.args[1:], strict=True)
    )


def _is_absent(value: Expression) -> bool:
    return isinstance(value, NameExpr) and value.name in ABSENT


def _shape(node: Node) -> Sequence[object]:
    """Describe an expression so that two are equal where they are written alike."""
    if isinstance(node, (NameExpr, MemberExpr)):
        own: object = node.name
    elif isinstance(node, (StrExpr, IntExpr)):
        own = node.value
    elif isinstance(node, OpExpr):
        own = node.op
    else:
        own = tuple(node.arg_names) if isinstance(node, CallExpr) else None
    below = [_shape(child) for child in children(node)]
    is_known = own is not None or bool(below)
    return (type(node), own if is_known else id(node), tuple(below))
