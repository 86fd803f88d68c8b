"""Whether a base can hold what is declared of it, by the rules that the package has at run time.

The plain commands read and write text, so the values of a base that is not packed are of types whose text says what
they are. A packed base is used through `.packed`, which has commands for strings, hashes and sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy.nodes import AssignmentStmt, CallExpr, IntExpr, NameExpr, RefExpr, StrExpr, TypeInfo, Var
from mypy.types import AnyType, Instance, LiteralType, ProperType, Type, UnionType, get_proper_type

from civiredis_mypy.fullnames import STR
from civiredis_mypy.structures import kind_name

TEXT_TYPES: Final = frozenset(
    {
        *(STR, "builtins.int", "builtins.float", "builtins.bool", "uuid.UUID"),
        *("datetime.datetime", "datetime.date", "decimal.Decimal", "_decimal.Decimal"),
    }
)
"""Classes whose values are read from text as they were written."""
ENUM_VALUES: Final = frozenset({STR, "builtins.int", "enum.auto"})
PACKED_KINDS: Final = frozenset({"String", "Hash", "Set"})
COUNTER: Final = "civiredis.structures.Counter"


def has_packed_commands(structure: Instance) -> bool:
    """Whether `.packed` has commands for a structure. A counter is counted by the plain ones."""
    return kind_name(structure) in PACKED_KINDS and not structure.type.has_base(COUNTER)


def fits_in_text(value: Type) -> bool:
    """Whether the text of a value says which value of the type it is."""
    proper = get_proper_type(value)
    if isinstance(proper, AnyType):
        return True
    if isinstance(proper, Instance) and not proper.type.is_enum:
        return _plain_class(proper.type) in TEXT_TYPES
    choices = list(_choices(proper))
    return None not in choices and len(set(choices)) == len({str(choice) for choice in choices})


def _plain_class(info: TypeInfo) -> str:
    """Name a class, or the one that it is a `NewType` of."""
    while info.is_newtype and info.bases:
        info = info.bases[0].type
    return info.fullname


def _choices(t: ProperType) -> Iterator[str | int | None]:
    """Yield the values of a literal, an enum or a union of them; None for what is none of these."""
    if isinstance(t, UnionType):
        for item in t.items:
            yield from _choices(get_proper_type(item))
    elif isinstance(t, LiteralType) and not t.is_enum_literal():
        yield t.value if isinstance(t.value, (str, int)) and not isinstance(t.value, (bool, float)) else None
    elif isinstance(t, LiteralType):
        yield _member_value(t.fallback.type, str(t.value))
    elif isinstance(t, Instance) and t.type.is_enum:
        for name in sorted(t.type.enum_members):
            yield _member_value(t.type, name)
    else:
        yield None


def _member_value(enum: TypeInfo, name: str) -> str | int | None:
    """Return what stands for a member of an enum: its value where mypy knows it, else its name."""
    symbol = enum.names.get(name)
    known = get_proper_type(symbol.node.type) if symbol is not None and isinstance(symbol.node, Var) else None
    if not isinstance(known, Instance):
        return _written_value(enum, name)
    if known.type.fullname not in ENUM_VALUES:
        is_mixed = enum.has_base(STR) or enum.has_base("builtins.int")
        return name if is_mixed or known.type.fullname == enum.fullname else None
    value = known.last_known_value.value if known.last_known_value is not None else None
    return value if isinstance(value, (str, int)) and not isinstance(value, (bool, float)) else name


def _written_value(enum: TypeInfo, name: str) -> str | int | None:
    """Do what `_member_value` does for an enum of which mypy has not come to the types yet."""
    for statement in enum.defn.defs.body:
        if isinstance(statement, AssignmentStmt) and isinstance(statement.lvalues[0], NameExpr):
            value = statement.rvalue
            if statement.lvalues[0].name == name and not isinstance(value, (CallExpr, RefExpr)):
                return value.value if isinstance(value, (StrExpr, IntExpr)) else None
    return name
