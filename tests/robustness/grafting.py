"""Code of others with key types in it: every `str` of an annotation becomes a key of a registry.

That says nothing sensible, so whatever mypy reports of it is right; but it takes the plugin through calls, fields,
overloads and defaults that none of its authors has thought of.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = "__KeyOf__[__Keys__]"
IMPORT: Final = "from civiredis import KeyOf as __KeyOf__; from keys_for_grafts import Keys as __Keys__"
KEYS: Final = """from civiredis import CacheRegistry
class Keys(CacheRegistry):
    USER = "user"
    HEAD = "utf-8"
    PATH = "path"
"""


def grafted(source: str) -> str | None:
    """Put keys into `source`; None where it has no annotation that is a `str`."""
    tree = ast.parse(source)
    names = sorted(set(_strings_of_annotations(tree)), reverse=True)
    if not names:
        return None
    lines = source.encode().split(b"\n")
    for line, column in names:
        text = lines[line - 1]
        lines[line - 1] = text[:column] + KEY.encode() + text[column + len("str") :]
    at = _line_of_first_statement(tree)
    lines.insert(at - 1, IMPORT.encode())
    return b"\n".join(lines).decode()


def _strings_of_annotations(tree: ast.Module) -> Iterator[tuple[int, int]]:
    for node in ast.walk(tree):
        annotations: list[ast.expr | None] = []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            annotations.append(node.returns)
        elif isinstance(node, (ast.arg, ast.AnnAssign)):
            annotations.append(node.annotation)
        for annotation in annotations:
            if annotation is not None:
                for name in ast.walk(annotation):
                    if isinstance(name, ast.Name) and name.id == "str":
                        yield name.lineno, name.col_offset


def _line_of_first_statement(tree: ast.Module) -> int:
    for at, statement in enumerate(tree.body):
        is_docstring = at == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_docstring and not is_future:
            if (
                isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                and statement.decorator_list
            ):
                return statement.decorator_list[0].lineno
            return statement.lineno
    raise ValueError("no statement")
