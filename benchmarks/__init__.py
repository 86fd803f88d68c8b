"""Ratios to other clients, taken in interleaved runs on a private server (see README.md, Performance)."""
