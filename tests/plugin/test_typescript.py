"""The plugin's verdicts are those of the TypeScript compiler; see test-data/typescript/README.md."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from mypy.modulefinder import BuildSource

from tests.plugin.checking import TEST_DATA, check, start_cache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Tree: TypeAlias = dict[str, Any]
Case: TypeAlias = dict[str, Any]
Found: TypeAlias = dict[str, list[str]]

DATA: Final = TEST_DATA / "typescript"
CASES: Final[list[Case]] = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
REGISTRIES: Final[Mapping[str, Mapping[str, Tree]]] = json.loads((DATA / "registries.json").read_text(encoding="utf-8"))
WANTED_OF_MAY: Final = 0.9
WITHOUT_TWIN: Final = (
    "redis-key-part",
    "redis-packed",
    "redis-registry",
    "redis-kind",
    "redis-ttl",
    "redis-key-overlap",
)
FLAGS: Final = (
    *(f"--disable-error-code={code}" for code in WITHOUT_TWIN),
    *("--allow-untyped-defs", "--allow-any-generics", "--no-warn-return-any", "--no-warn-redundant-casts"),
)
WIDENED: Final = "__widened__"
IMPORTS: Final = {
    "dataclasses": ("dataclass",),
    "datetime": ("datetime",),
    "typing": (
        *("Any", "Awaitable", "Callable", "Final", "Iterator", "Literal", "LiteralString", "NamedTuple", "NewType"),
        *("NoReturn", "TypedDict", "TypeGuard", "TypeVar", "cast"),
    ),
}
OF_REGISTRY: Final = (
    *("AnyKey", "BaseCache", "BaseSys", "CacheClient", "CacheKey", "Keys", "SysClient", "SysKey", "SysKeys"),
    *("redis", "sys_redis"),
)


def class_body(tree: Tree, depth: int) -> Iterator[str]:
    """Write the body of a registry, or of a group in one."""
    margin = "    " * depth
    for key, value in tree.items():
        name = key if key.isidentifier() else f"Y{key}"
        if not isinstance(value, dict):
            yield f"{margin}{name} = {value!r}"
        elif WIDENED in value:
            yield f"{margin}{name}: str = {value[WIDENED]!r}"
        else:
            yield f"{margin}class {name}:"
            yield from class_body(value, depth + 1)


def _bases(tree: Tree) -> Iterator[str]:
    for value in tree.values():
        if isinstance(value, dict) and WIDENED not in value:
            yield from _bases(value)
        else:
            yield str(value[WIDENED] if isinstance(value, dict) else value)


def _registry_module(trees: Mapping[str, Tree]) -> str:
    def literal(tree: Tree) -> str:
        return f"Literal[{', '.join(map(repr, _bases(tree)))}]"

    return "\n".join(
        [
            "from typing import Literal, TypeAlias, Union",
            "from civiredis import CacheRedis, CacheRegistry, KeyOf, SysRedis, SysRegistry",
            "class Keys(CacheRegistry):",
            *class_body(trees["cache"], 1),
            "class SysKeys(SysRegistry):",
            *class_body(trees["sys"], 1),
            f"BaseCache: TypeAlias = {literal(trees['cache'])}",
            f"BaseSys: TypeAlias = {literal(trees['sys'])}",
            "CacheKey: TypeAlias = KeyOf[Keys]",
            "SysKey: TypeAlias = KeyOf[SysKeys]",
            "AnyKey: TypeAlias = Union[KeyOf[Keys], KeyOf[SysKeys]]",
            "CacheClient: TypeAlias = CacheRedis[Keys]",
            "SysClient: TypeAlias = SysRedis[SysKeys]",
            "redis: CacheRedis[Keys]",
            "sys_redis: SysRedis[SysKeys]",
        ]
    )


def _case_module(case: Case) -> str:
    setup, params, body = (case["py"][part] for part in ("setup", "params", "body"))
    words = set(re.findall(r"\w+", f"{setup} {params} {body}"))
    origins = {f"registry_{case['registry']}": OF_REGISTRY, **IMPORTS}
    used = {origin: [name for name in names if name in words] for origin, names in origins.items()}
    # Text that goes on in the next line of the source must not be indented.
    spans_lines = '"""' in body or "\\\n" in body
    return "\n".join(
        [
            *(f"from {origin} import {', '.join(names)}" for origin, names in used.items() if names),
            setup,
            f"async def case({params}) -> None:",
            f"    {body}" if spans_lines else "\n".join(f"    {line}" for line in body.split("\n")),
            "",
        ]
    )


def _module(case: Case) -> str:
    return "case_" + str(case["id"]).replace("-", "_")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What mypy reports, by module, of all cases in one run."""
    root: Path = tmp_path_factory.mktemp("typescript")
    modules = {f"registry_{name}": _registry_module(trees) for name, trees in REGISTRIES.items()}
    modules |= {_module(case): _case_module(case) for case in CASES}
    for name, text in modules.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")
    start_cache(root / "cache", FLAGS)
    sources = [BuildSource(str(root / f"{name}.py"), name) for name in modules]
    lines = check(sources, FLAGS, cache_dir=root / "cache", modules=str(root))
    errors: Found = defaultdict(list)
    for line in lines:
        match = re.search(r"(\w+)\.py:\d+(?::\d+)?: (error|note): (.*)", line)
        assert match, f"mypy did not come to an end: {line}"
        if match[2] == "error":
            errors[match[1]].append(match[3])
    return errors


def _verdict(case: Case, found: Found) -> str:
    return "error" if found.get(_module(case)) else "ok"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["py"]["strength"] == "must"], ids=lambda case: case["id"]
)
def test_verdict_is_the_right_one(case: Case, found: Found) -> None:
    got = _verdict(case, found)
    said = "\n".join(found.get(_module(case), []))
    assert got in case["py"]["accept"], f"{case['note']}\n{_case_module(case)}\n{said}"


def test_most_verdicts_that_may_be_better_than_typescripts_are(found: Found) -> None:
    cases = [case for case in CASES if case["py"]["strength"] == "may"]
    others = [case["id"] for case in cases if _verdict(case, found) != case["py"]["expected"]]
    assert len(others) <= (1 - WANTED_OF_MAY) * len(cases), f"{len(others)} of {len(cases)}: {others}"


def test_no_case_accepts_both_verdicts_where_one_is_right() -> None:
    for case in CASES:
        assert (len(case["py"]["accept"]) == 1) is (case["py"]["strength"] == "must")
