"""Containers of narrower keys than a command asks for: of declared keys, of bases.

mypy holds `list[TypedKey[CacheKeys, String[int]]]` against `list[KeyOf[CacheKeys]]` and refuses it, as a function could
put other keys into the list. A command only reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Expression, MemberExpr, NameExpr
from mypy.subtypes import is_subtype
from mypy.types import Instance, Type, UnionType, get_proper_type

from civiredis_mypy.key_types import containers_in

NAMED: Final = (NameExpr, MemberExpr)


def with_narrower(formal: Type, actuals: Sequence[Expression], checker: TypeChecker) -> Type:
    """Add to a parameter of a command the types of the containers that it is given, where their keys are such keys."""
    containers = containers_in(get_proper_type(formal))
    given = [get_proper_type(checker.expr_checker.accept(one)) for one in actuals if containers and type(one) in NAMED]
    narrower: list[Type] = [
        one
        for one in given
        if isinstance(one, Instance) and any(_holds_narrower(one, container) for container in containers)
    ]
    return UnionType([formal, *narrower]) if narrower else formal


def _holds_narrower(given: Instance, container: Instance) -> bool:
    if not given.type.has_base(container.type.fullname) or is_subtype(given, container):
        return False
    seen = map_instance_to_supertype(given, container.type)
    return all(is_subtype(arg, asked) for arg, asked in zip(seen.args, container.args, strict=True))
