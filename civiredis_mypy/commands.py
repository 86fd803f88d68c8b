"""What each command does with the keys that it is given: one row a command, by the name of its method.

A row says which structure the command works on, which of its parameters are values, where in the result values come
back, and whether it leaves a key that it makes without a lifetime. The packed commands are rows of the same name.
Commands that fit every structure (DEL, EXPIRE, TYPE) stand in `ANY_STRUCTURE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

KINDS: Final = frozenset({"String", "Hash", "List", "Set", "SortedSet", "Stream"})
"""The structures that a base can be declared to hold."""


class Gives(Enum):
    """Where the values of a key stand in the result of a command."""

    NOTHING = "nowhere"
    VALUES = "every text but the fields of a dict"
    VALUES_OR_NONE = "as VALUES, and None for each that is missing"
    PAIRED = "behind the field, in tuples only"
    ENTRIES = "in the entries of a stream"


class Command(NamedTuple):
    """What one command does. Parameters are named as in its method."""

    works_on: tuple[str, ...]
    """Structures that the keys may hold."""
    values: frozenset[str] = frozenset()
    """Parameters that are, or hold, values: in a mapping what stands on the right, unless `keyed_by_value`."""
    gives: Gives = Gives.NOTHING
    keys: frozenset[str] = frozenset({"key"})
    """Parameters for the keys whose values these are."""
    stores: tuple[str, ...] = ()
    """Structure that a parameter `dest` holds afterwards."""
    other_keys: frozenset[str] = frozenset()
    """Parameters for keys that may hold anything."""
    makes: str | None = None
    """Parameter for the key that it makes where there is none, without a lifetime."""
    keyed_by_value: bool = False
    """Whether a mapping has the values on the left."""

    @property
    def is_of_values(self) -> bool:
        """Whether values go in or come back."""
        return bool(self.values) or self.gives is not Gives.NOTHING


LIFETIMES: Final = frozenset({"ex", "px", "exat", "pxat", "keepttl"})
"""Parameters that give the key a lifetime, or keep the one it has."""


def _row(  # noqa: PLR0913, PLR0917 - the columns of the table
    works_on: str,
    values: str = "",
    gives: Gives = Gives.NOTHING,
    keys: str = "key",
    stores: str = "",
    other_keys: str = "",
    makes: str | None = None,
    *,
    keyed_by_value: bool = False,
) -> Command:
    return Command(
        tuple(works_on.split()),
        frozenset(values.split()),
        gives,
        frozenset(keys.split()),
        tuple(stores.split()),
        frozenset(other_keys.split()),
        makes,
        keyed_by_value=keyed_by_value,
    )


def _strings() -> dict[str, Command]:
    kind = "String"
    return {
        "get": _row(kind, gives=Gives.VALUES),
        "set": _row(kind, "value ifeq ifne", Gives.VALUES, makes="key"),
        "setex": _row(kind, "value"),
        "psetex": _row(kind, "value"),
        "setnx": _row(kind, "value", makes="key"),
        "set_nx_keep_ttl_with_ex": _row(kind, "value"),
        "getset": _row(kind, "value", Gives.VALUES, makes="key"),
        "getdel": _row(kind, gives=Gives.VALUES),
        "getex": _row(kind, gives=Gives.VALUES),
        "mget": _row(kind, gives=Gives.VALUES_OR_NONE, keys="keys"),
        "mset": _row(kind, "mapping", keys="mapping", makes="mapping"),
        "msetnx": _row(kind, "mapping", keys="mapping", makes="mapping"),
        "msetex": _row(kind, "mapping", keys="mapping", makes="mapping"),
        "delifeq": _row(kind, "value"),
        "delex": _row(kind, "ifeq ifne"),
        **{name: _row(kind, makes="key") for name in ("append", "setrange", "incr", "incrby", "incrbyfloat")},
        **{name: _row(kind, makes="key") for name in ("decr", "decrby", "setbit", "bitfield")},
        **{name: _row(kind) for name in ("strlen", "getrange", "substr", "digest")},
        **{name: _row(kind) for name in ("getbit", "bitcount", "bitpos", "bitfield_ro")},
        **{name: _row(kind, keys="key1 key2") for name in ("lcs", "lcs_idx")},
        "bitop": _row(kind, keys="keys", stores=kind, makes="dest"),
    }


def _hashes() -> dict[str, Command]:
    kind = "Hash"
    lifetimes = ("hexpire", "hpexpire", "hexpireat", "hpexpireat", "hpersist", "httl", "hpttl")
    return {
        **{name: _row(kind, gives=Gives.VALUES) for name in ("hget", "hgetall", "hvals")},
        "hmget": _row(kind, gives=Gives.VALUES_OR_NONE),
        **{name: _row(kind, gives=Gives.VALUES) for name in ("hgetex", "hgetdel", "hscan")},
        **{name: _row(kind, gives=Gives.PAIRED) for name in ("hrandfield", "hscan_iter")},
        "hset": _row(kind, "value mapping", makes="key"),
        "hmset": _row(kind, "mapping", makes="key"),
        "hsetnx": _row(kind, "value", makes="key"),
        "hsetex": _row(kind, "value mapping", makes="key"),
        "hset_multi_with_expire": _row(kind, "mapping"),
        **{name: _row(kind, makes="key") for name in ("hincrby", "hincrbyfloat")},
        **{name: _row(kind) for name in ("hdel", "hexists", "hkeys", "hlen", "hstrlen")},
        **{name: _row(kind) for name in (*lifetimes, "hexpiretime", "hpexpiretime")},
    }


def _lists() -> dict[str, Command]:
    kind = "List"
    return {
        **{name: _row(kind, "values", makes="key") for name in ("lpush", "rpush")},
        **{name: _row(kind, "values") for name in ("lpushx", "rpushx")},
        **{name: _row(kind, gives=Gives.VALUES) for name in ("lpop", "rpop", "lrange", "lindex")},
        **{name: _row(kind, gives=Gives.VALUES, keys="keys") for name in ("lmpop", "blmpop", "blpop", "brpop")},
        **{
            name: _row(kind, gives=Gives.VALUES, keys="first_list", stores=kind, makes="second_list")
            for name in ("lmove", "blmove")
        },
        **{
            name: _row(kind, gives=Gives.VALUES, keys="src", stores=kind, makes="dst")
            for name in ("rpoplpush", "brpoplpush")
        },
        "linsert": _row(kind, "refvalue value"),
        **{name: _row(kind, "value") for name in ("lset", "lrem", "lpos")},
        **{name: _row(kind) for name in ("llen", "ltrim")},
    }


def _sets() -> dict[str, Command]:
    kind = "Set"
    return {
        "sadd": _row(kind, "values", makes="key"),
        "srem": _row(kind, "values"),
        "sismember": _row(kind, "value"),
        "smismember": _row(kind, "values"),
        "smove": _row(kind, "value", keys="src", stores=kind, makes="dst"),
        **{name: _row(kind, gives=Gives.VALUES) for name in ("smembers", "spop", "srandmember", "sscan", "sscan_iter")},
        **{name: _row(kind, gives=Gives.VALUES, keys="keys") for name in ("sdiff", "sinter", "sunion")},
        **{
            name: _row(kind, keys="keys", stores=kind, makes="dest")
            for name in ("sdiffstore", "sinterstore", "sunionstore")
        },
        "sintercard": _row(kind, keys="keys"),
        "scard": _row(kind),
    }


def _sorted_sets() -> dict[str, Command]:
    kind = "SortedSet"
    ranges = ("zrange", "zrevrange", "zrangebyscore", "zrevrangebyscore", "zrangebylex", "zrevrangebylex")
    scored = ("zpopmin", "zpopmax", "zrandmember", "zscan", "zscan_iter")
    counting = ("zcard", "zcount", "zlexcount", "zremrangebyrank", "zremrangebyscore", "zremrangebylex")
    either = "SortedSet Set"
    return {
        "zadd": _row(kind, "mapping", makes="key", keyed_by_value=True),
        "zincrby": _row(kind, "value", makes="key"),
        "zrem": _row(kind, "values"),
        "zmscore": _row(kind, "members"),
        **{name: _row(kind, "value") for name in ("zscore", "zrank", "zrevrank")},
        **{name: _row(kind) for name in counting},
        **{name: _row(kind, gives=Gives.VALUES) for name in (*ranges, *scored)},
        **{name: _row(kind, gives=Gives.VALUES, keys="keys") for name in ("zmpop", "bzmpop", "bzpopmin", "bzpopmax")},
        **{name: _row(either, gives=Gives.VALUES, keys="keys") for name in ("zunion", "zinter", "zdiff")},
        **{
            name: _row(either, keys="keys", stores=kind, makes="dest")
            for name in ("zunionstore", "zinterstore", "zdiffstore")
        },
        "zintercard": _row(either, keys="keys"),
        "zrangestore": _row(kind, stores=kind, makes="dest"),
        "geoadd": _row(kind, "values", makes="key"),
        "geodist": _row(kind, "place1 place2"),
        **{name: _row(kind, "values") for name in ("geohash", "geopos")},
        "geosearch": _row(kind, "member", Gives.VALUES),
        "geosearch_places": _row(kind, "member"),
        "geosearchstore": _row(kind, "member", stores=kind, makes="dest"),
    }


def _streams() -> dict[str, Command]:
    kind = "Stream"
    groups = ("xgroup_setid", "xgroup_destroy", "xgroup_createconsumer", "xgroup_delconsumer", "xack", "xackdel")
    reports = ("xlen", "xpending", "xpending_range", "xinfo_stream", "xinfo_groups", "xinfo_consumers")
    return {
        "xadd": _row(kind, "fields", makes="key"),
        **{name: _row(kind, gives=Gives.ENTRIES) for name in ("xrange", "xrevrange", "xclaim", "xautoclaim")},
        **{name: _row(kind, gives=Gives.ENTRIES, keys="streams") for name in ("xread", "xreadgroup")},
        **{name: _row(kind) for name in ("xtrim", "xdel", "xdelex", *groups, *reports)},
        "xgroup_create": _row(kind),
    }


def _others() -> dict[str, Command]:
    counted = "HyperLogLog"  # no structure that can be declared
    sortable = "List Set SortedSet"
    return {
        "pfadd": _row(counted, makes="key"),
        "pfcount": _row(counted, keys="keys"),
        "pfmerge": _row(counted, keys="keys", stores=counted, makes="dest"),
        "sort": _row(sortable, other_keys="by get"),
        "sort_ro": _row(sortable, other_keys="by get"),
        "sort_store": _row(sortable, stores="List", other_keys="by get", makes="dest"),
    }


COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {**_strings(), **_hashes(), **_lists(), **_sets(), **_sorted_sets(), **_streams(), **_others()}
)

ANY_STRUCTURE: Final = frozenset(
    {
        *("copy", "delete", "dump", "exists", "expire", "expireat", "expiretime", "move", "persist", "pexpire"),
        *("pexpireat", "pexpiretime", "pttl", "rename", "renamenx", "restore", "touch", "ttl", "type", "unlink"),
        *("object_encoding", "object_freq", "object_idletime", "object_refcount", "memory_usage"),
        *("eval", "eval_ro", "evalsha", "evalsha_ro", "fcall", "fcall_ro"),
    }
)
"""Commands with keys that may hold anything."""

VALUE_FREE: Final = ANY_STRUCTURE | {
    *("hdel", "hexists", "hkeys", "hlen", "hscan_iter", "hstrlen", "hexpire", "hpexpire", "hexpireat"),
    *("hpexpireat", "hpersist", "hexpiretime", "hpexpiretime", "httl", "hpttl", "hrandfield"),
    *("scard", "llen", "ltrim", "zcard", "xlen", "strlen"),
}
"""Commands that neither read nor write a value, so that packed and plain bases go through them alike."""
