"""How fast the client is beside others, as ratios of interleaved runs: `python -m benchmarks.transport`."""
