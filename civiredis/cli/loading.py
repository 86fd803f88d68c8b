"""The registries that a command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.catalogue.loading import LoadError, load_registry
from civiredis.cli.failure import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.registry import Registry


def load_all(names: Iterable[str]) -> list[type[Registry]]:
    """Load each registry `MODULE:REGISTRY`, once. Raises `CommandError` where one cannot be loaded."""
    try:
        return list(dict.fromkeys(load_registry(name) for name in names))
    except LoadError as fault:
        raise CommandError(str(fault)) from fault
