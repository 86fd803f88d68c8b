"""Whether a base can hold what is declared of it: told when its registry is made, as far as it can be told then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from civiredis.exceptions import LibraryMissingError, RegistryError
from civiredis.grammar import PACKED_PREFIX
from civiredis.structures import Counter, Hash, Set, String, Structure
from civiredis.values.building import Builder
from civiredis.values.text import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from civiredis.declaration import DeclaredKey

PACKED_STRUCTURES: Final[tuple[type[Structure], ...]] = (String, Hash, Set)
"""What `.packed` has commands for; a Counter is counted by plain ones."""


def _has_commands(structure: type[Structure]) -> bool:
    return issubclass(structure, PACKED_STRUCTURES) and not issubclass(structure, Counter)


def check_fitness(declared: DeclaredKey[Any, Any], attribute: str, namespace: Mapping[str, object]) -> None:
    """Raise `RegistryError`, naming the `attribute`, where no value of `declared` can be stored.

    Nothing is said of a name in quotes that is not there yet, nor of a library that is missing: another program may
    only read the names of the bases. Both come up when a client is made.
    """
    packed = declared.startswith(PACKED_PREFIX)
    if packed and declared.structure is not None and not _has_commands(declared.structure):
        raise RegistryError(
            f"{attribute} = {str(declared)!r}: .packed has no commands for a {declared.structure.__name__}; declare a "
            'String, Hash or Set, or a base that does not start with "packed:"'
        )
    if declared.value_type is None:
        return
    builder = Builder(namespace)
    try:
        builder.shape_of(declared.value_type) if packed else text_of(declared.value_type, builder)
    except (NameError, LibraryMissingError):
        pass
    except RegistryError as error:
        raise RegistryError(f"{attribute} = {str(declared)!r}: {error}") from None
