"""Every mode says what the cold run says, after each of a long series of edits."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.modes.declared import DECLARED
from tests.modes.found import FOUND
from tests.modes.modes import DAEMONS, RUNS
from tests.modes.random_edits import random_steps
from tests.modes.series import EDITS

if TYPE_CHECKING:
    from tests.modes.conftest import RunSeries

RANDOM_SERIES = int(os.environ.get("CIVIREDIS_RANDOM_SERIES", "200"))
RANDOM_STEPS = 6


def test_a_warm_cache_and_the_daemon_agree_after_each_edit(run_series: RunSeries) -> None:
    series = run_series(EDITS, "dmypy-run", "sometimes-cold", reference="warm")

    assert not series.differences, "\n\n".join(map(str, series.differences))


def test_a_warm_cache_and_the_daemon_agree_on_what_keys_are_declared_to_hold(run_series: RunSeries) -> None:
    series = run_series(DECLARED, "warm", "dmypy-run")

    assert not series.differences, "\n\n".join(map(str, series.differences))


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(run_series: RunSeries, name: str) -> None:
    series = run_series(FOUND[name], "warm", "dmypy-run")

    assert not series.differences, "\n\n".join(map(str, series.differences))


@pytest.mark.slow
def test_all_modes_agree_after_each_edit(run_series: RunSeries) -> None:
    series = run_series(EDITS, *RUNS, *DAEMONS)

    assert not series.differences, "\n\n".join(map(str, series.differences))


@pytest.mark.slow
def test_all_modes_agree_on_what_keys_are_declared_to_hold(run_series: RunSeries) -> None:
    series = run_series(DECLARED, *RUNS, *DAEMONS)

    assert not series.differences, "\n\n".join(map(str, series.differences))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RANDOM_SERIES))
def test_the_modes_agree_after_random_edits(run_series: RunSeries, seed: int) -> None:
    """One way to run mypy and one kind of daemon for each seed, so that every pair of them has its turn."""
    names = RUNS[seed % len(RUNS)], DAEMONS[seed // len(RUNS) % len(DAEMONS)]

    series = run_series(random_steps(random.Random(seed), RANDOM_STEPS), *names)

    assert not series.differences, f"seed {seed}\n" + "\n\n".join(map(str, series.differences))
