"""Telling mypy's daemon what a verdict was based on.

A verdict depends on more than the names in the checked code: on the bases of a registry that the code reaches through
an alias of `KeyOf` or a helper's result only, on whether an interpolated class has a text, on what a module-level name
was bound to. The daemon re-checks a function when something fires whose name it has noted for that function. It notes
the aliases that a function uses (`MypyFile.alias_deps`) whenever it checks it, and a class or attribute noted there
works just as well; what a plugin notes by its own interface is forgotten when a function is checked for a second time.

A warm cache is told likewise: a module is checked again when one of those that it refers to (`module_refs`) changes.

Each class that holds bases has a digest attribute (`registry`), which fires when a base changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import Expression, MemberExpr, NameExpr, RefExpr, TypeInfo
from mypy.server.trigger import WILDCARD_TAG

from civiredis_mypy.registry import DIGEST
from civiredis_mypy.syntax_tree import descend

TEXT_METHODS: Final = ("__str__", "__repr__", "__format__")


def depend_on(checker: TypeChecker, registries: Iterable[TypeInfo]) -> None:
    """Have the code that is being checked judged anew when a base of one of the registries changes."""
    noted = _noted(checker)
    for registry in registries:
        for base in registry.mro:
            if base.metadata and base.fullname not in noted:
                checker.module_refs.add(base.module_name)
                noted.add(base.fullname)
                noted.add(f"{base.fullname}.{DIGEST}")


def is_told_by_function(checker: TypeChecker) -> bool:
    """Whether mypy wants to know of each function what it depends on: in the daemon, and for its cache."""
    return checker.options.fine_grained_incremental or checker.options.cache_fine_grained


def depend_on_module(checker: TypeChecker, module: str) -> None:
    """Have the code judged anew when a name is added to a module, changes there or goes."""
    checker.module_refs.add(module)
    _noted(checker).add(f"{module}{WILDCARD_TAG}")


def depend_on_text(checker: TypeChecker, info: TypeInfo) -> None:
    """Have the code judged anew when a class, or a parent of it, gets or loses a text of its own."""
    noted = _noted(checker)
    for base in info.mro:
        if not base.fullname.startswith("builtins."):
            checker.module_refs.add(base.module_name)
            noted.add(base.fullname)
            noted.update(f"{base.fullname}.{method}" for method in TEXT_METHODS)


def depend_on_names(checker: TypeChecker, expr: Expression) -> None:
    """Have the code judged anew when a name in `expr`, which stands outside that code, changes."""
    noted = _noted(checker)
    for node in descend(expr, into=lambda _: True):
        if isinstance(node, (NameExpr, MemberExpr)) and "." in node.fullname:
            noted.add(node.fullname)
        elif isinstance(node, MemberExpr) and isinstance(node.expr, RefExpr) and isinstance(node.expr.node, TypeInfo):
            noted.add(f"{node.expr.node.fullname}.{node.name}")


def _noted(checker: TypeChecker) -> set[str]:
    """Names on which the code that is being checked depends."""
    return checker.tree.alias_deps[checker.tscope.current_target()]
