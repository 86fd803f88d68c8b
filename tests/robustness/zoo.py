"""Programs with every piece of syntax that Python has, around keys.

`# wrong` marks the lines with a wrong key, `# open` those with a right one that is refused so far.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

SOURCE: Final = Path(__file__).with_name("zoo.txt")
WRONG: Final = "# wrong"
OPEN: Final = "# open"
KEYS: Final = """
from collections.abc import Iterable
from civiredis import BaseOf as BaseOf, CacheRegistry, KeyOf as KeyOf, RedisSettings, SysRegistry, create_redis_clients
class Keys(CacheRegistry):
    USER = "user"
    TAG = "tag"
class SysKeys(SysRegistry):
    FEATURES = "system:features"
redis, sys_redis = create_redis_clients(Keys, SysKeys, settings=RedisSettings(url="", sys_url=""))
def take(key: KeyOf[Keys]) -> None: ...
def take_many(keys: Iterable[KeyOf[Keys]]) -> None: ...
"""


class Program(NamedTuple):
    """A program of the zoo, and the version of Python that it needs."""

    name: str
    python: str
    text: str

    @property
    def wrong(self) -> list[int]:
        return self._marked(WRONG)

    @property
    def refused_so_far(self) -> list[int]:
        return self._marked(OPEN)

    def _marked(self, mark: str) -> list[int]:
        return [at for at, line in enumerate(self.text.split("\n"), 1) if line.endswith(mark)]


def programs() -> list[Program]:
    found: list[Program] = []
    for part in SOURCE.read_text(encoding="utf-8").split("--- ")[1:]:
        title, _, text = part.partition("\n")
        name, _, python = title.partition(" ")
        found.append(Program(name, python or "3.11", text))
    return found
