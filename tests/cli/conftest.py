"""A small application, whose registries the commands read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

KEYS = '''\
from datetime import timedelta

from typing import TypedDict

from civiredis import CacheRegistry, Counter, SortedSet, String, SysRegistry, key


class Profile(TypedDict):
    name: str


class UserKeys(CacheRegistry):
    USER = "user"
    SETTINGS = "user:settings"


class CacheKeys(UserKeys):
    PROFILE = key(
        "packed:user:profile", String[Profile | None], ttl=timedelta(hours=1), doc="What others see | of a user."
    )
    RANKS = key("ranks", SortedSet[str])
    VIEWS = key("views", Counter)

    class Generation:
        """Jobs that make pictures."""

        COUNT = "generation:count"


class SysKeys(SysRegistry):
    FEATURES = "system:features"


NUMBER = 5
'''


def write_project(directory: Path) -> None:
    """Write the package `app`, in which `app.keys` declares three registries."""
    (directory / "app").mkdir()
    (directory / "app" / "__init__.py").touch()
    (directory / "app" / "keys.py").write_text(KEYS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with the package `app`."""
    write_project(tmp_path)
    return tmp_path
