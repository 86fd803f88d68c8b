"""Audits of keyspaces on real servers."""
