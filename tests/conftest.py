"""Fixtures of every test: real servers, empty at the start of each test."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Protocol

import pytest
import redis

from tests.preparing import share
from tests.valkey_server import ValkeyServer

if TYPE_CHECKING:
    from collections.abc import Iterator


SLOW_TIMEOUT: Final = 3600
"""Seconds that a test marked `slow` may take; others have the `timeout` of pyproject.toml."""


def pytest_configure() -> None:
    """Tell the processes of this run where they share what is prepared once."""
    share()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run single tests in this very process, as what writes files or shows output needs it; else leave it to xdist."""
    single = all("::" in argument for argument in config.args)
    shows = config.getoption("capture") == "no"
    return 0 if single or shows or config.getoption("--update-data", default=False) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give slow tests their time."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TIMEOUT))


class StartServer(Protocol):
    """Start a further server with the given directives (see `ValkeyServer`); it ends with the test."""

    def __call__(self, *, sentinel: bool = False, **config: str | int | list[str]) -> ValkeyServer: ...


@pytest.fixture(scope="session")
def cache_server() -> Iterator[ValkeyServer]:
    """One cache server for the whole run; a test that stops or stalls one uses `start_server`."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture(scope="session")
def sys_server() -> Iterator[ValkeyServer]:
    """One system server for the whole run, apart from the cache server."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def cache_url(cache_server: ValkeyServer) -> str:
    """URL of the cache server, emptied for this test."""
    _empty(cache_server)
    return cache_server.url


@pytest.fixture
def sys_url(sys_server: ValkeyServer) -> str:
    """URL of the system server, emptied for this test."""
    _empty(sys_server)
    return sys_server.url


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts servers of this test alone: `start_server(cluster_enabled="yes", save="900 1")`."""
    with contextlib.ExitStack() as servers:

        def start(*, sentinel: bool = False, **config: str | int | list[str]) -> ValkeyServer:
            return servers.enter_context(ValkeyServer(sentinel=sentinel, **config))

        yield start


def _empty(server: ValkeyServer) -> None:
    with redis.Redis.from_url(server.url) as admin:
        admin.flushall()
        admin.function_flush()
        admin.script_flush()
