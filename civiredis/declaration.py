"""`key()`: a base that carries more than its text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from civiredis.exceptions import RegistryError

if TYPE_CHECKING:
    from typing import Self


class DeclaredKey(str):
    """A base with its documentation and lifetime. It is the base's text wherever a string is meant."""

    __slots__ = ("doc", "ttl")

    doc: str | None
    ttl: int | None

    def __new__(cls, base: str, *, ttl: int | timedelta | None = None, doc: str | None = None) -> Self:
        """See `key`."""
        if not isinstance(base, str):
            raise RegistryError(f"key({base!r}): a base key is a str, not {type(base).__name__}")
        declared = super().__new__(cls, base)
        declared.ttl = None if ttl is None else _seconds(base, ttl)
        declared.doc = doc
        return declared


def key(base: str, *, ttl: int | timedelta | None = None, doc: str | None = None) -> DeclaredKey:
    """Declare a base of a registry together with what a reader should know of it.

    `ttl` is the lifetime that keys of this base have, in seconds or as a `timedelta`; `doc` says what they hold.
    A write that gives no lifetime leaves this one, in the same step. What replaces the whole value (`set`, `setnx`,
    `getset`, `sunionstore`) starts it anew; what changes a part (`incr`, `hset`, `lpush`) gives it to a key that has
    none, so a counter of a day ends after a day. An explicit `ex`, `px`, `exat`, `pxat` or `keepttl` wins. As Redis has
    them are `mset`, `msetnx`, `msetex`, `blmove`, `brpoplpush`, `xgroup_create`, what carries a lifetime of its own
    (`copy`, `rename`, `restore`), and scripts.
    Returns a `str` equal to `base` that carries both. Raises `RegistryError` where `base` is no `str`, or `ttl` no
    whole number of seconds from 1 on.
    """
    return DeclaredKey(base, ttl=ttl, doc=doc)


def _seconds(base: str, ttl: int | timedelta) -> int:
    seconds = ttl.total_seconds() if isinstance(ttl, timedelta) else ttl
    if type(ttl) not in (int, timedelta) or seconds < 1 or seconds != int(seconds):
        raise RegistryError(f"key({base!r}, ttl={ttl!r}): a lifetime is a whole number of seconds from 1 on")
    return int(seconds)
