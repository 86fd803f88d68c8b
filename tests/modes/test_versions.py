"""What is the same in every supported mypy: the findings by line, also from a warm cache and in the daemon."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

import civiredis_mypy
from tests.modes.series import EDITS, OPTIONS_OF_ALL_VERSIONS

if TYPE_CHECKING:
    from tests.modes.conftest import RunSeries

FINDINGS = (
    ("shop/services/audit.py", 7, "redis-key"),
    ("shop/services/audit.py", 8, "redis-key"),
    ("shop/services/audit.py", 10, "redis-key"),
    ("shop/services/containers.py", 11, "redis-key"),
    ("shop/services/containers.py", 18, "redis-key"),
    ("shop/services/counters.py", 7, "redis-key"),
    ("shop/services/features.py", 9, "redis-key"),
    ("shop/services/features.py", 10, "redis-key"),
    ("shop/services/narrow.py", 7, "redis-key-part"),
    ("shop/services/sections.py", 9, "redis-key-part"),
    ("shop/services/unused.py", 8, "redis-key"),
)


def test_the_project_has_the_findings_that_it_was_written_for(run_series: RunSeries) -> None:
    series = run_series((), config=OPTIONS_OF_ALL_VERSIONS)

    found = [(one.path, one.place[0], one.code) for one in series.verdicts[0] if one.code.startswith("redis-")]
    assert tuple(found) == FINDINGS


@pytest.mark.slow
def test_a_warm_cache_and_the_daemon_agree_in_every_version(run_series: RunSeries) -> None:
    steps = (step._replace(silent=True) for step in islice(EDITS, 20))  # without the options, some change nothing
    series = run_series(steps, "warm", "dmypy-run", config=OPTIONS_OF_ALL_VERSIONS)

    assert not series.differences, "\n\n".join(map(str, series.differences))


@pytest.mark.parametrize("version", ["1.17.0", "2.4.1", "2.5.0+dev.0123456789abcdef"])
def test_a_supported_mypy_gets_the_plugin(version: str) -> None:
    assert civiredis_mypy.plugin(version).__name__ == "CiviredisPlugin"


@pytest.mark.parametrize("version", ["0.991", "1.16.1", "3.0.0"])
def test_another_mypy_is_told_which_ones_are_supported(version: str) -> None:
    with pytest.raises(SystemExit, match=rf"works with mypy 1\.17 up to 2\.x, and this is mypy {version}"):
        civiredis_mypy.plugin(version)
