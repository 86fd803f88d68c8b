"""Tests, run with `uv run pytest`."""
