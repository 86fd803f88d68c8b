"""The bases of the registries that are asked about, gathered once and kept as long as the registries stay the same."""

from __future__ import annotations

from operator import is_

from mypy.nodes import TypeInfo

from civiredis_mypy.grammar import Bases
from civiredis_mypy.key_types import Expected
from civiredis_mypy.registry import METADATA, leaves


class KnownBases:
    """`Bases` by registry.

    An entry is used only while every class of the registry still holds the very metadata object it was made from, so
    nothing stale can outlive an incremental build.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[list[object], Bases]] = {}

    def of(self, infos: tuple[TypeInfo, ...]) -> Bases:
        """Return the bases that any of the classes declares or inherits."""
        sources: list[object] = [base.metadata.get(METADATA) for info in infos for base in info.mro]
        names = tuple([info.fullname for info in infos])
        kept = self._kept.get(names)
        if kept is not None and len(kept[0]) == len(sources) and all(map(is_, kept[0], sources)):
            return kept[1]
        bases = Bases(leaf.base for info in infos for leaf in leaves(info))
        self._kept[names] = sources, bases
        return bases

    def expected(self, expected: Expected) -> Bases:
        """Return the bases of which one is expected."""
        return self.of(tuple(expected.infos()))
