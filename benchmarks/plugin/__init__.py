"""What the mypy plugin costs, and what the TypeScript compiler pays for the same keys."""
