"""Generated projects: the same key uses as Python for mypy, as Python without any key, and as TypeScript.

The shapes and their shares are those of a real code base: 40 % names that hold a template, 25 % registry members, 13 %
results of helpers, the rest inline templates, lists, comprehensions and conditionals. A third of the uses hold a
template of their own, as 199 of 659 did there; this matters to the TypeScript compiler, which remembers what it has
compared. What stands around the keys is kept small, so that their cost shows.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AREAS: Final = ("user", "order", "session", "model", "search", "invoice", "device", "report", "queue", "feature")


@dataclass(frozen=True)
class Size:
    """How large a project is: key uses, files that hold them, bases of the two registries."""

    uses: int = 10_000
    files: int = 100
    cache_bases: int = 350
    sys_bases: int = 150
    own_templates: bool = False
    """Whether no two uses hold the same template, instead of two in three."""


class Base(NamedTuple):
    """A base, and the attribute that declares it."""

    attribute: str
    text: str


def bases(count: int, prefix: str = "") -> list[Base]:
    """Make bases as people name them: `order:part7`, and one, `user`, that others extend."""
    made = []
    for number in range(count):
        area, group = AREAS[number % len(AREAS)], number // len(AREAS)
        text = f"{prefix}{area}:part{group}" if number else f"{prefix}{area}"
        made.append(Base(f"{area.upper()}_{group}", text))
    return made


class Use(NamedTuple):
    """One use of a key in each language: lines of a function body.

    `{n}` numbers it, `{b}` and `{a}` name the base, and `{t}` is what makes a template one of its own.
    """

    python: str
    typescript: str


LOCAL: Final = Use(
    '    key{n} = f"{b}:{{uid}}:page{n}"\n    await redis.set(key{n}, name, ex=60)\n',
    "  const key{n} = `{b}:${{uid}}:page{n}` as const;\n  await redis.set(key{n}, name, 60);\n",
)
MEMBER: Final = Use("    await redis.get(CacheKeys.{a})\n", "  await redis.get(CacheKeys.{a});\n")
HELPER: Final = Use("    await redis.get(helper_{h}(uid))\n", "  await redis.get(helper_{h}(uid));\n")
INLINE: Final = Use('    await redis.get(f"{b}:{{uid}}{t}")\n', "  await redis.get(`{b}:${{uid}}{t}`);\n")
BY_MEMBER: Final = Use(
    '    await redis.hget(f"{{CacheKeys.{a}}}:{{uid}}{t}", name)\n',
    "  await redis.hget(`${{CacheKeys.{a}}}:${{uid}}{t}`, name);\n",
)
LISTED: Final = Use(
    '    await redis.mget([f"{b}:{{uid}}{t}", CacheKeys.{a}])\n',
    "  await redis.mget([`{b}:${{uid}}{t}`, CacheKeys.{a}]);\n",
)
COMPREHENSION: Final = Use(
    '    await redis.mget([f"{b}:{{n}}{t}" for n in range(uid)])\n',
    "  await redis.mget(numbers(uid).map((n): CacheKey => `{b}:${{n}}{t}`));\n",
)
CONDITIONAL: Final = Use(
    '    await redis.get(f"{b}:{{uid}}{t}" if uid else CacheKeys.{a})\n',
    "  await redis.get(uid ? `{b}:${{uid}}{t}` : CacheKeys.{a});\n",
)
ANNOTATED: Final = Use(
    '    kept{n}: KeyOf[CacheKeys] = f"{b}:{{uid}}{t}"\n    await redis.get(kept{n})\n',
    "  const kept{n}: CacheKey = `{b}:${{uid}}{t}`;\n  await redis.get(kept{n});\n",
)
SYSTEM: Final = Use('    await sys_redis.get(f"{s}:{{name}}{t}")\n', "  await sysRedis.get(`{s}:${{name}}{t}`);\n")

SHAPES: Final = (
    *(LOCAL, MEMBER, HELPER, LOCAL, MEMBER, INLINE, LOCAL, MEMBER, LISTED, LOCAL),
    *(MEMBER, HELPER, LOCAL, MEMBER, BY_MEMBER, LOCAL, COMPREHENSION, SYSTEM, CONDITIONAL, ANNOTATED),
)
"""Twenty uses; they repeat."""

HELPERS: Final = 20
PER_FUNCTION: Final = 5


def python(root: Path, size: Size) -> None:
    """Write the project for mypy."""
    cache, system = bases(size.cache_bases), bases(size.sys_bases, "system:")
    _fresh(root)
    (root / "keys.py").write_text(
        "from civiredis import CacheRegistry, SysRegistry\n\n\nclass CacheKeys(CacheRegistry):\n"
        + "".join(f'    {base.attribute} = "{base.text}"\n' for base in cache)
        + "\n\nclass SysKeys(SysRegistry):\n"
        + "".join(f'    {base.attribute} = "{base.text}"\n' for base in system)
    )
    (root / "clients.py").write_text(
        "from civiredis import create_redis_clients\nfrom keys import CacheKeys, SysKeys\n\n"
        "redis, sys_redis = create_redis_clients(CacheKeys, SysKeys)\n"
    )
    (root / "helpers.py").write_text(
        "from civiredis import KeyOf\nfrom keys import CacheKeys\n"
        + "".join(
            f'\n\ndef helper_{h}(uid: int) -> KeyOf[CacheKeys]:\n    return f"{_helped(cache, h)}:{{uid}}"\n'
            for h in range(HELPERS)
        )
    )
    head = (
        "from civiredis import KeyOf\nfrom clients import redis, sys_redis\nfrom helpers import "
        + ", ".join(f"helper_{h}" for h in range(HELPERS))
        + "\nfrom keys import CacheKeys\n"
    )
    _write_uses(
        root, size, "py", head, lambda n, body: f"\n\nasync def work_{n}(uid: int, name: str) -> None:\n{body}", 0
    )


def keyless(root: Path, size: Size) -> None:
    """Write a project of the same size and shapes, of strings that are no keys, to clients of its own."""
    python(root, size)
    plain = "    async def {name}(self, key: str{rest}) -> None: ...\n"
    client = "class Client:\n" + "".join(
        plain.format(name=name, rest=rest)
        for name, rest in (("get", ""), ("set", ", value: str, ex: int"), ("hget", ", field: str"))
    )
    client += "    async def mget(self, keys: list[str]) -> None: ...\n\n\nredis, sys_redis = Client(), Client()\n"
    (root / "clients.py").write_text(client)
    for path in root.glob("*.py"):
        text = path.read_text()
        text = text.replace("from civiredis import KeyOf\n", "").replace("KeyOf[CacheKeys]", "str")
        text = text.replace("from civiredis import CacheRegistry, SysRegistry\n", "")
        path.write_text(text.replace("(CacheRegistry)", "").replace("(SysRegistry)", ""))


def typescript(root: Path, size: Size) -> None:
    """Write the project for the TypeScript compiler, with template literal keys as the original had them."""
    cache, system = bases(size.cache_bases), bases(size.sys_bases, "system:")
    _fresh(root)
    (root / "keys.ts").write_text(
        "".join(
            f"export const {name} = {{\n"
            + "".join(f'  {base.attribute}: "{base.text}",\n' for base in made)
            + f"}} as const;\ntype {name}Base = (typeof {name})[keyof typeof {name}];\n"
            + f"export type {kind} = `${{{name}Base}}${{'' | `:${{string}}`}}`;\n"
            for name, kind, made in (("CacheKeys", "CacheKey", cache), ("SysKeys", "SysKey", system))
        )
    )
    (root / "clients.ts").write_text(
        'import type { CacheKey, SysKey } from "./keys";\n\nexport interface Client<K extends string> {\n'
        "  get(key: K): Promise<string | null>;\n  set(key: K, value: string, ex: number): Promise<boolean>;\n"
        "  hget(key: K, field: string): Promise<string | null>;\n  mget(keys: K[]): Promise<(string | null)[]>;\n}\n"
        "export declare const redis: Client<CacheKey>;\nexport declare const sysRedis: Client<SysKey>;\n"
        "export declare function numbers(count: number): number[];\n"
    )
    (root / "helpers.ts").write_text(
        'import type { CacheKey } from "./keys";\n'
        + "".join(
            f"export function helper_{h}(uid: number): CacheKey {{\n  return `{_helped(cache, h)}:${{uid}}`;\n}}\n"
            for h in range(HELPERS)
        )
    )
    head = (
        'import { numbers, redis, sysRedis } from "./clients";\nimport { '
        + ", ".join(f"helper_{h}" for h in range(HELPERS))
        + ' } from "./helpers";\nimport { CacheKeys, type CacheKey } from "./keys";\n'
    )
    _write_uses(
        root,
        size,
        "ts",
        head,
        lambda n, body: f"\nexport async function work_{n}(uid: number, name: string): Promise<void> {{\n{body}}}\n",
        1,
    )


def plain_typescript(root: Path, size: Size) -> None:
    """Write the same TypeScript with `string` for the type of a key: what the compiler pays without the keys."""
    typescript(root, size)
    keys = (root / "keys.ts").read_text().splitlines()
    kept = [line if not line.startswith("export type ") else f"{line.partition('=')[0]}= string;" for line in keys]
    (root / "keys.ts").write_text("\n".join(kept) + "\n")


def _write_uses(  # noqa: PLR0913, PLR0917 - all that the two languages differ in
    root: Path, size: Size, suffix: str, head: str, function: Callable[[int, str], str], language: int
) -> None:
    cache, system = bases(size.cache_bases), bases(size.sys_bases, "system:")
    shapes = cycle(SHAPES)
    number = 0
    for file, count in enumerate(_shares(size.uses, size.files)):
        text = head
        for at in range(0, count, PER_FUNCTION):
            body = ""
            for shape in islice(shapes, min(PER_FUNCTION, count - at)):
                base, other = cache[number * 31 % len(cache)], system[number * 31 % len(system)]
                body += shape[language].format(
                    n=number,
                    b=base.text,
                    a=base.attribute,
                    s=other.text,
                    h=number % HELPERS,
                    t=f":own{number}" if size.own_templates else "",
                )
                number += 1
            text += function(number, body)
        (root / f"uses_{file}.{suffix}").write_text(text)


def _helped(made: list[Base], number: int) -> str:
    return made[number * 7 % len(made)].text


def _shares(total: int, parts: int) -> Iterator[int]:
    for part in range(parts):
        yield total * (part + 1) // parts - total * part // parts


def _fresh(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
