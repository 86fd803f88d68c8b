"""`client.packed`: values as MessagePack, under the names and options of the plain commands."""

from civiredis.packed.cache import CachePacked
from civiredis.packed.system import SysPacked
from civiredis.packed.values import Packable, Unpacked

__all__ = ["CachePacked", "Packable", "SysPacked", "Unpacked"]
