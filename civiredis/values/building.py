"""From a type, as it stands in a declaration, to its `Shape`.

Containers, typed dicts, unions and types that are written as text are read here. A class that holds values under names
is read by a library: a pydantic model by pydantic; dataclasses, attrs classes, NamedTuples and Structs by msgspec, or
where that is not installed, dataclasses and NamedTuples by pydantic. What none of these knows is left to pydantic.
"""

from __future__ import annotations

import types
from collections import abc, deque
from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from importlib.util import find_spec
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    NewType,
    NoReturn,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)
from uuid import UUID

from civiredis.exceptions import LibraryMissingError, RegistryError
from civiredis.values.choices import Member, OneOf
from civiredis.values.containers import Dictionary, Either, Items, Record, Row
from civiredis.values.shape import ANYTHING, Binary, Exactly, Floating, Shape, Whole
from civiredis.values.spelled import SPELLINGS, Identifier, Moment, Number, Spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from civiredis.values.containers import Make

_SIMPLE: Final[dict[object, Callable[[], Shape]]] = {
    Any: lambda: ANYTHING,
    object: lambda: ANYTHING,
    None: lambda: Exactly(type(None), "None"),
    type(None): lambda: Exactly(type(None), "None"),
    bool: lambda: Exactly(bool, "bool"),
    str: lambda: Exactly(str, "str"),
    int: Whole,
    float: Floating,
    bytes: lambda: Binary(bytes),
    bytearray: lambda: Binary(bytearray),
    memoryview: lambda: Binary(memoryview),
    datetime: Moment,
    UUID: Identifier,
    Decimal: Number,
}

_ARRAYS: Final[dict[object, tuple[tuple[type, ...], Make]]] = {
    list: ((list,), list),
    abc.Sequence: ((list, tuple), list),
    abc.MutableSequence: ((list,), list),
    abc.Collection: ((list, tuple, set, frozenset), list),
    abc.Iterable: ((list, tuple, set, frozenset), list),
    deque: ((deque,), deque),
    set: ((set,), set),
    abc.Set: ((set, frozenset), set),
    abc.MutableSet: ((set,), set),
    frozenset: ((frozenset,), frozenset),
    tuple: ((tuple,), tuple),
}
_MAPS: Final = frozenset([dict, abc.Mapping, abc.MutableMapping])

_WRAPPERS: Final = frozenset(["Required", "NotRequired", "ReadOnly", "Final"])
"""What may stand around the type of a part of a TypedDict."""


class Builder:
    """Makes shapes; a name in quotes is looked up in `namespace`."""

    def __init__(self, namespace: Mapping[str, object]) -> None:
        """Know where names in quotes come from."""
        self._namespace = dict(namespace)
        self._made: dict[int, tuple[Any, Shape]] = {}
        self.needs_pydantic = False
        """Whether a part is read by pydantic, so that no other library can read the whole."""

    def shape_of(self, type_: Any) -> Shape:
        """Make the shape of a type.

        Raises `NameError` for a name that is not there (yet), `LibraryMissingError` where a library is missing, and
        `RegistryError` for a type that no value of MessagePack stands for.
        """
        if (made := self._made.get(id(type_))) is not None:
            return made[1]
        later = _Later(type_name(type_))  # a type may hold itself
        self._made[id(type_)] = type_, later
        try:
            later.shape = self._shape_of(type_)
        except BaseException:
            del self._made[id(type_)]
            raise
        self._made[id(type_)] = type_, later.shape
        return later.shape

    def _shape_of(self, type_: Any) -> Shape:
        if isinstance(type_, (str, ForwardRef)):
            return self.shape_of(self._resolved(type_))
        if isinstance(type_, NewType):
            return self.shape_of(type_.__supertype__)
        if (aliased := getattr(type_, "__value__", None)) is not None and type(type_).__name__ == "TypeAliasType":
            return self.shape_of(aliased)
        if isinstance(type_, TypeVar):
            return self.shape_of(type_.__bound__ or object)
        if is_typeddict(get_origin(type_) or type_):
            return self._record(type_)
        if get_origin(type_) is not None:  # asked first, as a constraint may have no hash
            return self._generic(type_)
        if type_ in _SIMPLE:
            return _SIMPLE[type_]()
        if type_ in SPELLINGS:
            return Spelled(type_)
        return self._generic(type_) if type_ in _ARRAYS or type_ in _MAPS else self._of_class(type_)

    def _generic(self, type_: Any) -> Shape:
        origin, arguments, name = get_origin(type_) or type_, get_args(type_), type_name(type_)
        if origin is Literal:
            return OneOf(arguments)
        if origin in {Union, types.UnionType}:
            return self._union(type_)
        if origin is Annotated:
            return self._annotated(type_)
        if getattr(origin, "_name", None) in _WRAPPERS:
            return self.shape_of(arguments[0])
        if origin is tuple and arguments and arguments[-1] is not ...:
            return Row(name, tuple(map(self.shape_of, arguments)))
        if origin in _ARRAYS:
            return Items(name, self.shape_of(arguments[0]) if arguments else ANYTHING, *_ARRAYS[origin])
        if origin in _MAPS:
            key, value = map(self.shape_of, arguments or (object, object))
            return Dictionary(name, key, value)
        return self._of_class(type_)

    def _union(self, type_: Any) -> Shape:
        options = tuple(map(self.shape_of, get_args(type_)))
        if str in Either(options).exact and any(isinstance(option, Spelled) for option in options):
            raise RegistryError(f"of {type_name(type_)} no stored text tells which it is; declare one of them")
        return Either(options)

    def _annotated(self, type_: Any) -> Shape:
        """Let the library that a constraint comes from see to it; other annotations are no rules."""
        libraries = {type(constraint).__module__.partition(".")[0] for constraint in type_.__metadata__}
        if "msgspec" in libraries:
            return self._by_msgspec(type_)
        if libraries & {"pydantic", "annotated_types"}:
            return self._by_pydantic(type_)
        return self.shape_of(type_.__origin__)

    def _record(self, type_: Any) -> Shape:
        record = get_origin(type_) or type_
        bound = dict(zip(getattr(record, "__parameters__", ()), get_args(type_), strict=False))
        hints = get_type_hints(record, localns=self._namespace, include_extras=True)
        fields = {name: self.shape_of(bound.get(hint, hint)) for name, hint in hints.items()}
        # `__required_keys__` does not see into annotations that are kept as text.
        required = record.__required_keys__ | {name for name, hint in hints.items() if _is_marked(hint, "Required")}
        optional = {name for name, hint in hints.items() if _is_marked(hint, "NotRequired")}
        return Record(type_name(type_), fields, frozenset(required - optional))

    def _of_class(self, type_: Any) -> Shape:
        class_ = get_origin(type_) or type_
        if not isinstance(class_, type):
            return _refuse(type_)
        if issubclass(class_, Enum):
            values = {type(member.value) for member in class_}
            return Member(class_, Either(tuple(map(self.shape_of, values))) if values else ANYTHING)
        if hasattr(class_, "__pydantic_core_schema__") or hasattr(class_, "__get_pydantic_core_schema__"):
            return self._by_pydantic(type_)
        if hasattr(class_, "__struct_fields__") or hasattr(class_, "__attrs_attrs__"):
            return self._by_msgspec(type_)
        if is_dataclass(class_) or (issubclass(class_, tuple) and hasattr(class_, "_fields")):
            return (
                self._by_msgspec(type_)
                if find_spec("msgspec") or not find_spec("pydantic")
                else self._by_pydantic(type_)
            )
        if class_.__module__ in {"builtins", "collections.abc", "typing"} or not find_spec("pydantic"):
            return _refuse(type_)
        return self._by_pydantic(type_)

    def _by_msgspec(self, type_: Any) -> Shape:
        from civiredis.values.by_msgspec import INSTALLED, MsgspecShape  # noqa: PLC0415 only where it is needed

        if not INSTALLED:
            raise LibraryMissingError(
                f"{type_name(type_)} needs msgspec, which is not installed: pip install 'civiredis[msgspec]'"
            )
        if get_origin(type_) is not Annotated:
            get_type_hints(get_origin(type_) or type_)  # a name that is not there yet, it would take for a wrong type
        return MsgspecShape(type_, type_name(type_), self.shape_of)

    def _by_pydantic(self, type_: Any) -> Shape:
        from civiredis.values.by_pydantic import INSTALLED, UNKNOWN, PydanticShape  # noqa: PLC0415 only where it is needed

        if not INSTALLED:
            raise LibraryMissingError(
                f"{type_name(type_)} needs pydantic, which is not installed: pip install 'civiredis[pydantic]'"
            )
        self.needs_pydantic = True
        try:
            return PydanticShape(type_, type_name(type_))
        except UNKNOWN:
            return _refuse(type_)

    def resolved(self, type_: Any) -> Any:
        """Look a name in quotes up; anything else is given back. Raises as `shape_of` does."""
        return self._resolved(type_) if isinstance(type_, (str, ForwardRef)) else type_

    def _resolved(self, name: str | ForwardRef) -> Any:
        text = name if isinstance(name, str) else name.__forward_arg__
        return eval(text, self._namespace)  # noqa: S307 an annotation, as `typing.get_type_hints` resolves it


class _Later(Shape):
    """A type inside of itself."""

    shape: Shape

    def __init__(self, expected: str) -> None:
        self.expected = expected

    def load(self, stored: object) -> object:
        return self.shape.load(stored)

    def dump(self, value: object) -> object:
        return self.shape.dump(value)


def type_name(type_: Any) -> str:
    """Write a type as its user would."""
    if isinstance(type_, (str, ForwardRef)):
        return type_ if isinstance(type_, str) else type_.__forward_arg__
    if type_ is None or type_ is type(None):
        return "None"
    if isinstance(type_, type) and not get_args(type_):
        return type_.__name__
    if get_origin(type_) is Annotated:
        return type_name(type_.__origin__)
    if (arguments := get_args(type_)) and (origin := get_origin(type_)) is not None:
        if origin in {Union, types.UnionType}:
            return " | ".join(map(type_name, arguments))
        if isinstance(origin, type):
            return f"{origin.__name__}[{', '.join('...' if one is ... else type_name(one) for one in arguments)}]"
    return str(type_).removeprefix("typing.")


def _is_marked(hint: Any, mark: str) -> bool:
    """Tell whether the type of a part of a TypedDict stands inside of a mark."""
    while (name := getattr(get_origin(hint), "_name", None)) in _WRAPPERS:
        if name == mark:
            return True
        (hint,) = get_args(hint)
    return False


def _refuse(type_: Any) -> NoReturn:
    raise RegistryError(
        f"{type_name(type_)} is no type of values that can be packed; declare a TypedDict, a dataclass or another "
        "class with typed parts, or what these are made of"
    )
