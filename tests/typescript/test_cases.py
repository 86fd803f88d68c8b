"""The compiler's verdicts with an exported registry are those that the plugin is held against.

So for each program of test-data/typescript/cases.json the exported module and the plugin take and refuse the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.cli.calling import civiredis
from tests.plugin.test_typescript import CASES, REGISTRIES, class_body
from tests.typescript.compiler import errors_of

if TYPE_CHECKING:
    from pathlib import Path

REGISTRIES_OF_OURS: Final = ("R1", "R2", "RBIG")
"""The others hold what Python refuses as a base: colons at the ends, numbers, empty texts, bases in both registries."""

LEFT_OUT: Final = {
    "generic-01": "its type parameter is not written down",
    "generic-02": "its type parameter is not written down",
    "generic-04": "its type parameter is not written down",
    "generic-08": "its type parameter is not written down",
    "generic-09": "its type parameter is not written down",
    "method-57": "the command was one with an untyped key",
}

HEAD: Final = """\
import { Keys, type KeyOfKeys, type KeyOfSysKeys, SysKeys } from "./keys.js";

interface Commands<Key> {
  get(key: Key): Promise<string | null>;
  ttl(key: Key): Promise<number>;
  set(key: Key, ...rest: unknown[]): Promise<unknown>;
  setNX(key: Key, ...rest: unknown[]): Promise<unknown>;
  decrBy(key: Key, ...rest: unknown[]): Promise<unknown>;
  hGet(key: Key, ...rest: unknown[]): Promise<unknown>;
  hSet(key: Key, ...rest: unknown[]): Promise<unknown>;
  hDel(key: Key, ...rest: unknown[]): Promise<unknown>;
  hIncrBy(key: Key, ...rest: unknown[]): Promise<unknown>;
  hGetAll(key: Key): Promise<unknown>;
  sAdd(key: Key, ...rest: unknown[]): Promise<unknown>;
  sMembers(key: Key): Promise<unknown>;
  mGet(keys: Key[]): Promise<unknown>;
  del(keys: Key | Key[]): Promise<unknown>;
  unlink(keys: Key | Key[]): Promise<unknown>;
  exists(keys: Key | Key[]): Promise<unknown>;
}
interface Client<Key> extends Commands<Key> {
  packed: Commands<Key>;
}
type CacheKey = KeyOfKeys;
type SysKey = KeyOfSysKeys;
type CacheClient = Client<CacheKey>;
type SysClient = Client<SysKey>;
declare const redis: CacheClient;
declare const sysRedis: SysClient;
"""


def program(case: dict[str, Any]) -> str:
    """The case as a module of its own."""
    written = case["typescript"]
    params = written.get("params", "")
    body = f"{written.get('setup', '')}\nexport async function run({params}) {{ {written['expr']} }}\n"
    return HEAD + body.replace("HOLIDAY['2023']", "HOLIDAY.Y2023").replace("HOLIDAY[2023]", "HOLIDAY.Y2023")


@pytest.mark.parametrize("registry", REGISTRIES_OF_OURS)
def test_an_exported_registry_has_the_verdicts(registry: str, tmp_path: Path) -> None:
    trees = REGISTRIES[registry]
    source = [
        "from civiredis import CacheRegistry, SysRegistry",
        "class Keys(CacheRegistry):",
        *class_body(trees["cache"], 1),
        "class SysKeys(SysRegistry):",
        *class_body(trees["sys"], 1),
    ]
    (tmp_path / "keys.py").write_text("\n".join(source))
    done = civiredis("export", "typescript", "keys:Keys", "keys:SysKeys", "-o", "keys.ts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = [case for case in CASES if case["registry"] == registry and case.get("typescript")]
    cases = [case for case in written if case["id"] not in LEFT_OUT]
    programs = {f"{case['id']}.ts": program(case) for case in cases}
    for name, text in programs.items():
        (tmp_path / name).write_text(text)
    refused = {name for name, _, _ in errors_of(tmp_path, list(programs))}
    assert refused == {f"{case['id']}.ts" for case in cases if case["typescript"]["verdict"] == "error"}
