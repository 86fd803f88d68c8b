"""Which functions ask for a key, remembered by the very type object that was looked at."""

from __future__ import annotations

from mypy.nodes import Decorator, FuncBase, OverloadedFuncDef, TypeAlias, TypeInfo, Var
from mypy.types import Type

from civiredis_mypy.key_types import signature_holds_key


class Signatures:
    """Answers for each call in the program, so a look at a signature that was seen before costs next to nothing.

    The daemon puts a new type in place when a signature changes, and the old one is kept here, so that an answer can
    never be taken for that of another type.
    """

    LIMIT = 50_000

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Type, bool]] = {}

    def asks_for_keys(self, node: object) -> bool:
        """Whether a call of `node` has an argument that is to be a key."""
        if isinstance(node, (FuncBase, Var, Decorator)):
            return node.type is not None and self._holds_key(node.type)
        if isinstance(node, TypeInfo):
            for name in ("__init__", "__new__"):
                constructor = node.get(name)
                if constructor is not None and self.asks_for_keys(constructor.node):
                    return True
        return isinstance(node, TypeAlias)

    def _holds_key(self, t: Type) -> bool:
        seen = self._seen.get(id(t))
        if seen is None or seen[0] is not t:
            if len(self._seen) >= self.LIMIT:
                self._seen.clear()
            seen = self._seen[id(t)] = (t, signature_holds_key(t))
        return seen[1]


def overloads_of(node: object) -> int:
    """Count the signatures that mypy asks about for each call of a function."""
    return len(node.items) if isinstance(node, OverloadedFuncDef) else 1
