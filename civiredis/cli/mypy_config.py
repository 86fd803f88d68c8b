"""mypy's configuration in a directory: whether there is one, whether the plugin is in it, and what to write there."""

from __future__ import annotations

import configparser
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN: Final = "civiredis_mypy"

WITHOUT_CONFIG: Final = """\
[mypy]
plugins = civiredis_mypy
check_untyped_defs = True
ignore_missing_imports = True
"""
"""With what files are checked where nothing is configured: functions without annotations hold keys too, and packages
without types are not what is looked for."""

# In the order in which mypy looks for them; https://mypy.readthedocs.io/en/stable/config_file.html
_INI_FILES: Final = ("mypy.ini", ".mypy.ini")
_OTHERS: Final = ("pyproject.toml", "setup.cfg")


@dataclass(frozen=True, slots=True)
class MypyConfig:
    """What mypy reads in a directory."""

    path: Path | None
    """The file; None where there is none."""
    plugins: tuple[str, ...] = ()

    @property
    def has_plugin(self) -> bool:
        """Whether mypy runs with the plugin already."""
        return PLUGIN in self.plugins

    def advice(self, directory: Path) -> str:
        """What to write, and where, so that mypy runs with the plugin."""
        toml = self.path.suffix == ".toml" if self.path is not None else (directory / "pyproject.toml").exists()
        plugins = [PLUGIN, *self.plugins]
        if toml:
            listed = ", ".join(f'"{plugin}"' for plugin in plugins)
            name, lines = "pyproject.toml", f"[tool.mypy]\nplugins = [{listed}]"
        else:
            name = "mypy.ini" if self.path is None else self.path.name
            lines = f"[mypy]\nplugins = {', '.join(plugins)}"
        return f"Without `civiredis check`, mypy finds the same with this in {name}:\n\n{lines}"


def read_config(directory: Path) -> MypyConfig:
    """Find mypy's configuration in a directory, as mypy does. Raises `ValueError` where the file cannot be parsed."""
    for name in (*_INI_FILES, *_OTHERS):
        path = directory / name
        if path.is_file():
            plugins = _from_toml(path) if path.suffix == ".toml" else _from_ini(path)
            if plugins is not None or name in _INI_FILES:
                return MypyConfig(path, plugins or ())
    return MypyConfig(None)


def _from_toml(path: Path) -> tuple[str, ...] | None:
    section = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("mypy")
    if section is None:
        return None
    plugins = section.get("plugins", [])
    return listed(plugins) if isinstance(plugins, str) else tuple(map(str, plugins))


def _from_ini(path: Path) -> tuple[str, ...] | None:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except configparser.Error as fault:
        raise ValueError(str(fault)) from fault
    return listed(parser.get("mypy", "plugins", fallback="")) if parser.has_section("mypy") else None


def listed(text: str) -> tuple[str, ...]:
    """The plugins of a setting that is one text, separated by commas or in lines."""
    return tuple(plugin.strip() for plugin in text.replace("\n", ",").split(",") if plugin.strip())
