"""Telling mypy's daemon what a verdict was based on.

A verdict depends on the bases of a registry even where the checked code does not name it (it may reach it through an
alias of `KeyOf`, or a helper's result). The daemon keeps such dependencies by trigger; each class that holds bases has
a digest attribute (`registry`), whose trigger fires when a base changes.
"""

from __future__ import annotations

from collections.abc import Iterable

from mypy.checker import TypeChecker
from mypy.nodes import TypeInfo
from mypy.server.trigger import make_trigger

from civiredis_mypy.registry import DIGEST


def depend_on(checker: TypeChecker, registries: Iterable[TypeInfo]) -> None:
    """Have the code that is being checked judged anew when a base of one of the registries changes."""
    deps = checker.tree.plugin_deps
    target = checker.tscope.current_full_target()
    for registry in registries:
        known = deps.get(make_trigger(f"{registry.fullname}.{DIGEST}"))
        if known is not None and target in known:
            continue
        for base in registry.mro:
            if base.metadata or base is registry:
                deps.setdefault(make_trigger(base.fullname), set()).add(target)
                deps.setdefault(make_trigger(f"{base.fullname}.{DIGEST}"), set()).add(target)
