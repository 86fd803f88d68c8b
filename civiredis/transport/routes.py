"""Where each command may travel: on the shared connection or on one of its own, and whether it may be repeated.

Source of the tables: the flags `readonly`, `blocking` and the connection group of `COMMAND` on valkey 9.1 and of
the manual (https://redis.io/docs/latest/commands/). A test compares them with a running server.
"""

from __future__ import annotations

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WRITE: Final = 0
"""Shared connection; must not be sent twice."""
READ: Final = 1
"""Shared connection; sending it again after a lost connection does no harm."""
BLOCKING: Final = 2
"""Holds its connection until something happens: travels on one of its own."""
MAY_BLOCK: Final = 3
"""Blocks only when asked to by a BLOCK option (XREAD, XREADGROUP)."""
REFUSED: Final = 4
"""Changes the connection itself: needs a leased one."""

READS: Final = _names(
    """BITCOUNT BITFIELD_RO BITPOS DBSIZE DUMP ECHO EVAL_RO EVALSHA_RO EXISTS EXPIRETIME FCALL_RO GEODIST GEOHASH
    GEOPOS GEORADIUS_RO GEORADIUSBYMEMBER_RO GEOSEARCH GET GETBIT GETRANGE HEXISTS HEXPIRETIME HGET HGETALL HKEYS
    HLEN HMGET HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSTRLEN HTTL HVALS INFO KEYS LASTSAVE LCS LINDEX LLEN LOLWUT
    LPOS LRANGE MGET PEXPIRETIME PFCOUNT PING PTTL RANDOMKEY ROLE SCAN SCARD SDIFF SINTER SINTERCARD SISMEMBER
    SMEMBERS SMISMEMBER SORT_RO SRANDMEMBER SSCAN STRLEN SUBSTR SUNION TIME TOUCH TTL TYPE XLEN XPENDING XRANGE
    XREVRANGE ZCARD ZCOUNT ZDIFF ZINTER ZINTERCARD ZLEXCOUNT ZMSCORE ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE
    ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION
    COMMAND MEMORY OBJECT XINFO"""
)
"""Commands that change nothing. XREAD is one too, but stands under MAY_BLOCK."""

BLOCKERS: Final = _names("BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN")
BLOCKERS_ON_REQUEST: Final = frozenset({"XREAD", "XREADGROUP"})

CONNECTION_COMMANDS: Final = _names(
    """ASKING AUTH DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF
    RESET SELECT SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE UNWATCH WAIT WAITAOF WATCH"""
)
"""WAIT and WAITAOF speak of the writes of their own connection, and hold it."""

REFUSED_CLIENT_SUBCOMMANDS: Final = frozenset({"REPLY", "TRACKING", "CACHING", "SETNAME", "NO-EVICT", "NO-TOUCH"})
"""CLIENT subcommands that change the connection they are sent on."""

_SPELLINGS_KEPT: Final = 4096
"""Spellings of command names that are remembered; far above the number of commands, so never met in practice."""


class Routes(dict["str | bytes", int]):
    """The route of a command name in whatever spelling it is written; a spelling is classified once."""

    def __missing__(self, name: str | bytes) -> int:
        """Classify `name`, and remember the answer."""
        route = classify(name.decode("latin-1") if isinstance(name, bytes) else name)
        if len(self) < _SPELLINGS_KEPT:
            self[name] = route
        return route


def classify(name: str) -> int:
    """Give the route of a command; an unknown one is taken for a write."""
    upper = name.upper()
    if upper in READS:
        return READ
    if upper in BLOCKERS:
        return BLOCKING
    if upper in BLOCKERS_ON_REQUEST:
        return MAY_BLOCK
    return REFUSED if upper in CONNECTION_COMMANDS or upper == "CLIENT" else WRITE


def resolve(args: tuple[object, ...], route: int) -> int:
    """Settle a route that depends on the command's arguments (BLOCK of XREAD, subcommands of CLIENT)."""
    if route == MAY_BLOCK:
        words = _upper_words(args[1:])
        options = words[: words.index("STREAMS")] if "STREAMS" in words else words
        if "BLOCK" in options:
            return BLOCKING
        return READ if _upper_words(args[:1]) == ["XREAD"] else WRITE
    if route == REFUSED and _upper_words(args[:1]) == ["CLIENT"]:
        return REFUSED if REFUSED_CLIENT_SUBCOMMANDS.intersection(_upper_words(args[1:2])) else WRITE
    return route


def blocking_seconds(args: tuple[object, ...]) -> float:
    """How long the server may hold a blocking command, in seconds; 0 is for ever."""
    words = _upper_words(args)
    if words[0] in BLOCKERS_ON_REQUEST:
        return float(words[words.index("BLOCK") + 1]) / 1000
    return float(words[1] if words[0] in {"BLMPOP", "BZMPOP"} else words[-1])


def _upper_words(args: tuple[object, ...]) -> list[str]:
    return [(a.decode("latin-1") if isinstance(a, bytes) else str(a)).upper() for a in args]


ROUTES: Final = Routes()
