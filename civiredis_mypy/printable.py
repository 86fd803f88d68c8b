"""Whether the text of an interpolated value can be what is meant.

`f"user:{user_id}"` with a `user_id` that may be None writes to `user:None`, and nobody notices. The same holds for
values whose text is their address in memory or their Python notation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy.nodes import MypyFile, TypeInfo
from mypy.types import (
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    ProperType,
    Type,
    TypeType,
)

from civiredis_mypy.fullnames import DECLARED_KEY, TYPED_KEY
from civiredis_mypy.texts import enum_members, members, prints_class_and_name

BYTES: Final = {"builtins.bytes": "plain bytes", "builtins.bytearray": "bytes", "builtins.memoryview": "memory"}
TEXTLESS_STUBS: Final = frozenset({"typing", "typing_extensions", "abc", "collections.abc", "_collections_abc"})
"""Modules of abstract classes: they are stubs, but surely give no text to a class that inherits from them."""
PRINTABLE: Final = frozenset(
    {"builtins.str", "builtins.int", "builtins.float", "builtins.bool", DECLARED_KEY, TYPED_KEY}
)
AWAITABLES: Final = frozenset(
    {
        "typing.Coroutine",
        "types.CoroutineType",
        "typing.Awaitable",
        "_asyncio.Future",
        "_asyncio.Task",
        "asyncio.futures.Future",
        "asyncio.tasks.Task",
    }
)
ITERATORS: Final = frozenset(
    {
        "typing.Generator",
        "typing.AsyncGenerator",
        "typing.Iterator",
        "typing.AsyncIterator",
        "builtins.map",
        "builtins.filter",
        "builtins.zip",
        "builtins.enumerate",
        "builtins.reversed",
    }
)


def faults(t: Type, python_version: tuple[int, int], modules: dict[str, MypyFile]) -> Iterator[tuple[ProperType, str]]:
    """Yield each member of `t` whose text cannot be what is meant, with what is wrong as the end of a sentence."""
    for member in members(t):
        fault = _fault(member, python_version, modules)
        if fault is not None:
            yield member, fault


def _fault(t: ProperType, python_version: tuple[int, int], modules: dict[str, MypyFile]) -> str | None:
    if isinstance(t, NoneType):
        return "none"
    if isinstance(t, TypeType) or (isinstance(t, FunctionLike) and t.is_type_obj()):
        return "class"
    if isinstance(t, FunctionLike):
        return "function"
    if isinstance(t, LiteralType) and not t.is_enum_literal():
        t = t.fallback
    found = enum_members(t)
    if found is not None:
        return "enum" if prints_class_and_name(found[0], python_version) else None
    return _fault_of_class(t.type, modules) if isinstance(t, Instance) else None


def _fault_of_class(info: TypeInfo, modules: dict[str, MypyFile]) -> str | None:
    for base in info.mro:
        if base.fullname in BYTES:
            return BYTES[base.fullname]
    if info.fullname in AWAITABLES:
        return "awaitable"
    if info.fullname in ITERATORS:
        return "iterator"
    if _has_default_text(info, modules):
        return "awaitable" if info.get("__await__") is not None else "object"
    return None


def _has_default_text(info: TypeInfo, modules: dict[str, MypyFile]) -> bool:
    """Whether `str()` of an instance is `<Class object at 0x...>`.

    A stub need not declare `__str__` and `__repr__`, so the absence of both counts in source files only.
    """
    if info.is_protocol or info.fallback_to_any or info.typeddict_type is not None:
        return False
    for base in info.mro:
        if base.fullname == "builtins.object" or base.module_name in TEXTLESS_STUBS:
            continue
        module = modules.get(base.module_name)
        if module is None or module.is_stub or base.metadata.keys() & {"dataclass", "attrs", "attrs_tag"}:
            return False
        if base.names.keys() & {"__str__", "__repr__", "__format__"}:
            return False
        if "dataclass_tag" in base.metadata or base.is_named_tuple:
            return False
    return info.fullname != "builtins.object"
