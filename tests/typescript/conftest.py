"""The application of the command-line tests, here as well."""

from __future__ import annotations

from tests.cli.conftest import project as project  # noqa: PLC0414 a fixture
