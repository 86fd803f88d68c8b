"""Edits that nobody thought of: bases, aliases, constants and keys changed at random, some of them reverted later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.modes.differential import Step
from tests.modes.project import CONFIG, Files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

WORDS: Final = ("user", "order", "session", "model", "trail", "random", "system:flags", "ring", "cart:open", "later")
BASE: Final = re.compile(r'^(?P<indent> +)(?P<name>[A-Z_]+) = "(?P<text>[^"]+)"$', re.MULTILINE)
KEYS: Final = "shop/keys/"
SWAPS: Final = (
    ("CacheKey:", "SysKey:"),
    ("-> CacheKey:", "-> str:"),
    ("-> CacheKey:", "-> UserKey:"),
    ("KeyOf[CacheKeys]", "KeyOf[UserKeys]"),
    ("KeyOf[UserKeys]", "KeyOf[CacheKeys]"),
    ("BaseOf[", "KeyOf["),
    ("(UserKeys, OrderKeys, ModelKeys)", "(UserKeys, ModelKeys)"),
    ("(UserKeys, ModelKeys)", "(UserKeys, OrderKeys, ModelKeys)"),
    (": Final = ", " = "),
    ("uid: int", "uid: int | None"),
    ("uid: int | None", "uid: int"),
    ("name: str", "name: str | None"),
    ("StrEnum", "str, Enum"),
    ("async def ", "async def  "),
    ("redis.get(", "redis.packed.get("),
    ("redis.get(", "sys_redis.get("),
    ("    def __str__", "    def text"),
    ("list[CacheKey]", "tuple[CacheKey, ...]"),
    ("X: int = 1", 'X: str = ""'),
    ('X: str = ""', "X: int = 1"),
    ("    def getdel(", "    def other("),
    ("    def other(", "    def getdel("),
)


def random_steps(choose: Random, count: int) -> Iterator[Step]:
    """Yield `count` steps; each makes one to three changes, or takes back all changes of one file."""
    beginning: Files = {}

    def change(files: Files) -> None:
        if not beginning:
            beginning.update(files)
        for _ in range(choose.randint(1, 3)):
            _one_change(choose, files, beginning)

    for number in range(count):
        yield Step(f"random {number}", change, silent=True)


def _one_change(choose: Random, files: Files, beginning: Files) -> None:
    kind = choose.choice(
        ("rename", "rename", "add", "remove", "move", "swap", "swap", "swap", "revert", "revert", "file")
    )
    registries = sorted(path for path in files if BASE.search(files[path]) and "Registry" in files[path])
    path = choose.choice(registries)
    found = list(BASE.finditer(files[path]))
    if kind == "rename" and found:
        _cut(files, path, base := choose.choice(found), f'{base["indent"]}{base["name"]} = "{choose.choice(WORDS)}"')
    elif kind == "add" and found:
        base = choose.choice(found)
        added = f'{base["indent"]}ADDED_{choose.randint(0, 9)} = "{choose.choice(WORDS)}:{choose.randint(0, 9)}"'
        _cut(files, path, base, f"{base[0]}\n{added}")
    elif kind == "remove" and len(found) > 1:
        _cut(files, path, base := choose.choice(found), f'{base["indent"]}_GONE = ""')
    elif kind == "move" and len(found) > 1:
        _cut(files, path, base := choose.choice(found), f'{base["indent"]}_GONE = ""')
        other = choose.choice(registries)
        if place := BASE.search(files[other]):
            _cut(files, other, place, f'{place[0]}\n{place["indent"]}MOVED = "{base["text"]}"')
    elif kind == "swap":
        _swap(choose, files)
    elif kind == "revert":
        path = choose.choice(sorted(beginning))
        files[path] = beginning[path]
    elif kind == "file":
        _file(choose, files)


def _cut(files: Files, path: str, place: re.Match[str], text: str) -> None:
    files[path] = files[path][: place.start()] + text + files[path][place.end() :]


def _swap(choose: Random, files: Files) -> None:
    old, new = choose.choice(SWAPS)
    holders = sorted(path for path in files if old in files[path] and path != CONFIG)
    if holders:
        path = choose.choice(holders)
        files[path] = files[path].replace(old, new, choose.choice((1, -1)))


def _file(choose: Random, files: Files) -> None:
    """Add a copy of a module, or remove one: of what others import, mypy's daemon reports the loss in its own words."""
    services = sorted(path for path in files if path.startswith("shop/services/") and "__init__" not in path)
    copies = [path for path in services if "_copy" in path]
    if copies and choose.random() < 1 / 2:
        del files[choose.choice(copies)]
    else:
        path = choose.choice(services)
        files[path.replace(".py", "_copy.py")] = files[path]
