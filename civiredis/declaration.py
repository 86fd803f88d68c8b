"""`key()`: a base that carries more than its text."""

from __future__ import annotations

from datetime import timedelta


class DeclaredKey(str):
    """A base with its documentation and lifetime. It is the base's text wherever a string is meant."""

    __slots__ = ("doc", "ttl")

    doc: str | None
    ttl: int | None

    def __new__(cls, base: str, *, ttl: int | timedelta | None = None, doc: str | None = None) -> DeclaredKey:
        """See `key`."""
        declared = super().__new__(cls, base)
        declared.ttl = int(ttl.total_seconds()) if isinstance(ttl, timedelta) else ttl
        declared.doc = doc
        return declared


def key(base: str, *, ttl: int | timedelta | None = None, doc: str | None = None) -> DeclaredKey:
    """Declare a base of a registry together with what a reader should know of it.

    `ttl` is the lifetime that keys of this base have, in seconds or as a `timedelta`; `doc` says what they hold.
    Returns a `str` equal to `base` that carries both.
    """
    return DeclaredKey(base, ttl=ttl, doc=doc)
