"""The transport, on real servers."""
