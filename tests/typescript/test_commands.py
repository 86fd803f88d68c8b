"""`civiredis export typescript` and `civiredis import typescript`, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import assert_refused, civiredis
from tests.cli.conftest import write_project

if TYPE_CHECKING:
    from pathlib import Path

EXPORT = ("export", "typescript", "app.keys:CacheKeys", "app.keys:SysKeys")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is written of the registries of the project."""
    project = tmp_path_factory.mktemp("exporting")
    write_project(project)
    done = civiredis(*EXPORT, "--output", "keys.ts", cwd=project)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    return (project / "keys.ts").read_text()


@pytest.fixture
def exported(project: Path, written: str) -> Path:
    """The file `keys.ts` with the registries of the project."""
    (project / "keys.ts").write_text(written)
    return project / "keys.ts"


def test_what_is_exported_and_imported_again_is_the_same(project: Path, exported: Path) -> None:
    assert civiredis("import", "typescript", "keys.ts", "-o", "app/back.py", cwd=project).returncode == 0
    again = civiredis("export", "typescript", "app.back:CacheKeys", "app.back:SysKeys", cwd=project)
    assert again.stdout == exported.read_text()


def test_a_file_that_says_the_same_passes_however_it_is_formatted(project: Path, exported: Path) -> None:
    exported.write_text(exported.read_text().replace("  USER", "\n\n      USER").replace('"user"', "'user'"))
    done = civiredis(*EXPORT, "--check", "-o", "keys.ts", cwd=project)
    assert done.returncode == 0, done.stdout
    assert done.stdout == "keys.ts says what the registries say.\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"user:settings"', '"user:options"'), "CacheKeys.SETTINGS is 'user:options' there, and 'user:settings'"),
        (("SETTINGS", "OPTIONS"), "CacheKeys.SETTINGS is in Python alone"),
        (("SETTINGS", "OPTIONS"), "CacheKeys.OPTIONS is not in Python"),
        (("@ttl 3600", "@ttl 60"), "CacheKeys.PROFILE lives 60 seconds there, and 3600 seconds in Python"),
        (
            (" * @ttl 3600\n", ""),
            "CacheKeys.PROFILE lives as long as is not declared there, and 3600 seconds in Python",
        ),
        (("@structure SortedSet", "@structure Set"), "CacheKeys.RANKS holds Set[str] there, and SortedSet[str] in"),
        (("@structure Counter", "Counts."), "CacheKeys.VIEWS holds what is not declared there, and Counter in Python"),
        (("@value str", "@value int"), "CacheKeys.RANKS holds SortedSet[int] there, and SortedSet[str] in Python"),
        (("What others", "What they"), "CacheKeys.PROFILE is documented differently in Python"),
        (("Jobs that", "Work that"), "CacheKeys.Generation is documented differently in Python"),
        (("SysKeys", "SystemKeys"), "SysKeys is missing"),
        (("@registry system", "@registry cache"), "SysKeys is a cache registry there, and a system registry"),
    ],
)
def test_a_file_that_has_drifted_fails(change: tuple[str, str], told: str, project: Path, exported: Path) -> None:
    exported.write_text(exported.read_text().replace(*change))
    done = civiredis(*EXPORT, "--check", "-o", "keys.ts", cwd=project)
    assert done.returncode == 1
    assert f"keys.ts: {told}" in done.stdout
    assert done.stderr == ""


def test_files_that_cannot_be_written_or_read(project: Path) -> None:
    (project / "bad.ts").write_text("const K = { a: 1 };")
    (project / "binary.ts").write_bytes(b"\xff\xfe")
    done = civiredis(*EXPORT, "-o", "no/such/keys.ts", cwd=project)
    assert_refused(done, "no/such/keys.ts cannot be written: No such file", command="export typescript")
    done = civiredis(*EXPORT, "--check", "-o", "absent.ts", cwd=project)
    assert_refused(done, "absent.ts cannot be read: No such file", command="export typescript")
    assert_refused(civiredis(*EXPORT, "--check", cwd=project), "name the file", command="export typescript")
    done = civiredis("import", "typescript", "absent.ts", cwd=project)
    assert_refused(done, "absent.ts cannot be read", command="import typescript")
    done = civiredis("import", "typescript", "bad.ts", cwd=project)
    assert_refused(done, "bad.ts: line 1: a is '1'", command="import typescript")
    done = civiredis("import", "typescript", "binary.ts", cwd=project)
    assert_refused(done, "binary.ts is not UTF-8 text", command="import typescript")
    done = civiredis("export", "typescript", "nope:Keys", cwd=project)
    assert_refused(done, "there is no module nope", command="export typescript")
