"""The bases of the registries that are asked about, gathered once and kept as long as the registries stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import is_
from typing import Final, NamedTuple

from mypy.nodes import TypeInfo
from mypy.subtypes import is_subtype
from mypy.types import ProperType

from civiredis_mypy.grammar import PACKED_PREFIX, Bases
from civiredis_mypy.key_types import Expected
from civiredis_mypy.registry import METADATA, Leaf, declared_structure, leaves
from civiredis_mypy.structures import kind_name, value_type


class Declared(NamedTuple):
    """What `key()` says of a base."""

    structure: ProperType | None
    """As it is written, `String[Profile]`; None where it is not declared."""
    kind: str | None
    """Its name without the type of the values; None where it is not declared."""
    value: ProperType | None
    """The type of the values; None where it is not declared."""
    has_lifetime: bool
    is_packed: bool


NOTHING: Final = Declared(None, None, None, has_lifetime=False, is_packed=False)


class RegisteredBases(Bases):
    """Bases, with what is declared of them."""

    def __init__(self, infos: tuple[TypeInfo, ...]) -> None:
        found = [(info, leaf) for info in infos for leaf in leaves(info)]
        super().__init__(leaf.base for _, leaf in found)
        self.declared: Final[Mapping[str, Declared]] = dict(_declared(found))
        """Empty where no base is declared by `key()` to hold anything, or to last: then nothing is looked up."""

    def only_side_of(self, structure: ProperType) -> str | None:
        """Name a base that holds the structure, where all that do are packed, or none is."""
        holding = [
            (declared.is_packed, base)
            for base, declared in self.declared.items()
            if declared.structure is not None and is_subtype(declared.structure, structure)
        ]
        return min(holding)[1] if len({is_packed for is_packed, _ in holding}) == 1 else None


def _declared(found: list[tuple[TypeInfo, Leaf]]) -> Iterator[tuple[str, Declared]]:
    for info, leaf in found:
        if leaf.is_declared or leaf.has_lifetime:
            structure = declared_structure(info, leaf) if leaf.is_declared else None
            is_packed = leaf.base.startswith(PACKED_PREFIX)
            yield (
                leaf.base,
                Declared(structure, kind_name(structure), value_type(structure), leaf.has_lifetime, is_packed),
            )


class KnownBases:
    """`Bases` by registry.

    An entry is used only while every class of the registry still holds the very metadata object it was made from, so
    nothing stale can outlive an incremental build.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[list[object], RegisteredBases]] = {}

    def of(self, infos: tuple[TypeInfo, ...]) -> RegisteredBases:
        """Return the bases that any of the classes declares or inherits."""
        sources: list[object] = [base.metadata.get(METADATA) for info in infos for base in info.mro]
        names = tuple([info.fullname for info in infos])
        kept = self._kept.get(names)
        if kept is not None and len(kept[0]) == len(sources) and all(map(is_, kept[0], sources)):
            return kept[1]
        bases = RegisteredBases(infos)
        self._kept[names] = sources, bases
        return bases

    def expected(self, expected: Expected) -> RegisteredBases:
        """Return the bases of which one is expected."""
        return self.of(tuple(expected.infos()))
