"""The same verdict however mypy is run: cold, from each kind of cache, in the daemon, with workers."""
