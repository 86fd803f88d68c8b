"""A copy of mypy's configuration with the plugin added, for a run that leaves the user's own file alone.

Other than in its place, the copy says the same: what mypy takes relative to the file is written out.
"""

from __future__ import annotations

import configparser
import io
import json
import tomllib
from typing import TYPE_CHECKING, Final

from civiredis.cli.mypy_config import PLUGIN, listed

if TYPE_CHECKING:
    from pathlib import Path

_PLACES: Final = ("${MYPY_CONFIG_FILE_DIR}", "$MYPY_CONFIG_FILE_DIR")
"""How a configuration names its own directory; https://mypy.readthedocs.io/en/stable/config_file.html."""


def copy_with_plugin(path: Path) -> tuple[str, str]:
    """The name for the copy of a configuration that `read_config` found, and its text."""
    if path.suffix == ".toml":
        return "pyproject.toml", _toml(tomllib.loads(path.read_text(encoding="utf-8"))["tool"]["mypy"], path.parent)
    return "mypy.ini", _ini(path)


def _ini(path: Path) -> str:
    parser = configparser.RawConfigParser()
    parser.read_string(path.read_text(encoding="utf-8"))
    copy = configparser.RawConfigParser()
    for section in parser.sections():
        if section == "mypy" or section.startswith("mypy-"):
            copy[section] = {name: _placed(value, path.parent) for name, value in parser.items(section)}
    if not copy.has_section("mypy"):
        copy.add_section("mypy")
    plugins = _plugins(listed(copy.get("mypy", "plugins", fallback="")), path.parent)
    copy.set("mypy", "plugins", ", ".join(plugins))
    text = io.StringIO()
    copy.write(text)
    return text.getvalue()


def _toml(section: dict[str, object], directory: Path) -> str:
    plugins = section.get("plugins", [])
    given = (
        listed(plugins) if isinstance(plugins, str) else tuple(map(str, plugins if isinstance(plugins, list) else ()))
    )
    settings = {**section, "plugins": _plugins(given, directory)}
    overrides = settings.pop("overrides", [])
    lines = ["[tool.mypy]", *_settings(settings, directory)]
    for override in overrides if isinstance(overrides, list) else []:
        lines += ["[[tool.mypy.overrides]]", *_settings(override, directory)]
    return "\n".join(lines) + "\n"


def _settings(settings: dict[str, object], directory: Path) -> list[str]:
    """Write settings as TOML, whose texts, numbers, truths and lists of them are those of JSON."""
    return [f"{json.dumps(name)} = {_placed(json.dumps(value), directory)}" for name, value in settings.items()]


def _plugins(given: tuple[str, ...], directory: Path) -> list[str]:
    """Put the plugin in front; mypy looks for one that is a file where its configuration is."""
    return [
        PLUGIN,
        *(str(directory / plugin) if plugin.partition(":")[0].endswith(".py") else plugin for plugin in given),
    ]


def _placed(value: str, directory: Path) -> str:
    for place in _PLACES:
        value = value.replace(place, str(directory))
    return value
