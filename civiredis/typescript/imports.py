"""What a Python module imports, under names that nothing in it hides."""

from __future__ import annotations

import builtins
import sys
from collections import defaultdict
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Imports:
    """Collects imports, and gives each name that is imported a name of the module."""

    def __init__(self, taken: set[str]) -> None:
        """`taken` are the names that the module gives to other things, somewhere; none has an underscore in front."""
        self._taken = set(taken)
        self._locals: dict[tuple[str, str], str] = {}

    def name_of(self, module: str | None, path: str) -> str:
        """The local name of a dotted path of `module`, or of Python's own where that is None."""
        top, dot, rest = path.partition(".")
        if module is None and top not in self._taken:
            return path
        origin = (module or builtins.__name__, top)
        if origin not in self._locals:
            self._locals[origin] = self._free(top)
            self._taken.add(self._locals[origin])
        return f"{self._locals[origin]}{dot}{rest}"

    def lines(self) -> Iterator[str]:
        """The statements, those of the standard library in front."""
        names: dict[str, list[str]] = defaultdict(list)
        for (module, name), local in sorted(self._locals.items()):
            names[module].append(name if local == name else f"{name} as {local}")
        standard = [module for module in names if module.partition(".")[0] in sys.stdlib_module_names]
        others = [module for module in names if module not in standard]
        for block in filter(None, (standard, others)):
            yield from (f"from {module} import {', '.join(names[module])}" for module in block)
            yield ""

    def _free(self, name: str) -> str:
        candidates = chain([name, f"_{name.lstrip('_')}"], (f"_{name.lstrip('_')}{number}" for number in count(2)))
        return next(one for one in candidates if one not in self._taken)
