"""Which groups of commands each of the two servers is offered."""

from __future__ import annotations

from civiredis.annotations import R
from civiredis.commands.atomic import AtomicCommands
from civiredis.commands.bitmaps import BitmapCommands
from civiredis.commands.expiry import ExpiryCommands
from civiredis.commands.generic import GenericCommands
from civiredis.commands.geo import GeoCommands
from civiredis.commands.hash_expiry import HashExpiryCommands
from civiredis.commands.hashes import HashCommands
from civiredis.commands.hyperloglog import HyperLogLogCommands
from civiredis.commands.lists import ListCommands
from civiredis.commands.scripting import ScriptingCommands
from civiredis.commands.server import FlushCommands, ServerCommands
from civiredis.commands.sets import SetCommands
from civiredis.commands.sorted_set_algebra import SortedSetAlgebraCommands
from civiredis.commands.sorted_set_ranges import SortedSetRangeCommands
from civiredis.commands.sorted_sets import SortedSetCommands
from civiredis.commands.stream_groups import StreamGroupCommands
from civiredis.commands.streams import StreamCommands
from civiredis.commands.strings import StringCommands


class SysCommands(
    StringCommands[R],
    BitmapCommands[R],
    HashCommands[R],
    HashExpiryCommands[R],
    ListCommands[R],
    SetCommands[R],
    SortedSetCommands[R],
    SortedSetRangeCommands[R],
    SortedSetAlgebraCommands[R],
    StreamGroupCommands[R],
    StreamCommands[R],
    HyperLogLogCommands[R],
    GeoCommands[R],
    GenericCommands[R],
    ExpiryCommands[R],
    ScriptingCommands[R],
    AtomicCommands[R],
    ServerCommands[R],
):
    """Every command, in pipelines too, that the system server is offered: nothing that deletes more than named keys."""


class CacheCommands(SysCommands[R], FlushCommands[R]):
    """Every command, in pipelines too, that the cache is offered."""
