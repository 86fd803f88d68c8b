"""Reading `key("packed:user:profile", String[Profile], ttl=600)` in the body of a registry.

The structure is a class or an alias of one, with the type of the values in brackets. What stands in brackets has been
analysed as a type by then, unless it is a forward reference: the class that it stands in is then analysed again.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    CallExpr,
    Expression,
    IndexExpr,
    NameExpr,
    RefExpr,
    TypeAlias,
    TypeApplication,
    TypeInfo,
)
from mypy.semanal_shared import has_placeholder
from mypy.types import Instance, Type, TypeAliasType, get_proper_type

from civiredis_mypy.fullnames import KEY_DECLARATION, STRUCTURE
from civiredis_mypy.proof_calls import unwrapped
from civiredis_mypy.structures import bare

PARAMETERS: Final = ("base", "structure")
"""The parameters of `key()` that may be passed by position."""


class Unread(NamedTuple):
    """A structure that is none, or cannot be read."""

    at: Expression
    is_incomplete: bool
    """Whether it may be readable once more of the program is analysed."""


def is_key_call(value: Expression) -> bool:
    """Whether `value` is a call of `key()`."""
    return (
        isinstance(value, CallExpr) and isinstance(value.callee, RefExpr) and value.callee.fullname == KEY_DECLARATION
    )


def argument(call: CallExpr, name: str) -> Expression | None:
    """Return what a call of `key()` is given for a parameter; an explicit None counts as nothing."""
    for at, (value, kind, given) in enumerate(zip(call.args, call.arg_kinds, call.arg_names, strict=True)):
        is_it = given == name if kind == ARG_NAMED else kind == ARG_POS and PARAMETERS[at : at + 1] == (name,)
        if is_it:
            written = unwrapped(value)
            return None if isinstance(written, NameExpr) and written.name == "None" else written
    return None


def structure_of(call: CallExpr) -> Instance | Unread | None:
    """Read what a call of `key()` declares its keys to hold; None where it does not say."""
    written = argument(call, "structure")
    if written is None:
        return None
    read = _structure(written)
    if read is None:
        return Unread(written, is_incomplete=isinstance(written, IndexExpr) and written.analyzed is None)
    if has_placeholder(read):
        return Unread(written, is_incomplete=True)
    known = get_proper_type(read)
    if not isinstance(known, Instance) or not known.type.has_base(STRUCTURE) or known.type.fullname == STRUCTURE:
        return Unread(written, is_incomplete=False)
    return known if len(known.args) == len(known.type.type_vars) else bare(known.type)


def _structure(written: Expression) -> Type | None:
    arguments: list[Type] = []
    if isinstance(written, IndexExpr):
        if not isinstance(written.analyzed, TypeApplication):
            return None
        arguments = written.analyzed.types
        written = written.analyzed.expr
    node = written.node if isinstance(written, RefExpr) else None
    if isinstance(node, TypeAlias):
        return TypeAliasType(node, arguments)
    if isinstance(node, TypeInfo):
        return Instance(node, arguments) if arguments else bare(node)
    return None
