"""The fixtures of `civiredis.testing`, in test suites of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import KEYS
from tests.readme import write_examples

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
[tool.pytest.ini_options]
addopts = ["-p", "civiredis.testing", "-p", "no:cacheprovider"]
filterwarnings = ["error"]
asyncio_mode = "{mode}"
asyncio_default_fixture_loop_scope = "function"
civiredis_cache_registry = "{cache}"
civiredis_sys_registry = "{system}"
"""

FRESH = """\
import os
import pytest
from app.keys import CacheKeys, SysKeys
from civiredis import CacheRedis, SysRedis, RedisSettings, create_redis_clients

@pytest.mark.asyncio
@pytest.mark.parametrize("turn", range(20))
async def test_every_test_begins_with_nothing(
    redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys], turn: int
) -> None:
    assert await redis.incr("user:1") == 1
    assert await sys_redis.incr("system:features") == 1
    assert await redis.get("user:1") == "1"

@pytest.mark.asyncio
async def test_the_two_are_apart(redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys]) -> None:
    await redis.set("user", "x")
    assert await sys_redis.raw.dbsize() == 0

@pytest.mark.asyncio
async def test_the_environment(redis_environment: RedisSettings, redis: CacheRedis[CacheKeys]) -> None:
    assert os.environ["REDIS_URL"] == redis_environment.url
    async with create_redis_clients(CacheKeys, SysKeys) as (cache, _):
        await cache.set("user:2", "x")
    assert await redis.exists("user:2") == 1

def test_without_an_event_loop(redis_settings: RedisSettings) -> None:
    assert redis_settings.url != redis_settings.sys_url
"""

WORKING = {"mode": "auto", "cache": "app.keys:CacheKeys", "system": "app.keys:SysKeys"}


ANYIO = """\
import pytest
from app.keys import CacheKeys, SysKeys
from civiredis import CacheRedis, SysRedis

pytestmark = pytest.mark.anyio

@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"

@pytest.mark.parametrize("turn", range(20))
async def test_every_test_begins_with_nothing(
    redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys], turn: int
) -> None:
    assert await redis.incr("user:1") == 1
    assert await sys_redis.incr("system:features") == 1
"""


COUNTING = """\
import pathlib
import redis as redis_py
from app.keys import CacheKeys, SysKeys
from civiredis import CacheRedis, SysRedis, RedisSettings

TESTS = 20

def pytest_generate_tests(metafunc):
    metafunc.parametrize("turn", range(TESTS))

async def test_one_of_many(
    redis: CacheRedis[CacheKeys], sys_redis: SysRedis[SysKeys], redis_settings: RedisSettings, turn: int
) -> None:
    assert await redis.incr("user:1") == 1
    with redis_py.Redis.from_url(redis_settings.url) as admin:
        told = admin.info("everything")
    print(f"server {told['process_id']}: {told['total_commands_processed']}")
"""

MOST_COMMANDS = 25
"""What a test may cost its server: a handshake for each client, two databases emptied, and the commands of the test."""


def run(project: Path, tests: str, *options: str, **config: str) -> subprocess.CompletedProcess[str]:
    (project / "pyproject.toml").write_text(CONFIG.format(**WORKING | config))
    (project / "test_it.py").write_text(tests)
    return pytest_in(project, *options)


def pytest_in(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest, without a plugin that is in the way of none of these tests and takes long to start."""
    command = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", *options, "test_it.py"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "keys.py").write_text(KEYS)
    return tmp_path


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_every_test_has_empty_databases(mode: str, project: Path) -> None:
    done = run(project, FRESH, mode=mode)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "23 passed" in done.stdout


def test_anyio_runs_the_tests_beside_pytest_asyncio(project: Path) -> None:
    done = run(project, ANYIO, mode="strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 passed" in done.stdout


def test_anyio_is_enough(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "pytest_asyncio.py").write_text("raise ImportError('as if it were not installed')")
    (project / "test_it.py").write_text(ANYIO)
    monkeypatch.setenv("PYTHONPATH", str(project))
    registries = ["-o", "civiredis_cache_registry=app.keys:CacheKeys", "-o", "civiredis_sys_registry=app.keys:SysKeys"]
    done = pytest_in(project, "-W", "error", "-p", "no:asyncio", "-p", "civiredis.testing", *registries)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 passed" in done.stdout


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"cache": ""}, "civiredis_cache_registry is not set"),
        ({"system": ""}, "civiredis_sys_registry is not set"),
        ({"cache": "app.keys:Nope"}, "civiredis_cache_registry: app.keys has no Nope"),
        ({"cache": "app.keys:SysKeys"}, "civiredis_cache_registry: SysKeys is no CacheRegistry"),
        ({"system": "app.keys:CacheKeys"}, "civiredis_sys_registry: CacheKeys is no SysRegistry"),
    ],
    ids=str,
)
def test_a_registry_that_is_missing_is_named(config: dict[str, str], told: str, project: Path) -> None:
    done = run(project, FRESH, "-k", "apart", **config)
    assert done.returncode == 1
    assert told in done.stdout


UNTYPED = """\
import pytest
from civiredis import UnknownKeyError, create_redis_clients
from app.keys import CacheKeys, SysKeys

async def test_keys_that_mypy_does_not_see(redis, sys_redis, redis_environment):
    async with create_redis_clients(CacheKeys, SysKeys) as clients:
        for client in (redis, sys_redis, *clients):
            with pytest.raises(UnknownKeyError):
                await client.get("nowhere")
"""


def test_the_environment_says_what_becomes_of_unknown_keys(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_CHECK_KEYS", "raise")
    assert "1 passed" in run(project, UNTYPED).stdout
    monkeypatch.delenv("REDIS_CHECK_KEYS")
    assert "DID NOT RAISE" in run(project, UNTYPED).stdout


def test_tests_share_one_server_and_cost_it_a_few_commands(project: Path) -> None:
    done = run(project, COUNTING, "-s")
    assert "20 passed" in done.stdout, done.stdout + done.stderr
    told = re.findall(r"server (\d+): (\d+)", done.stdout)
    assert len({process for process, _ in told}) == 1
    counts = [int(count) for _, count in told]
    assert len(counts) == 20
    assert all(after - before <= MOST_COMMANDS for before, after in pairwise(counts)), counts


def test_processes_of_xdist_have_a_server_each(project: Path) -> None:
    done = run(project, f"{COUNTING}    pathlib.Path(str(told['process_id'])).touch()\n", "-n", "2")
    assert "20 passed" in done.stdout, done.stdout + done.stderr
    assert len([path for path in project.iterdir() if path.name.isdigit()]) == 2


def test_the_example_of_the_readme_works(tmp_path: Path) -> None:
    write_examples(tmp_path)
    command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider", "app/test_service.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
