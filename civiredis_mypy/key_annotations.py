"""Reading `KeyOf[R]` and `BaseOf[R]` where they are written.

In the source both are unions with `str`, so that nothing breaks without the plugin. With it, they are the proven types
alone. Each place where one is written is also where the values held against it are prepared (`places`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mypy.nodes import TypeInfo
from mypy.plugin import AnalyzeTypeContext
from mypy.semanal import SemanticAnalyzer
from mypy.typeanal import TypeAnalyser
from mypy.types import AnyType, Instance, PlaceholderType, Type, TypeOfAny

from civiredis_mypy.fullnames import BASE_OF, BASE_OF_ALIAS, KEY_OF, KEY_OF_ALIAS
from civiredis_mypy.places import wrap_values

PROVEN: Final[Mapping[str, str]] = {KEY_OF_ALIAS: KEY_OF, BASE_OF_ALIAS: BASE_OF}


def read_annotation(ctx: AnalyzeTypeContext, alias: str) -> Type:
    """Read one of the two annotations as the proven type (`get_type_analyze_hook`)."""
    wrap_values(ctx)
    arguments = [ctx.api.analyze_type(argument) for argument in ctx.type.args[:1]]
    if not isinstance(ctx.api, TypeAnalyser) or not isinstance(ctx.api.api, SemanticAnalyzer):
        return AnyType(TypeOfAny.special_form)
    proven = PROVEN[alias]
    symbol = ctx.api.api.lookup_fully_qualified_or_none(proven)
    if symbol is None or not isinstance(symbol.node, TypeInfo):
        if ctx.api.api.final_iteration:
            return AnyType(TypeOfAny.from_error)
        ctx.api.api.record_incomplete_ref()
        return PlaceholderType(proven, arguments, ctx.type.line)
    arguments = arguments or [AnyType(TypeOfAny.from_omitted_generics)]
    return Instance(symbol.node, arguments, ctx.type.line, ctx.type.column)
