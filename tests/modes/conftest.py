"""Fixtures of the mode tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.modes.differential import Series, Step, prepare
from tests.modes.modes import modes_of
from tests.modes.project import CONFIG
from tests.modes.series import CONFIG_TEXT, initial

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class RunSeries(Protocol):
    """Run steps from the initial project on in the named modes; the first is the one the others are compared with."""

    def __call__(self, steps: Iterable[Step], *names: str, config: str = CONFIG_TEXT) -> Series: ...


@pytest.fixture
def run_series(tmp_path: Path) -> RunSeries:
    """Lay out one series in a directory of this test."""

    def run(steps: Iterable[Step], *names: str, config: str = CONFIG_TEXT) -> Series:
        place = prepare(tmp_path, config)
        made = modes_of(place, tmp_path / "runs")
        series = Series(place, [made[name]() for name in names or ("cold",)], initial() | {CONFIG: config})
        series.run(steps)
        return series

    return run
