"""Types of values as text that other programs can read: `list[app.models:Profile]`.

A name from a module stands behind it and a colon, as registries do on a command line; Python's own names stand alone.
Without the modules it is what people read: `list[Profile]`.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Final, ForwardRef, Literal, NamedTuple, Union, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD: Final = re.compile(
    r"""(?P<text>b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*')|(?:(?P<module>[^\W\d][\w.]*):)?(?P<name>[^\W\d][\w.]*)""",
    re.VERBOSE,
)
_NODES: Final = (
    *(ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.BitOr, ast.Tuple, ast.List),
    *(ast.Constant, ast.UnaryOp, ast.USub, ast.Load),
)


class Name(NamedTuple):
    """A name in the text of a type."""

    module: str | None
    """Where it is from; None for Python's own."""
    path: str
    """Its dotted path there."""


def text_of(value_type: object, module: str) -> str:
    """Write a type, as it stands in the source of `module`.

    What has no name, such as a class in a function, is written in some way that `is_readable` refuses.
    """
    if isinstance(value_type, ForwardRef):
        return _qualified(value_type.__forward_arg__, module)
    if isinstance(value_type, str):
        return _qualified(value_type, module)
    if isinstance(value_type, list):  # the parameters of a Callable
        return f"[{', '.join(text_of(one, module) for one in value_type)}]"
    origin: object = get_origin(value_type)
    return _named(value_type) if origin is None else _parameterised(value_type, origin, module)


def is_readable(text: str) -> bool:
    """Whether `text` is the text of a type: names, of modules or Python's own, and what puts them together."""
    try:
        tree = ast.parse(renamed(text, lambda name: name.path), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    known = all(name.module is not None or hasattr(builtins, name.path) for name in names_in(text))
    return known and all(isinstance(node, _NODES) for node in ast.walk(tree))


def without_modules(text: str) -> str:
    """The text of a type as people read it."""
    return renamed(text, lambda name: name.path)


def names_in(text: str) -> list[Name]:
    """The names in the text of a type, each once, in their order."""
    found: dict[Name, None] = {}
    for word in _WORD.finditer(text):
        if word["text"] is None:
            found[Name(word["module"], word["name"])] = None
    return list(found)


def renamed(text: str, rename: Callable[[Name], str]) -> str:
    """Write the text of a type with other names."""

    def replaced(word: re.Match[str]) -> str:
        return word[0] if word["text"] is not None else rename(Name(word["module"], word["name"]))

    return _WORD.sub(replaced, text)


def _parameterised(value_type: object, origin: object, module: str) -> str:
    arguments = get_args(value_type)
    if not arguments:
        return "tuple[()]" if value_type == tuple[()] else _named(origin)
    if origin in {Union, UnionType}:
        return " | ".join(text_of(one, module) for one in arguments)
    inner = (_constant(one) if origin is Literal else text_of(one, module) for one in arguments)
    return f"{_named(origin)}[{', '.join(inner)}]"


def _named(named: object) -> str:
    if named is None or named is NoneType:
        return "None"
    if named is ...:
        return "..."
    module: object = getattr(named, "__module__", None)
    for attribute in ("__qualname__", "__name__", "_name"):
        path: object = getattr(named, attribute, None)
        if isinstance(path, str):
            return path if module == builtins.__name__ else f"{module}:{path}"
    return repr(named)


def _constant(value: object) -> str:
    if isinstance(value, Enum):
        return f"{_named(type(value))}.{value.name}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _qualified(source: str, module: str) -> str:
    """The text of a type that is given as source, whose names are those of `module` unless they are Python's own."""
    return renamed(source, lambda name: name.path if hasattr(builtins, name.path) else f"{module}:{name.path}")
