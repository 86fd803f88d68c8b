"""`create_redis_clients(CacheKeys, SysKeys)`: no base may stand in both registries.

A base in both is a legal key of either client, so a value written to one server is looked for on the other, and no key
is ever wrong.
"""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import TypeInfo
from mypy.plugin import FunctionContext
from mypy.types import CallableType, Instance, Type, TypeType, get_proper_type

from civiredis_mypy import messages
from civiredis_mypy.dependencies import depend_on
from civiredis_mypy.error_codes import REDIS_REGISTRY
from civiredis_mypy.registry import leaves
from civiredis_mypy.reporting import report


def check_pair(ctx: FunctionContext) -> Type:
    """Report each base that both registries of the call declare, at the second (`get_function_hook`)."""
    registries = [_registry(types[0]) for types in ctx.arg_types[:2] if types]
    if isinstance(ctx.api, TypeChecker) and len(registries) == 2:  # noqa: PLR2004 - the two servers
        cache, system = registries
        if cache is not None and system is not None:
            depend_on(ctx.api, (cache, system))
            attribute_of = {leaf.base: leaf.attribute for leaf in leaves(cache)}
            for leaf in leaves(system):
                if leaf.base in attribute_of:
                    message = messages.base_in_both(leaf.base, attribute_of[leaf.base], leaf.attribute)
                    report(ctx.api, message, ctx.args[1][0], REDIS_REGISTRY)
    return ctx.default_return_type


def _registry(t: Type) -> TypeInfo | None:
    proper = get_proper_type(t)
    if isinstance(proper, CallableType) and proper.is_type_obj():
        return proper.type_object()
    if isinstance(proper, TypeType) and isinstance(proper.item, Instance):
        return proper.item.type
    return None
