"""The worked example of the page, on real servers: one, and a cluster of three masters."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest

from civiredis import create_cache_redis
from tests.declared.keys import CacheKeys
from tests.docs.pages import DOCS, blocks_of, write_page
from tests.transport.valkey_cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "declared-keys.md"
COMMAND = "$ python -m app.social\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster.started() as started:
        yield started


def shown() -> str:
    """What the page says that the program prints."""
    (text,) = (block.text for block in blocks_of((DOCS / PAGE).read_text()) if block.text.startswith(COMMAND))
    return text.removeprefix(COMMAND)


def ran(directory: Path, **variables: str) -> str:
    """What the program prints with these settings."""
    write_page(PAGE, directory)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("REDIS_")}
    command = [sys.executable, "-m", "app.social"]
    done = subprocess.run(
        command, cwd=directory, env=environ | variables, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_on_one_server(cache_url: str, sys_url: str, tmp_path: Path) -> None:
    assert ran(tmp_path, REDIS_URL=cache_url, REDIS_SYS_URL=sys_url, REDIS_CHECK_KEYS="raise") == shown()


def test_on_a_cluster_of_three_masters(cluster: Cluster, sys_url: str, tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{cluster.masters[0].port}"
    variables = {"REDIS_URL": url, "REDIS_SYS_URL": sys_url, "REDIS_CLUSTER": "true", "REDIS_CHECK_KEYS": "raise"}
    assert ran(tmp_path, **variables) == shown()


async def test_what_does_not_fit_is_removed_where_it_stands_in_a_cluster(cluster: Cluster) -> None:
    url = f"redis://127.0.0.1:{cluster.masters[0].port}"
    async with create_cache_redis(CacheKeys, url=url, cluster=True) as client:
        views = [CacheKeys.Plain.VIEWS(number) for number in range(30)]
        for number, view in enumerate(views):
            await client.raw.set(view, number if number % 2 else "many")
        assert await client.mget(views) == [number if number % 2 else None for number in range(30)]
        assert await client.exists(*views) == 15
        profiles = [CacheKeys.PROFILE(number) for number in range(30)]
        for profile in profiles:
            await client.raw.set(profile, msgpack.packb({"name": "Ann"}))
        assert await client.packed.mget(profiles) == [None] * 30
        assert await client.exists(*profiles) == 0
        await client.raw.rpush(CacheKeys.Plain.DAYS, "2026-01-02", "today")
        assert await client.blmpop(1, 1, CacheKeys.Plain.DAYS, direction="RIGHT", count=2) == (
            "days",
            [date(2026, 1, 2)],
        )
