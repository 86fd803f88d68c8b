"""F-strings, `+`, `%`, `.format` and `.join` where a key is expected and no call or annotation of ours stands around.

These are method calls of `str`, so the plugin sees each with its context: `self.key = f"user:{uid}"`, an item of a dict
whose type is declared, an argument of a callable without a name.
"""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import Expression
from mypy.plugin import MethodContext
from mypy.types import Instance, Type, get_proper_type

from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import alternatives, expected_keys, is_key, is_let_in


def is_key_expected(ctx: MethodContext) -> bool:
    """Whether the context is a key. It hardly ever is, and this is asked for every f-string of the program."""
    if not isinstance(ctx.api, TypeChecker):
        return False
    context = get_proper_type(ctx.api.type_context[-1])
    if context is None or (isinstance(context, Instance) and not is_key(context)):
        return False
    return expected_keys(context) is not None and not any(map(is_let_in, alternatives(context)))


def judge_string(ctx: MethodContext, judge: Judge) -> Type:
    """Judge the string where its context is a key, and return the key type then (`get_method_hook`)."""
    context = get_proper_type(judge.checker.type_context[-1])
    expr = ctx.context
    if context is None:
        return ctx.default_return_type
    if not isinstance(expr, Expression):
        return ctx.default_return_type
    judge.judge_built(expr, context)
    return next(part for part in alternatives(context) if is_key(part))
