"""What a call of `key()` is worth: a base, in the body of a registry; nothing anywhere else."""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, TypeInfo
from mypy.plugin import FunctionContext, FunctionSigContext
from mypy.types import FunctionLike, Instance, Type, UninhabitedType, get_proper_type

from civiredis_mypy.fullnames import DECLARED_KEY
from civiredis_mypy.key_calls import Unread, structure_of
from civiredis_mypy.registry import METADATA, is_registry


def open_structure(ctx: FunctionSigContext) -> FunctionLike:
    """Take any structure in the body of a registry, where one that is none is reported (`registry`)."""
    signature, call = ctx.default_signature, ctx.context
    if not isinstance(ctx.api, TypeChecker) or not isinstance(call, CallExpr) or not _is_in_registry(ctx.api):
        return signature
    if not isinstance(structure_of(call), Unread):
        return signature
    anything = ctx.api.named_type("builtins.object")
    formals = [
        anything if name == "structure" else formal
        for name, formal in zip(signature.arg_names, signature.arg_types, strict=True)
    ]
    return signature.copy_modified(arg_types=formals)


def proven_in_registry(ctx: FunctionContext) -> Type:
    """Return the declared key; outside of a registry one that is a key of none (`get_function_hook`)."""
    declared = get_proper_type(ctx.default_return_type)
    if not isinstance(declared, Instance) or declared.type.fullname != DECLARED_KEY:
        return declared
    if not isinstance(ctx.api, TypeChecker) or _is_in_registry(ctx.api):
        return declared
    return declared.copy_modified(args=[UninhabitedType(), declared.args[1]])


def _is_in_registry(checker: TypeChecker) -> bool:
    for scope in reversed(checker.scope.stack):
        if not isinstance(scope, TypeInfo):
            return False
        if METADATA in scope.metadata and is_registry(scope):
            return True
    return False
