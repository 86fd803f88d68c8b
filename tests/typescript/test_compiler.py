"""What TypeScript's compiler takes and refuses with an exported registry is what mypy takes and refuses with it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.calling import civiredis
from tests.typescript.compiler import compile_errors

if TYPE_CHECKING:
    from pathlib import Path

KEYS_TRIED = {
    '"user"': True,
    '"user:"': True,
    '"user:1"': True,
    '"user:settings"': True,
    '"user:settings:x:y"': True,
    '"packed:user:profile:7"': True,
    '"generation:count"': True,
    '"users"': False,
    '"usr:1"': False,
    '"use"': False,
    '""': False,
    '":user"': False,
    '"packed:user"': False,
    '"profile:7"': False,
    '"generation"': False,
    '"system:features"': False,
    "user:{text}": True,
    "generation:count:{number}:{text}": True,
    "usr:{text}": False,
    "user{text}": False,
    "{text}:user": False,
}
"""Keys of `CacheKeys` as both languages write them, with `{}` for what is filled in, and whether they are any."""


def test_both_languages_take_and_refuse_the_same(project: Path) -> None:
    done = civiredis("export", "typescript", "app.keys:CacheKeys", "app.keys:SysKeys", "-o", "keys.ts", cwd=project)
    assert done.returncode == 0, done.stderr
    refused = [number for number, fine in enumerate(KEYS_TRIED.values(), 1) if not fine]
    assert typescript_refuses(project) == refused
    assert mypy_refuses(project) == refused


def typescript_refuses(project: Path) -> list[int]:
    """The numbers of the keys that the compiler refuses."""
    head = 'import type { KeyOfCacheKeys } from "./keys.js"; declare const text: string; declare const number: number;'
    keys = [key if key.startswith('"') else "`" + key.replace("{", "${") + "`" for key in KEYS_TRIED]
    lines = [f"export const key{number}: KeyOfCacheKeys = {key};" for number, key in enumerate(keys, 1)]
    (project / "uses.ts").write_text("\n".join([head, *lines]))
    return [line - 1 for line, _ in compile_errors(project / "uses.ts")]


def mypy_refuses(project: Path) -> list[int]:
    """The numbers of the keys that mypy refuses with the plugin."""
    head = "from app.keys import CacheKeys; from civiredis import KeyOf; text: str; number: int"
    keys = [key if key.startswith('"') else f'f"{key}"' for key in KEYS_TRIED]
    lines = [f"key{number}: KeyOf[CacheKeys] = {key}" for number, key in enumerate(keys, 1)]
    (project / "uses.py").write_text("\n".join([head, *lines]))
    (project / "mypy.ini").write_text("[mypy]\nplugins = civiredis_mypy\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "uses.py"], cwd=project, capture_output=True, text=True, check=False
    )
    return [int(line) - 1 for line in re.findall(r"^uses\.py:(\d+): error: ", done.stdout, re.MULTILINE)]


def test_a_base_keeps_its_place_in_the_table(project: Path) -> None:
    civiredis("export", "typescript", "app.keys:CacheKeys", "-o", "keys.ts", cwd=project)
    (project / "uses.ts").write_text(
        'import { type BaseOfCacheKeys, CacheKeys, type KeyOfCacheKeys } from "./keys.js";\n'
        'export const base: "generation:count" = CacheKeys.Generation.COUNT;\n'
        "export const key: KeyOfCacheKeys = `${CacheKeys.PROFILE}:${1}`;\n"
        'export const first: BaseOfCacheKeys = "user";\n'
        'export const second: BaseOfCacheKeys = "user:1";\n'
        'CacheKeys.USER = "other";\n'
    )
    assert [line for line, _ in compile_errors(project / "uses.ts")] == [5, 6]
