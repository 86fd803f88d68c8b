"""python-lsp-server shows wrong keys where they stand, and no longer once they or the registry are right."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.editors.language_server import Diagnostic, LanguageServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = """from civiredis import CacheRegistry


class CacheKeys(CacheRegistry):
    USER = "user"
"""
APP = """from civiredis import CacheRedis
from keys import CacheKeys


async def load(redis: CacheRedis[CacheKeys], uid: int, name: str | None) -> None:
    await redis.get(f"user:{uid}")
    await redis.get(f"order:{uid}")
    await redis.mget(["user:1", "oder:1"])
    await redis.get(f"user:{uid}:{name}")
"""
CONFIG = "[mypy]\nplugins = civiredis_mypy\ncache_dir = {cache}\n"


class Shop(NamedTuple):
    """A folder as an editor opens it."""

    folder: Path
    keys: Path
    app: Path


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def shop(tmp_path: Path, cache: Path) -> Iterator[Shop]:
    folder = tmp_path / "shop"
    folder.mkdir()
    made = Shop(folder, folder / "keys.py", folder / "app.py")
    made.keys.write_text(KEYS)
    made.app.write_text(APP)
    (folder / "mypy.ini").write_text(CONFIG.format(cache=cache))
    yield made
    if (folder / ".dmypy.json").exists():
        subprocess.run(
            [sys.executable, "-m", "mypy.dmypy", "--status-file", ".dmypy.json", "stop"], cwd=folder, check=True
        )


def spans(found: list[Diagnostic], code: str = "redis-key") -> list[str]:
    """Texts of `APP` that the diagnostics of one code mark."""
    lines = APP.splitlines()
    return [lines[one.start[0]][one.start[1] : one.end[1]] for one in found if one.code == code]


@pytest.mark.parametrize("dmypy", [False, True], ids=["mypy", "dmypy"])
def test_wrong_keys_are_marked_exactly_and_as_long_as_they_are_wrong(shop: Shop, *, dmypy: bool) -> None:
    with LanguageServer(shop.folder, dmypy=dmypy) as server:
        shown = server.open(shop.app)
        assert spans(shown) == ['f"order:{uid}"', '"oder:1"']
        assert spans(shown, "redis-key-part") == ["name"]
        assert shown[0].message.startswith('Key "order:{int}" does not start with a base of "CacheKeys"')

        server.open(shop.keys)
        server.edit(shop.keys, 'USER = "user"', 'USER = "user"\n    ORDER = "order"')
        assert spans(server.save(shop.app)) == ['"oder:1"']

        assert spans(server.edit(shop.app, '"oder:1"', '"order:1"')) == []

        server.edit(shop.keys, 'USER = "user"', 'USER = "member"')
        assert spans(server.save(shop.app)) == ['f"user:{uid}"', '"user:1"', 'f"user:{uid}:{name}"']


def test_the_json_output_of_mypy_has_the_same_places(shop: Shop) -> None:
    command = [sys.executable, "-m", "mypy", "-O", "json", "app.py"]
    done = subprocess.run(command, cwd=shop.folder, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]

    lines = APP.splitlines()
    assert all(one["line"] == one["end_line"] for one in found)
    marked = [(one["code"], lines[one["line"] - 1][one["column"] : one["end_column"]]) for one in found]
    assert marked == [("redis-key", 'f"order:{uid}"'), ("redis-key", '"oder:1"'), ("redis-key-part", "name")]
