"""An audit of a cluster walks every master, whichever node is named."""

from __future__ import annotations

import redis

from tests.audit.conftest import FILLED, Audit, auditor, base, fill
from tests.transport.valkey_cluster import Cluster


def test_every_master_is_walked(audited: Audit) -> None:
    with Cluster.started() as cluster:
        host, port = cluster.addresses[0]
        empty = audited("--url", f"redis://{host}:{port}/0")
        assert (len(empty["masters"]), empty["total"], empty["unmatched"]) == (3, 0, [])
        with redis.RedisCluster(host=host, port=port) as client:
            fill(client)
        for node in (cluster.addresses[0], cluster.addresses[-1]):
            report = audited("--url", f"redis://{node[0]}:{node[1]}/0")
            assert sorted(report["masters"]) == sorted(f"127.0.0.1:{server.port}" for server in cluster.masters)
            assert report["total"] == report["examined"] == FILLED
            assert base(report, "user")["keys"] == 101
            assert base(report, "packed:user:profile")["decoding"]["undecodable"] == 2
        for server in cluster.masters:
            with redis.Redis.from_url(server.url) as admin:
                admin.execute_command(*auditor())
        assert audited("--url", f"redis://auditor:password@{host}:{port}/0")["examined"] == FILLED
        sampled = audited("--url", f"redis://{host}:{port}/0", "--sample", "30")
        assert sampled["sampled"]
