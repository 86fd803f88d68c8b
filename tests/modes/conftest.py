"""Fixtures of the mode tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.modes.differential import Series, Step, prepare
from tests.modes.modes import all_modes
from tests.modes.series import CONFIG_TEXT, initial

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class RunSeries(Protocol):
    """Run steps from the initial project on in the named modes (all without names); returns the series, checked."""

    def __call__(self, steps: Iterable[Step], *names: str) -> Series: ...


@pytest.fixture
def run_series(tmp_path: Path) -> RunSeries:
    """Lay out one series in a directory of this test."""

    def run(steps: Iterable[Step], *names: str) -> Series:
        place = prepare(tmp_path, CONFIG_TEXT)
        modes = [mode for mode in all_modes(place, tmp_path / "runs") if not names or mode.name in {"cold", *names}]
        series = Series(place, modes, initial())
        series.run(steps)
        return series

    return run
