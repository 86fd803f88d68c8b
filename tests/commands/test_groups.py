"""How the clients and pipelines come by their commands: mypy follows every way to every ancestor at each call."""

from __future__ import annotations

from collections import Counter

import pytest

from civiredis.client import CacheRedis, SysRedis
from civiredis.commands.base import Commands
from civiredis.commands.scanning import ScanCommands
from civiredis.commands.streams import StreamCommands
from civiredis.commands.values import ValueCommands
from civiredis.pipeline import CachePipeline, SysPipeline

COMMON_GROUND = {Commands, ValueCommands}
BUILT_UPON = {ScanCommands, StreamCommands}
"""Groups on which another group stands, so that there are two ways to them."""


def ways(below: type) -> Counter[type]:
    """Count the ways from a class to each of its ancestors."""
    found: Counter[type] = Counter()
    for base in below.__bases__:
        found[base] += 1
        found += ways(base)
    return found


@pytest.mark.parametrize("served", [CacheRedis, SysRedis, CachePipeline, SysPipeline])
def test_there_is_one_way_to_each_group_of_commands(served: type) -> None:
    groups = {one: count for one, count in ways(served).items() if issubclass(one, Commands)}

    several = {one for one, count in groups.items() if count > 1} - COMMON_GROUND
    assert several <= BUILT_UPON
    assert all(groups[one] <= 2 for one in several)
