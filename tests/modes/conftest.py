"""Fixtures of the mode tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.modes.differential import Series, Step, copy_packages
from tests.modes.modes import REFERENCE, Place, Seeds, modes_of
from tests.modes.project import CONFIG
from tests.modes.series import CONFIG_TEXT, initial

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class RunSeries(Protocol):
    """Run steps from the initial project on, and compare the named modes with `reference`."""

    def __call__(
        self, steps: Iterable[Step], *names: str, reference: str = REFERENCE, config: str = CONFIG_TEXT
    ) -> Series: ...


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy both packages, for all series that leave them as they are."""
    return copy_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="session")
def seeds(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Seeds:
    """Caches of `packages` and of what they need."""
    return Seeds(tmp_path_factory.mktemp("seeds"))


@pytest.fixture
def run_series(tmp_path: Path, packages: Path, seeds: Seeds) -> RunSeries:
    """Lay out one series in a directory of this test."""

    def run(steps: Iterable[Step], *names: str, reference: str = REFERENCE, config: str = CONFIG_TEXT) -> Series:
        place = Place.below(tmp_path, packages, seeds, config)
        made = modes_of(place, tmp_path / "runs")
        series = Series(place, [made[name]() for name in (reference, *names)], initial() | {CONFIG: config})
        series.run(steps)
        return series

    return run
