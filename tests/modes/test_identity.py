"""A change of the plugin itself makes mypy check everything again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import civiredis_mypy
from civiredis_mypy.entry import digest_of_sources
from tests.modes.differential import copy_packages
from tests.modes.modes import Place, Run, Seeds
from tests.modes.project import Project, Touched
from tests.modes.series import OPTIONS_OF_ALL_VERSIONS, initial

PLUGIN = Path(civiredis_mypy.__file__).parent
MODULES = sorted(str(path.relative_to(PLUGIN)) for path in PLUGIN.rglob("*.py"))
UNTOUCHED = Touched([], [], [], configured=False)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_of_the_plugin_is_part_of_the_key_of_the_cache(module: str, tmp_path: Path) -> None:
    sources = tmp_path / "civiredis_mypy"
    shutil.copytree(PLUGIN, sources, ignore=shutil.ignore_patterns("__pycache__"))
    before = digest_of_sources(str(sources))
    assert digest_of_sources(str(sources)) == before

    with (sources / module).open("a") as changed:
        changed.write("\n")

    assert digest_of_sources(str(sources)) != before


def test_a_changed_message_shows_with_a_warm_cache(tmp_path: Path) -> None:
    packages = copy_packages(tmp_path / "packages")
    place = Place.below(tmp_path, packages, Seeds(tmp_path / "seeds"), OPTIONS_OF_ALL_VERSIONS)
    Project(place.project, place.config).write(initial() | {place.config.name: OPTIONS_OF_ALL_VERSIONS})
    warm = Run("warm", place, tmp_path / "runs")
    before = warm.check(UNTOUCHED)
    messages = packages / "civiredis_mypy" / "messages.py"
    messages.write_text(messages.read_text().replace("does not start with a base of", "starts with no base of"))

    after = warm.check(UNTOUCHED)

    changed = [
        one._replace(text=one.text.replace("does not start with a base", "starts with no base")) for one in before
    ]
    assert tuple(changed) != before
    assert sorted(changed) == sorted(after)
