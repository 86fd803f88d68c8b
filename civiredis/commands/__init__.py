"""The commands of Redis, grouped as Redis groups them, one module a group."""
