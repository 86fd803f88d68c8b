"""Redis Cluster: every command goes to the master that serves its key, over one connection per master."""

from civiredis.transport.cluster.transport import ClusterTransport

__all__ = ["ClusterTransport"]
