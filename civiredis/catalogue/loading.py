"""A registry by its name, `MODULE:REGISTRY`, as people write it on a command line."""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from civiredis.exceptions import CiviredisError, RegistryWarning
from civiredis.registry import CacheRegistry, Registry, SysRegistry

if TYPE_CHECKING:
    from types import ModuleType

    from typing_extensions import TypeIs

EXAMPLE = "write MODULE:REGISTRY, as in app.keys:CacheKeys"


class LoadError(CiviredisError, LookupError):
    """A registry cannot be loaded by its name; the message says which part of it is at fault."""


def load_registry(name: str) -> type[Registry]:
    """Import the registry `MODULE:REGISTRY`; the current directory counts as a place of modules.

    Warnings that its classes give are left out: whoever loads a registry by name reports them as findings. Raises
    `LoadError`.
    """
    module_name, _, path = name.partition(":")
    if not module_name or not all(part.isidentifier() for part in module_name.split(".")):
        raise LoadError(f"{name!r} names no module; {EXAMPLE}")
    module = _imported(module_name)
    if not path:
        raise LoadError(f"{name!r} names no registry; {_choice(module)}")
    found: object = module
    for attribute in path.split("."):
        if not hasattr(found, attribute):
            raise LoadError(f"{module_name} has no {path}; {_choice(module)}")
        found = getattr(found, attribute)
    if not _is_registry(found):
        kind = "a class" if isinstance(found, type) else type(found).__name__
        raise LoadError(f"{name} is no CacheRegistry or SysRegistry, but {kind}; {_choice(module)}")
    return found


def kind_of(registry: type[Registry]) -> str:
    """Which server the registry is for: `cache` or `system`."""
    return "system" if issubclass(registry, SysRegistry) else "cache"


def _is_registry(found: object) -> TypeIs[type[Registry]]:
    return (
        isinstance(found, type)
        and issubclass(found, (CacheRegistry, SysRegistry))
        and found not in {CacheRegistry, SysRegistry}
    )


def _imported(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RegistryWarning)
            return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name is not None and f"{name}.".startswith(f"{missing.name}."):
            raise LoadError(
                f"there is no module {name}; start the command where `python -c 'import {name}'` works"
            ) from missing
        raise LoadError(f"{name} cannot be imported: {missing}") from missing
    except (Exception, SystemExit) as fault:
        raise LoadError(f"{name} cannot be imported: {type(fault).__name__}: {fault}") from fault


def _choice(module: ModuleType) -> str:
    names = [name for name, value in vars(module).items() if _is_registry(value)]
    if not names:
        return f"{module.__name__} holds no registry"
    return f"write {' or '.join(f'{module.__name__}:{name}' for name in names)}"
