"""Lets pytest collect the `.test` files of test-data/, by mypy's own test kit.

`pytest -p mypy.test.data` does so too, and then takes `--update-data`; a plain `pytest` needs no option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.test import data

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.is_registered(data):
        config.pluginmanager.register(data, "mypy.test.data")
