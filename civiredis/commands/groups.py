"""The commands that both servers are offered, in pipelines too.

What adds to them stands beside this class, not below it: mypy looks for a method along every way to every ancestor, so
a client that came by these groups in several ways would be slow to check.
"""

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
from civiredis.commands.scanning import ScanCommands
from civiredis.commands.scripting import ScriptingCommands
from civiredis.commands.server import ServerCommands
from civiredis.commands.sets import SetCommands
from civiredis.commands.sorted_set_algebra import SortedSetAlgebraCommands
from civiredis.commands.sorted_set_ranges import SortedSetRangeCommands
from civiredis.commands.sorted_sets import SortedSetCommands
from civiredis.commands.stream_groups import StreamGroupCommands
from civiredis.commands.streams import StreamCommands
from civiredis.commands.strings import StringCommands


class CommonCommands(
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
    ScanCommands[R],
    ScriptingCommands[R],
    AtomicCommands[R],
    ServerCommands[R],
):
    """Every command but those that wait, those that iterate, and those that delete more than named keys."""
