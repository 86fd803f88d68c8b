"""The servers that the other tests run against are real, private, and gone afterwards."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import redis

from tests.valkey_server import ServerDidNotStartError, ValkeyServer, free_port

if TYPE_CHECKING:
    from tests.conftest import StartServer


def test_cache_and_system_are_two_servers(cache_url: str, sys_url: str) -> None:
    with redis.Redis.from_url(cache_url) as cache, redis.Redis.from_url(sys_url) as system:
        cache.set("left", "behind")
        assert system.get("left") is None


def test_each_test_finds_them_empty(cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as cache:
        assert cache.dbsize() == 0


def test_a_cluster_node_starts_from_the_same_binary(start_server: StartServer) -> None:
    with redis.Redis.from_url(start_server(cluster_enabled="yes").url) as node:
        assert node.info("cluster")["cluster_enabled"] == 1


def test_a_sentinel_starts_from_the_same_binary(start_server: StartServer) -> None:
    with redis.Redis.from_url(start_server(sentinel=True).url) as sentinel:
        assert sentinel.info("server")["server_mode"] == "sentinel"


def test_a_stalled_server_answers_when_it_resumes(start_server: StartServer) -> None:
    server = start_server()
    with redis.Redis.from_url(server.url, socket_timeout=0.2) as client:
        with server.stalled(), pytest.raises(redis.TimeoutError):
            client.ping()
        assert client.ping() is True


def test_a_killed_server_comes_back_on_its_port(start_server: StartServer) -> None:
    server = start_server()
    port = server.port
    server.kill()
    server.start()
    assert server.port == port
    with redis.Redis.from_url(server.url) as client:
        assert client.ping() is True


def test_process_and_directory_are_gone_after_the_block() -> None:
    with ValkeyServer() as server:
        pid, directory = server.pid, server.directory
    assert not directory.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(ServerDidNotStartError, match="Bad directive"),
        ValkeyServer(no_such_directive="1", port=free_port()),
    ):
        pass
