"""Signatures of commands with the values that a key is declared to hold.

A command is annotated for keys of which nothing is declared: text comes back as `str`, a packed value as `Any`, and
whatever Redis or MessagePack can store goes in. For one call whose key holds values of the type `T`, `T` takes the
place of these (which of them, `commands` says):

    def get(self, key: KeyOf[R]) -> Reply[str | None]                   becomes    -> Reply[T | None]
    def sadd(self, key: KeyOf[R], *values: Value) -> Reply[int]         becomes    *values: T
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mypy.expandtype import expand_type_by_instance
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from civiredis_mypy.commands import Command, Gives
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import is_key, is_str

CONTAINERS: Final = frozenset({"builtins.list", "builtins.dict"})
DICT: Final = "builtins.dict"
VALUE: Final = frozenset({STR, "builtins.bytes", "builtins.int", "builtins.float"})
"""Members of the union that plain commands take as a value."""
ENTRIES: Final = frozenset({"civiredis.commands.streams.Entry", "civiredis.commands.stream_groups.Claimed"})


class Held(NamedTuple):
    """The types of the values that the keys of one call hold."""

    types: tuple[ProperType, ...]
    and_others: bool
    """Whether there may be keys among them of which nothing is declared."""
    packed: bool


def with_values(signature: CallableType, command: Command, held: Held) -> CallableType:
    """Put the types of the values into the signature of a command."""
    formals = list(signature.arg_types)
    for at, name in enumerate(signature.arg_names):
        if name in command.values:
            formals[at] = _taken(formals[at], held, keyed_by_value=command.keyed_by_value)
    variables = () if command.keyed_by_value else signature.variables
    given = signature.ret_type if command.gives is Gives.NOTHING else _given(signature.ret_type, command.gives, held)
    return signature.copy_modified(arg_types=formals, variables=variables, ret_type=given)


def _taken(formal: Type, held: Held, *, keyed_by_value: bool) -> Type:
    """Put the values into the type of a parameter."""
    proper = get_proper_type(formal)
    if _is_any_value(proper, packed=held.packed):
        return _values(held, proper)
    if isinstance(proper, UnionType):
        return UnionType([_taken(item, held, keyed_by_value=keyed_by_value) for item in proper.items])
    if isinstance(proper, TupleType):
        return proper.copy_modified(items=[*proper.items[:-1], _taken(proper.items[-1], held, keyed_by_value=False)])
    if isinstance(proper, Instance) and proper.args:
        args = list(proper.args)
        if keyed_by_value:
            args[0] = _values(held, get_proper_type(args[0]))
        else:
            args[-1] = _taken(args[-1], held, keyed_by_value=False)
        return proper.copy_modified(args=args)
    return formal


def _is_any_value(t: ProperType, *, packed: bool) -> bool:
    """Whether `t` is what a command takes as a value, of whose type nothing is known."""
    if packed:
        return isinstance(t, Instance) and t.type.fullname == "builtins.object"
    return isinstance(t, UnionType) and set(_names(t)) >= VALUE


def _names(t: UnionType) -> Iterator[str]:
    for item in map(get_proper_type, t.items):
        if isinstance(item, Instance):
            yield item.type.fullname


def _values(held: Held, otherwise: ProperType) -> ProperType:
    """Unite the types of the values with what else `otherwise` has: None, and any value where that may be meant."""
    if held.and_others:
        if isinstance(otherwise, TypeVarType):
            otherwise = get_proper_type(otherwise.upper_bound)
        return make_simplified_union([*held.types, otherwise])
    items = otherwise.items if isinstance(otherwise, UnionType) else ()
    beside = [item for item in map(get_proper_type, items) if isinstance(item, NoneType)]
    return make_simplified_union([*held.types, *beside])


def _given(result: Type, gives: Gives, held: Held, *, in_tuple: bool = False) -> Type:
    """Put the values into the type of a result."""
    proper = get_proper_type(result)
    if isinstance(proper, AnyType) and held.packed:
        return result if held.and_others else make_simplified_union([*held.types, NoneType()])
    if isinstance(proper, TupleType):
        return _given_tuple(proper, gives, held)
    if isinstance(proper, UnionType):
        return UnionType.make_union([_given(item, gives, held, in_tuple=in_tuple) for item in proper.items])
    if not isinstance(proper, Instance):
        return result
    if proper.type.fullname == STR:
        is_value = gives in {Gives.VALUES, Gives.VALUES_OR_NONE} or (gives is Gives.PAIRED and in_tuple)
        return _values(held, proper) if is_value and not held.packed else result
    if not proper.args or is_key(proper):
        return result
    args = list(proper.args)
    if held.packed and not held.and_others and isinstance(get_proper_type(args[-1]), AnyType):
        is_item = proper.type.fullname in CONTAINERS and gives is not Gives.VALUES_OR_NONE
        args[-1] = make_simplified_union([*held.types, *(() if is_item else (NoneType(),))])
    elif proper.type.fullname == DICT:
        args[-1] = _given(args[-1], gives, held)
    else:
        args = [_given(arg, gives, held) for arg in args]
    return proper.copy_modified(args=args)


def _given_tuple(result: TupleType, gives: Gives, held: Held) -> Type:
    """In a tuple the value stands behind its field or its key, and before its score: it is the last text."""
    fallback = result.partial_fallback
    if fallback.type.fullname in ENTRIES and fallback.args:
        entry = fallback.copy_modified(args=[_values(held, get_proper_type(fallback.args[0]))])
        declared = fallback.type.tuple_type or result
        return result.copy_modified(
            fallback=entry, items=[expand_type_by_instance(item, entry) for item in declared.items]
        )
    items = list(result.items)
    texts = [at for at, item in enumerate(items) if is_str(get_proper_type(item))]
    for at, item in enumerate(items):
        if at not in texts or at == texts[-1]:
            items[at] = _given(item, gives, held, in_tuple=True)
    return result.copy_modified(items=items)
