"""A project with registries, and a keyspace with something of everything."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest
import redis

from tests.cli.calling import civiredis
from tests.docs.pages import DOCS

if TYPE_CHECKING:
    from pathlib import Path

KEYS = """\
from uuid import UUID

from civiredis import CacheRegistry, Counter, Hash, List, Set, SortedSet, Stream, String, SysRegistry, key


class CacheKeys(CacheRegistry):
    USER = "user"
    SETTINGS = key("user:settings", Hash[str])
    PROFILE = key("packed:user:profile", String[dict[str, str]], ttl=3600)
    VIEWS = key("views", Counter)
    FLAGS = key("flags", Hash[bool])
    QUEUE = key("queue", List[UUID])
    TAGS = key("tags", Set[int])
    RANKS = key("ranks", SortedSet[int])
    EVENTS = key("events", Stream[float])
    NAMES = key("names", String[str])
    SEEN = "packed:user:seen"
    UNUSED = "nothing"


class SysKeys(SysRegistry):
    FEATURES = "system:features"
"""


class Audit(Protocol):
    """Audits a server with the command, and gives its report as JSON has it."""

    def __call__(self, *arguments: str, status: int = 0) -> dict[str, Any]: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with the module `keys`."""
    (tmp_path / "keys.py").write_text(KEYS)
    return tmp_path


@pytest.fixture
def audited(project: Path) -> Audit:
    def audit(*arguments: str, status: int = 0) -> dict[str, Any]:
        done = civiredis("audit", "keys:CacheKeys", "--json", *arguments, cwd=project)
        assert done.returncode == status, done.stdout + done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    return audit


def fill(client: redis.Redis | redis.RedisCluster) -> None:
    """Write something of everything: 133 keys."""
    for number in range(100):
        client.set(f"user:{number}", "x" * 50, ex=1000 + number)
    client.set("user", "bare")
    client.hset("user:settings:1", mapping={"theme": "dark"})
    client.sadd("user:settings:2", "a")
    client.set("packed:user:profile:1", msgpack.packb({"name": "Zoë"}), ex=3600)
    client.set("packed:user:profile:2", b"\xc1 never used", ex=7200)
    client.set("packed:user:profile:3", msgpack.packb([1]))
    client.rpush("packed:user:profile:4", "no list is packed")
    client.hset("packed:user:seen:1", mapping={"a": msgpack.packb(1), "b": b"\x93\x01"})
    client.sadd("packed:user:seen:2", msgpack.packb("a"), msgpack.packb("b"))
    client.set("views:1", 17)
    client.set("views:2", "many")
    client.sadd("views:3", "a")
    client.hset("flags:1", mapping={"good": "1", "bad": "perhaps"})
    client.rpush("queue:1", str(UUID(int=1)), "bad")
    client.sadd("tags:1", "1", "bad")
    client.zadd("ranks:1", {"1": 1, "bad": 2})
    client.xadd("events:1", {"good": "1.5", "bad": "1,5"})
    client.set("names:1", b"\xff")
    client.rpush("packed:user:seen:3", "no list is packed")
    for number in range(10):
        client.set(f"usr:{number}", "x" * 1000)
    client.set("sess_5f3a9c0e77d1", "1")
    client.set("sess_77aa9c0e0000", "2")
    client.set(b"\xff<script>alert(1)</script>:\n", "not UTF-8")
    client.zadd("userfoo", {"a": 1})


FILLED = 133


def auditor() -> list[str]:
    """The command that the documentation gives for a user who may do what an audit needs, and no more."""
    (line,) = re.findall(r"redis-cli (ACL SETUSER .*)", (DOCS / "command-line.md").read_text())
    return shlex.split(line)


@pytest.fixture
def filled_url(cache_url: str) -> str:
    """URL of a server with something of everything."""
    with redis.Redis.from_url(cache_url) as client:
        fill(client)
    return cache_url


def base(report: dict[str, Any], name: str) -> dict[str, Any]:
    """What a report says of one base."""
    found: dict[str, Any] = next(one for one in report["bases"] if one["base"] == name)
    return found
