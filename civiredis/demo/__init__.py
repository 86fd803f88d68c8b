"""`civiredis demo`: a small application with wrong keys, what mypy says of it, and the corrected one at work."""
