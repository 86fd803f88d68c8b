"""Registries in TypeScript: compiled by its own compiler, and read back."""
