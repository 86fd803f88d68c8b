"""The mypy plugin of civiredis: `plugins = civiredis_mypy`."""
