"""What a method asks for: at which of its parameters there are keys, and in which form."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from mypy.nodes import (
    ARG_NAMED,
    ARG_NAMED_OPT,
    ARG_OPT,
    ARG_POS,
    ARG_STAR,
    ArgKind,
    FuncDef,
    OverloadedFuncDef,
    SymbolNode,
    TypeInfo,
)
from mypy.types import CallableType, FunctionLike, Instance, ProperType, Type, UnionType, get_proper_type

from civiredis_mypy.fullnames import KEY_OF
from civiredis_mypy.key_types import holds_key, key_bound
from civiredis_mypy.uses import Use, use_of

ALONE: Final[frozenset[ArgKind]] = frozenset({ARG_POS, ARG_OPT, ARG_NAMED, ARG_NAMED_OPT})
"""Kinds of parameters that take one argument."""


class Form(Enum):
    """How a parameter takes keys."""

    ONE = "key: KeyOf[R]"
    EACH = "*keys: KeyOf[R] | list[KeyOf[R]]"
    MANY = "keys: Iterable[KeyOf[R]]"


ONE: Final = Form.ONE
EACH: Final = Form.EACH
MANY: Final = Form.MANY
# On Python 3.11, looking a member up in its class runs code of `enum`.


class Plan(NamedTuple):
    """A method that asks for keys at one of its parameters."""

    at: int
    """The place of the parameter behind `self`."""
    form: Form
    use: Use | None
    """What the method does with the keys."""
    is_of_one_signature: bool
    """Whether all calls of the method have the same signature, on clients of the same registry."""


class Plans:
    """The plans of methods, remembered by the very type that was looked at: the daemon puts new ones in place."""

    def __init__(self) -> None:
        self._seen: dict[SymbolNode, tuple[Type, Plan | None]] = {}

    def of(self, owner: TypeInfo, name: str) -> Plan | None:
        """Plan the calls of a method; None where it, or one of its overloads, asks in any other way."""
        node = owner.names[name].node
        if not isinstance(node, (FuncDef, OverloadedFuncDef)) or node.is_static or node.is_class or node.type is None:
            return None
        seen = self._seen.get(node)
        if seen is None or seen[0] is not node.type:
            seen = self._seen[node] = (node.type, _plan_of(node.type, use_of(owner, name)))
        return seen[1]


def _plan_of(signature: Type, use: Use | None) -> Plan | None:
    signature = get_proper_type(signature)
    if not isinstance(signature, FunctionLike):
        return None
    is_of_one = use is not None and len(signature.items) == 1 and not signature.items[0].variables
    plans = {_plan(item, use, is_of_one_signature=is_of_one) for item in signature.items}
    plan = plans.pop()
    return None if plans else plan


def _plan(signature: CallableType, use: Use | None, *, is_of_one_signature: bool) -> Plan | None:
    if not signature.arg_types:
        return None
    formals = [get_proper_type(formal) for formal in signature.arg_types[1:]]
    asking = [at for at, formal in enumerate(formals) if holds_key(formal) or key_bound(formal) is not None]
    if len(asking) != 1:
        return None
    (at,) = asking
    form = _form(formals[at], signature.arg_kinds[at + 1])
    if form is None:
        return None
    return Plan(at, form, None if use is None else use.at(signature.arg_names[at + 1]), is_of_one_signature)


def _form(formal: ProperType, kind: ArgKind) -> Form | None:
    if kind in ALONE and _is_plain_key(formal):
        return ONE
    if kind in ALONE and isinstance(formal, Instance) and len(formal.args) == 1 and _is_plain_key(formal.args[0]):
        return MANY if formal.type.fullname == "typing.Iterable" else None
    if kind == ARG_STAR and isinstance(formal, UnionType):
        first, *others = map(get_proper_type, formal.items)
        lists = all(isinstance(one, Instance) and one.type.fullname == "builtins.list" for one in others)
        return EACH if lists and _is_plain_key(first) else None
    return None


def _is_plain_key(t: object) -> bool:
    return isinstance(t, Instance) and t.type.fullname == KEY_OF


def key_in(formal: Type, form: Form) -> Type | None:
    """Return the `KeyOf[R]` in the type of a parameter of the form."""
    proper = get_proper_type(formal)
    if form is MANY and isinstance(proper, Instance) and len(proper.args) == 1:
        return proper.args[0]
    if form is EACH and isinstance(proper, UnionType):
        return proper.items[0]
    return proper
