"""The pytest plugin that civiredis gives its users."""
