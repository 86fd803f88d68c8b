"""Structures as mypy sees them: what a key holds, and what type its values have.

`Structure` of its own says that none is declared; `Hash` without brackets declares the structure alone, and its value
type is then the `Any` of an omitted argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import TypeInfo
from mypy.types import AnyType, Instance, ProperType, Type, TypeOfAny, get_proper_type

from civiredis_mypy.commands import KINDS
from civiredis_mypy.fullnames import STRUCTURE

MODULE: Final = STRUCTURE.rpartition(".")[0]


def kind_of(info: TypeInfo) -> TypeInfo | None:
    """Return the structure of Redis that the class stands for; None for `Structure` itself and for anything else."""
    for base in info.mro:
        if base.module_name == MODULE and base.name in KINDS:
            return base
    return None


def kind_name(structure: Type | None) -> str | None:
    """Name the structure that a type of `key()` declares."""
    proper = get_proper_type(structure)
    kind = kind_of(proper.type) if isinstance(proper, Instance) else None
    return None if kind is None else kind.name


def value_type(structure: Type | None) -> ProperType | None:
    """Type of the values in a structure; None where it is not declared."""
    proper = get_proper_type(structure)
    kind = kind_of(proper.type) if isinstance(proper, Instance) else None
    if kind is None or not isinstance(proper, Instance):
        return None
    (value,) = map_instance_to_supertype(proper, kind).args or (None,)
    known = get_proper_type(value)
    if isinstance(known, AnyType) and known.type_of_any == TypeOfAny.from_omitted_generics:
        return None
    return known


def bare(info: TypeInfo) -> Instance:
    """Make the type of a structure that is written without brackets."""
    return Instance(info, [AnyType(TypeOfAny.from_omitted_generics)] * len(info.type_vars))


def written(structure: Type, show: Callable[[Type], str]) -> str:
    """Show a structure as it is declared. `show` shows the type of the values."""
    proper, value = get_proper_type(structure), value_type(structure)
    if not isinstance(proper, Instance):
        return show(structure)
    return proper.type.name if value is None or not proper.args else f"{proper.type.name}[{show(value)}]"
