"""`KeyOf[R]` inside mypy's types: finding it, and opening it for one call.

Where a `KeyOf[R]` is expected, mypy would refuse every `str` before the plugin has judged it. So the expected type is
opened to `KeyOf[R] | str` for the call at hand, and the argument is judged once its type is known. As the union still
holds `KeyOf[R]`, inference inside the argument sees what is expected there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mypy.nodes import TypeInfo
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from civiredis_mypy.fullnames import BASE_OF, DECLARED_KEY, KEY_OF, STR, TYPED_KEY

LET_IN: Final = -1_000_003
"""Line of the `str` that `opened` puts beside a key, by which it is told from one that the program asks for."""


class Expected(NamedTuple):
    """The keys that are expected at one place: those of any of `registries`, bare bases only where `exact`."""

    registries: tuple[ProperType, ...]
    exact: bool
    is_alone: bool = False
    """Whether nothing but keys is expected."""
    structures: tuple[ProperType, ...] = ()
    """What the keys are expected to hold, any of these; empty where it does not matter."""

    @property
    def is_any(self) -> bool:
        """Whether the registry is not known, as for a client without type argument: every `str` goes."""
        return any(isinstance(registry, AnyType) for registry in self.registries)

    def infos(self) -> Iterator[TypeInfo]:
        """Yield the registry classes; a type variable stands for its bound."""
        for registry in self.registries:
            bound = get_proper_type(registry.upper_bound) if isinstance(registry, TypeVarType) else registry
            if isinstance(bound, Instance):
                yield bound.type


KEYS: Final = frozenset({KEY_OF, BASE_OF, TYPED_KEY, DECLARED_KEY})
TYPED_KEYS: Final = frozenset({TYPED_KEY, DECLARED_KEY})


def is_key(t: ProperType) -> bool:
    """Whether `t` is `KeyOf[...]`, `BaseOf[...]` or a class made of one by `NewType`."""
    return isinstance(t, Instance) and t.type.has_base(KEY_OF)


def registry_of(t: Instance) -> ProperType:
    """Return `R` of a `KeyOf[R]`."""
    while t.type.fullname not in KEYS:
        t = next(base for base in t.type.bases if is_key(base))
    return get_proper_type(t.args[0])


def structure_of(t: ProperType) -> ProperType | None:
    """Return `S` of a `TypedKey[R, S]`; None for every other type."""
    while isinstance(t, Instance) and t.type.fullname not in TYPED_KEYS:
        found = next((base for base in t.type.bases if is_key(base)), None)
        if found is None:
            return None
        t = found
    return get_proper_type(t.args[1]) if isinstance(t, Instance) else None


def is_base(t: Instance) -> bool:
    """Whether `t` is a `BaseOf[...]`."""
    return t.type.has_base(BASE_OF)


def is_str(t: ProperType) -> bool:
    """Whether `t` is `str` itself."""
    return isinstance(t, Instance) and t.type.fullname == STR


def is_followed(t: ProperType) -> bool:
    """Whether a name of this type may have a text that is told by what the name is bound to."""
    return isinstance(t, Instance) and (t.type.fullname == STR or t.type.fullname in TYPED_KEYS)


def is_string(t: ProperType) -> bool:
    """Whether every value of `t` is a string: `str`, a subclass, or a literal of one."""
    if isinstance(t, LiteralType):
        t = t.fallback
    return isinstance(t, Instance) and t.type.has_base(STR)


def alternatives(t: ProperType) -> Sequence[ProperType]:
    """Return the members of a union, or `t` alone."""
    if not isinstance(t, UnionType):
        return (t,)
    parts: list[ProperType] = []
    for item in t.items:
        proper = get_proper_type(item)
        if isinstance(proper, UnionType):
            parts += alternatives(proper)
        else:
            parts.append(proper)
    return parts


def containers_in(t: ProperType) -> list[Instance]:
    """Return those alternatives of `t` that are generic and no keys themselves, as `list[KeyOf[R]]`."""
    return [part for part in alternatives(t) if isinstance(part, Instance) and part.args and not is_key(part)]


def is_let_in(t: ProperType) -> bool:
    """Whether `t` is the `str` that `opened` has put beside a key, not one that the program asks for."""
    return is_str(t) and t.line == LET_IN


def expected_keys(t: ProperType) -> Expected | None:
    """Read which keys `t` asks for; None where it asks for none, or takes any `str` beside them."""
    registries: list[ProperType] = []
    structures: list[ProperType | None] = []
    exact = is_alone = True
    for part in alternatives(t):
        if not isinstance(part, Instance):
            is_alone = False
        elif part.type.fullname == STR:
            if part.line != LET_IN:
                return None
        elif is_key(part):
            registry = registry_of(part)
            if registry not in registries:
                registries.append(registry)
            exact = exact and is_base(part)
            structures.append(None if part.type.fullname == KEY_OF else structure_of(part))
        else:
            is_alone = False
    if not registries:
        return None
    known = [structure for structure in structures if structure is not None]
    return Expected(tuple(registries), exact, is_alone, tuple(known) if len(known) == len(structures) else ())


def holds_key(t: Type) -> bool:
    """Whether a `KeyOf` stands anywhere in `t` where a value is handed in. Recursive aliases are not looked into."""
    if isinstance(t, TypeAliasType) and t.is_recursive:
        return False
    proper = get_proper_type(t)
    if isinstance(proper, Instance):
        return is_key(proper) or (bool(proper.args) and any(map(holds_key, proper.args)))
    if isinstance(proper, (UnionType, TupleType)):
        return any(map(holds_key, proper.items))
    if isinstance(proper, CallableType):
        return holds_key(proper.ret_type)
    return isinstance(proper, TypedDictType) and any(map(holds_key, proper.items.values()))


def holds_typed_key(t: ProperType) -> bool:
    """Whether `t` is a container of keys that tell what they hold, so that there may be more to say of them."""
    if isinstance(t, TupleType):
        return any(structure_of(get_proper_type(item)) is not None for item in t.items)
    return isinstance(t, Instance) and bool(t.args) and structure_of(get_proper_type(t.args[0])) is not None


def closed(t: Type) -> Type:
    """Return `t` as it was before `opened`."""
    if isinstance(t, TypeAliasType) and t.is_recursive:
        return t
    proper = get_proper_type(t)
    if isinstance(proper, Instance) and proper.args:
        return proper.copy_modified(args=[closed(arg) for arg in proper.args])
    if isinstance(proper, UnionType):
        parts = [closed(item) for item in proper.items if not is_let_in(get_proper_type(item))]
        return parts[0] if len(parts) == 1 else UnionType(parts)
    if isinstance(proper, TupleType):
        return proper.copy_modified(items=[closed(item) for item in proper.items])
    if isinstance(proper, CallableType):
        return proper.copy_modified(ret_type=closed(proper.ret_type))
    return t


def is_opened(t: Type) -> bool:
    """Whether `opened` has let a `str` in anywhere in `t`."""
    if type(t) is UnionType and is_let_in(get_proper_type(t.items[-1])):
        return True
    if isinstance(t, TypeAliasType) and t.is_recursive:
        return False
    proper = get_proper_type(t)
    if isinstance(proper, Instance):
        return is_let_in(proper) or any(map(is_opened, proper.args))
    if isinstance(proper, (UnionType, TupleType)):
        return any(map(is_opened, proper.items))
    return isinstance(proper, CallableType) and is_opened(proper.ret_type)


def signature_holds_key(t: Type) -> bool:
    """Whether a parameter of the callable `t` asks for a key."""
    t = get_proper_type(t)
    if isinstance(t, CallableType):
        return any(holds_key(arg) or key_bound(arg) is not None for arg in t.arg_types)
    return isinstance(t, Overloaded) and any(signature_holds_key(item) for item in t.items)


def key_bound(t: Type) -> ProperType | None:
    """Return the bound of a type variable that stands for keys only."""
    proper = get_proper_type(t)
    bound = get_proper_type(proper.upper_bound) if isinstance(proper, TypeVarType) else None
    return bound if bound is not None and expected_keys(bound) is not None else None


def opened(t: Type, string: Instance) -> Type:
    """Return `t` with `str` let in beside every `KeyOf` of it. `string` is the `let_in` one."""
    proper = get_proper_type(t)
    if isinstance(proper, Instance):
        if is_key(proper):
            return UnionType([proper, string])
        if any(holds_key(arg) for arg in proper.args):
            return proper.copy_modified(args=[opened(arg, string) for arg in proper.args])
    elif isinstance(proper, UnionType):
        if not any(is_str(part) for part in alternatives(proper)):
            return UnionType([opened(item, string) for item in proper.items])
    elif isinstance(proper, TupleType):
        return proper.copy_modified(items=[opened(item, string) for item in proper.items])
    elif isinstance(proper, CallableType) and holds_key(proper.ret_type):
        return proper.copy_modified(ret_type=opened(proper.ret_type, string))
    return t


def let_in(string: TypeInfo) -> Instance:
    """Make the `str` that `opened` puts beside a key."""
    return Instance(string, [], LET_IN)
