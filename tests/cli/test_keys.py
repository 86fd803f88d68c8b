"""`civiredis keys`: what it shows of registries, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import assert_refused, civiredis

if TYPE_CHECKING:
    from pathlib import Path

BOTH = ("app.keys:CacheKeys", "app.keys:SysKeys")


def rows(shown: str) -> list[list[str]]:
    return [[cell for cell in line.strip().split("  ") if cell] for line in shown.splitlines()]


def test_it_shows_every_base_with_what_is_declared(project: Path) -> None:
    done = civiredis("keys", *BOTH, cwd=project)
    assert done.returncode == 0, done.stderr
    shown = [[cell.strip() for cell in row] for row in rows(done.stdout)]
    assert ["CacheKeys (cache, 6 bases)"] in shown
    assert ["user", "UserKeys.USER", "app/keys.py:13"] in shown
    profile = ["packed:user:profile", "CacheKeys.PROFILE", "String", "Profile | None (MessagePack)", "1 h"]
    assert [*profile, "What others see | of a user.", "app/keys.py:18"] in shown
    assert ["ranks", "CacheKeys.RANKS", "SortedSet", "str", "app/keys.py:21"] in shown
    assert ["views", "CacheKeys.VIEWS", "Counter", "app/keys.py:22"] in shown
    assert ["generation:count", "CacheKeys.Generation.COUNT", "app/keys.py:27"] in shown
    assert ["SysKeys (system, 1 base)"] in shown
    assert ["system:features", "SysKeys.FEATURES", "app/keys.py:31"] in shown


def test_it_writes_json_for_programs(project: Path) -> None:
    document = json.loads(civiredis("keys", "--json", *BOTH, cwd=project).stdout)
    assert [key["base"] for key in document["keys"]] == [
        "user",
        "user:settings",
        "packed:user:profile",
        "ranks",
        "views",
        "generation:count",
        "system:features",
    ]
    assert document["keys"][2] == {
        "registry": "CacheKeys",
        "kind": "cache",
        "base": "packed:user:profile",
        "attribute": "CacheKeys.PROFILE",
        "packed": True,
        "structure": "String",
        "value_type": "app.keys:Profile | None",
        "ttl": 3600,
        "doc": "What others see | of a user.",
        "path": str(project / "app" / "keys.py"),
        "line": 18,
    }
    assert (document["keys"][0]["structure"], document["keys"][0]["value_type"]) == (None, None)
    assert (document["keys"][4]["structure"], document["keys"][4]["value_type"]) == ("Counter", None)
    (finding,) = document["findings"]
    assert finding["rule"] == "overlap"
    assert finding["severity"] == "note"
    assert finding["attributes"] == ["UserKeys.USER", "UserKeys.SETTINGS"]


def test_it_writes_markdown_for_documentation(project: Path) -> None:
    text = civiredis("keys", "--markdown", *BOTH, cwd=project).stdout
    assert "## CacheKeys\n\nKeys of the cache server.\n" in text
    profile = r"| `packed:user:profile` | `CacheKeys.PROFILE` | String | Profile \| None (MessagePack) | 1 h |"
    assert rf"{profile} What others see \| of a user. | app/keys.py:18 |" in text
    assert text.count("\n| --- |") == 2


FINDINGS = {
    "duplicate": ('A = "same"', 'A = "same"', '"same" is declared in CacheKeys and SysKeys'),
    "system-in-cache": ('A = "system:x"', 'A = "b"', "system configuration belongs in a SysRegistry"),
    "misplaced-packed": ('A = "user:packed:x"', 'A = "b"', 'only a base that starts with "packed:" is packed'),
    "look-alike": ('A = "user_settings"', 'A = "user:Settings"', "told apart by case or punctuation alone"),
    "special-character": ('A = "user*"', 'A = "b"', "MATCH patterns"),
    "overlap": ('A = "user"; B = "user:x"', 'A = "b"', 'a text behind "user:" can land on "user:x"'),
}


@pytest.mark.parametrize("rule", FINDINGS)
def test_it_finds(rule: str, project: Path) -> None:
    cache, system, message = FINDINGS[rule]
    source = f"from civiredis import *\nclass CacheKeys(CacheRegistry): {cache}\nclass SysKeys(SysRegistry): {system}\n"
    (project / "app" / "keys.py").write_text(source)
    done = civiredis("keys", *BOTH, cwd=project)
    assert f"[{rule}]" in done.stdout
    assert message in done.stdout
    assert "app/keys.py:2" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 0), ("note", 1), ("never", 0)], ids=str)
def test_its_status_says_how_grave_the_findings_are(fail_on: str, status: int, project: Path) -> None:
    assert civiredis("keys", "--fail-on", fail_on, *BOTH, cwd=project).returncode == status


def test_an_error_is_a_failure_by_default(project: Path) -> None:
    (project / "app" / "keys.py").write_text(
        'from civiredis import *\nclass C(CacheRegistry): A = "a"\nclass S(SysRegistry): A = "a"\n'
    )
    done = civiredis("keys", "app.keys:C", "app.keys:S", cwd=project)
    assert done.returncode == 1
    assert "error: " in done.stdout


REFUSED = {
    "app.nope:Keys": ["there is no module app.nope"],
    "nope:Keys": ["there is no module nope"],
    "app.keys": ["names no registry", "app.keys:UserKeys or app.keys:CacheKeys or app.keys:SysKeys"],
    "app.keys:Nope": ["app.keys has no Nope", "app.keys:CacheKeys"],
    "app.keys:NUMBER": ["app.keys:NUMBER is no CacheRegistry or SysRegistry, but int"],
    "app.keys:CacheRegistry": ["is no CacheRegistry or SysRegistry, but a class"],
    "app.keys:CacheKeys.Generation": ["is no CacheRegistry or SysRegistry, but a class"],
    "app/keys.py:CacheKeys": ["names no module", "MODULE:REGISTRY"],
    ":": ["names no module"],
    "app.broken:Keys": ["app.broken cannot be imported: ZeroDivisionError"],
    "app.syntax:Keys": ["app.syntax cannot be imported: SyntaxError"],
    "app.exits:Keys": ["app.exits cannot be imported: SystemExit"],
    "app.malformed:Keys": ["app.malformed cannot be imported: RegistryError: Keys.A = 'a:'"],
    "app.needs:Keys": ["app.needs cannot be imported: No module named 'no_such_package'"],
    "app.empty:Keys": ["app.empty has no Keys", "app.empty holds no registry"],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_registry_is_refused_in_one_line(name: str, project: Path) -> None:
    for module, source in {
        "broken": "1 / 0\n",
        "syntax": "class (\n",
        "exits": "raise SystemExit(0)\n",
        "malformed": 'from civiredis import CacheRegistry\nclass Keys(CacheRegistry): A = "a:"\n',
        "needs": "import no_such_package\n",
        "empty": "",
    }.items():
        (project / "app" / f"{module}.py").write_text(source)
    assert_refused(civiredis("keys", name, cwd=project), *REFUSED[name], command="keys")
