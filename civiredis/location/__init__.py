"""Where the server of a client is, and how it is reached: a server, a cluster, or a master that sentinels name."""

from civiredis.location.cluster import ClusterLocation
from civiredis.location.location import Location
from civiredis.location.sentinels import SentinelLocation
from civiredis.location.server import ServerLocation

__all__ = ["ClusterLocation", "Location", "SentinelLocation", "ServerLocation"]
