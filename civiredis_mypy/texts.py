"""The texts that a value of a type can have.

`f"{x}"` has exactly one text where `x` is a literal, two where it is a `bool`, one per member where it is an enum, and
unknown text where it is a `str`. What makes this hard are enums: the text of a `(str, Enum)` member is its value when
it is passed or added whole, and `Class.MEMBER` when it is formatted, from Python 3.11 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import Expression, IndexExpr, RefExpr, StrExpr, TypeInfo, Var
from mypy.types import (
    Instance,
    LiteralType,
    NoneType,
    ProperType,
    Type,
    TypeVarType,
    UninhabitedType,
    UnionType,
    get_proper_type,
)

from civiredis_mypy.fullnames import STR

Formattable: TypeAlias = str | int | bool | None
"""A value that formats exactly as the one in the program does, with every format spec."""

REPR_ENUM_MIXINS: Final = frozenset({"enum.ReprEnum", "enum.StrEnum", "enum.IntEnum", "enum.IntFlag"})
MIXED_ENUMS_PRINT_THEIR_NAME: Final = (3, 11)
"""From this version on, `format()` of an enum follows its `str()` (What's New in Python 3.11, enum)."""


FALSY: Final = {"builtins.str": "", "builtins.int": "0", "builtins.bool": "False"}


class Split(NamedTuple):
    """A type, taken apart: the texts that are known, and the members of unknown text."""

    texts: list[str]
    unknown: list[ProperType]


def members(t: Type) -> Iterator[ProperType]:
    """Yield the members of a (nested) union, a TypeVar by its bound or values; `Never` has none."""
    proper = get_proper_type(t)
    if isinstance(proper, UnionType):
        for item in proper.items:
            yield from members(item)
    elif isinstance(proper, TypeVarType):
        for item in proper.values or [proper.upper_bound]:
            yield from members(item)
    elif not isinstance(proper, UninhabitedType):
        yield proper


def split_whole(t: Type) -> Split:
    """Take the type of a string that is used as it stands (passed, added, joined) apart into texts."""
    texts: list[str] = []
    unknown: list[ProperType] = []
    for member in members(t):
        known = _whole_texts(member)
        if known is None:
            unknown.append(member)
        else:
            texts += known
    return Split(texts, unknown)


def split_formatted(t: Type, python_version: tuple[int, int], formatted: Callable[[Formattable], str]) -> Split:
    """Take the type of an interpolated value apart into the texts that `formatted` gives of each known value."""
    texts: list[str] = []
    unknown: list[ProperType] = []
    for member in members(t):
        known = _formattables(member, python_version)
        if known is None:
            unknown.append(member)
            continue
        try:
            texts += [formatted(value) for value in known]
        except (ValueError, TypeError):  # a format spec that the value does not take: mypy says so itself
            unknown.append(member)
    return Split(texts, unknown)


def falsy_texts(t: ProperType | None, *, formatted: bool) -> list[str] | None:
    """Texts that a value of the type has where it is false, as the left side of `and`; None where that is not known."""
    if t is None:
        return None
    texts: list[str] = []
    for member in members(t):
        literal = _literal(member)
        if literal is not None and not literal.is_enum_literal():
            texts += [] if literal.value else [str(literal.value)]
        elif isinstance(member, NoneType):
            texts.append("None")
        elif isinstance(member, Instance) and member.type.fullname in FALSY:
            texts.append(FALSY[member.type.fullname])
        else:
            return None
    return texts if formatted or all(text == "" for text in texts) else None


def _whole_texts(t: ProperType) -> list[str] | None:
    literal = _literal(t)
    if literal is not None and literal.fallback.type.fullname == STR:
        return [str(literal.value)]
    return _enum_values(t, str)


def _formattables(t: ProperType, python_version: tuple[int, int]) -> list[Formattable] | None:
    if isinstance(t, NoneType):
        return [None]
    literal = _literal(t)
    if literal is not None and not literal.is_enum_literal():
        value = literal.value
        is_text = literal.fallback.type.fullname != "builtins.bytes"
        return [value] if isinstance(value, (str, int)) and is_text else None
    if isinstance(t, Instance) and t.type.fullname == "builtins.bool":
        return [True, False]
    return _formatted_enum(t, python_version)


def _literal(t: ProperType) -> LiteralType | None:
    if isinstance(t, LiteralType):
        return t
    if isinstance(t, Instance):
        return t.last_known_value
    return None


def enum_members(t: ProperType) -> tuple[TypeInfo, list[str]] | None:
    """Name the members that a value of an enum type can be; None for every other type."""
    literal = _literal(t)
    if literal is not None:
        return (literal.fallback.type, [str(literal.value)]) if literal.is_enum_literal() else None
    if isinstance(t, Instance) and t.type.is_enum:
        return t.type, sorted(t.type.enum_members)  # mypy's cache has them in another order than the source
    return None


def enum_lookup(expr: Expression) -> LiteralType | None:
    """Read `Colour["RED"]`, of which mypy knows the class only."""
    if not (isinstance(expr, IndexExpr) and isinstance(expr.base, RefExpr) and isinstance(expr.index, StrExpr)):
        return None
    enum = expr.base.node
    if isinstance(enum, TypeInfo) and enum.is_enum and expr.index.value in enum.enum_members:
        return LiteralType(expr.index.value, Instance(enum, []))
    return None


def prints_class_and_name(enum: TypeInfo, python_version: tuple[int, int]) -> bool:
    """Whether formatting a member of this enum gives `Class.MEMBER` although the member is itself a str or int."""
    return (
        python_version >= MIXED_ENUMS_PRINT_THEIR_NAME
        and not _has_own_text(enum)
        and not any(base.fullname in REPR_ENUM_MIXINS for base in enum.mro)
        and any(base.fullname in {STR, "builtins.int"} for base in enum.mro)
    )


def _has_own_text(enum: TypeInfo) -> bool:
    return any(
        name in base.names
        for base in enum.mro
        if not base.fullname.startswith(("enum.", "builtins."))
        for name in ("__str__", "__format__")
    )


def _formatted_enum(t: ProperType, python_version: tuple[int, int]) -> list[Formattable] | None:
    found = enum_members(t)
    if found is None or _has_own_text(found[0]):
        return None
    enum, names = found
    prints_value = any(base.fullname in REPR_ENUM_MIXINS for base in enum.mro) or (
        python_version < MIXED_ENUMS_PRINT_THEIR_NAME
        and any(base.fullname in {STR, "builtins.int"} for base in enum.mro)
    )
    if not prints_value:
        return [f"{enum.name}.{name}" for name in names]
    values = [_enum_value(enum, name) for name in names]
    return None if any(value is None for value in values) else values


def _enum_values(t: ProperType, kind: type[str]) -> list[str] | None:
    found = enum_members(t)
    if found is None:
        return None
    values = [_enum_value(found[0], name) for name in found[1]]
    if any(base.fullname == STR for base in found[0].mro) and all(isinstance(value, kind) for value in values):
        return [str(value) for value in values]
    return None


def _enum_value(enum: TypeInfo, name: str) -> str | int | None:
    """Value of a member where it is a plain literal or `auto()` of a `StrEnum`; None where it is computed."""
    symbol = enum.names.get(name)
    customised = ("__new__", "__init__", "_generate_next_value_")
    if symbol is None or any(
        special in base.names
        for base in enum.mro
        if not base.fullname.startswith(("enum.", "builtins."))
        for special in customised
    ):
        return None
    value_type = get_proper_type(symbol.node.type) if isinstance(symbol.node, Var) else None
    if isinstance(value_type, Instance) and value_type.type.fullname == "enum.auto":
        return name.lower() if any(base.fullname == "enum.StrEnum" for base in enum.mro) else None
    literal = _literal(value_type) if value_type is not None else None
    if literal is None or literal.is_enum_literal() or not isinstance(literal.value, (str, int)):
        return None
    return literal.value
