"""`civiredis check`: mypy with the plugin, whatever is configured."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import assert_refused, civiredis
from tests.preparing import prepared

if TYPE_CHECKING:
    from pathlib import Path

USES = """\
from app.keys import CacheKeys
from civiredis import create_cache_redis

redis = create_cache_redis(CacheKeys, url="redis://127.0.0.1:6379/0")

async def untyped(number):
    await redis.get("user:1")
    await redis.get("usr:1")
"""


@pytest.fixture
def uses(project: Path) -> Path:
    (project / "uses.py").write_text(USES)
    return project


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of mypy's in which it finds civiredis, as `check` reads it where nothing is configured."""
    cache_dir = tmp_path_factory.mktemp("cache") / "mypy"
    shutil.copytree(prepared("mypy-cache-of-check", _read_civiredis), cache_dir)
    monkeypatch.setenv("MYPY_CACHE_DIR", str(cache_dir))
    return cache_dir


def _read_civiredis(cache_dir: Path) -> None:
    project = cache_dir.with_name(f"{cache_dir.name}.project")
    project.mkdir()
    (project / "imports.py").write_text("import civiredis\n")
    done = civiredis("check", "imports.py", cwd=project, MYPY_CACHE_DIR=str(cache_dir))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_key_is_reported_without_any_configuration(uses: Path) -> None:
    done = civiredis("check", "uses.py", cwd=uses)
    assert done.returncode == 1
    assert 'uses.py:8: error: Key "usr:1" does not start with a base of "CacheKeys"' in done.stdout
    assert done.stdout.count("error:") == 1
    assert "with this in mypy.ini:\n\n[mypy]\nplugins = civiredis_mypy\n" in done.stderr


def test_files_without_fault_pass(uses: Path, cache: Path) -> None:
    (uses / "uses.py").write_text(USES.replace("usr", "user"))
    done = civiredis("check", "app", "uses.py", cwd=uses)
    assert done.returncode == 0, done.stdout
    assert "Success: no issues found in 3 source files" in done.stdout


NONE = "mypy.plugins.proper_plugin"
"""A plugin that every mypy has."""

CONFIGS = {
    "mypy.ini": ("[mypy]\ncheck_untyped_defs = True\n", "[mypy]\nplugins = civiredis_mypy\n"),
    "setup.cfg": (
        f"[mypy]\nplugins = mypy.plugins.proper_plugin,\n    {NONE}\ncheck_untyped_defs = True\n",
        f"[mypy]\nplugins = civiredis_mypy, mypy.plugins.proper_plugin, {NONE}\n",
    ),
    "pyproject.toml": (
        f'[tool.mypy]\nplugins = ["{NONE}"]\ncheck_untyped_defs = true\n',
        f'[tool.mypy]\nplugins = ["civiredis_mypy", "{NONE}"]\n',
    ),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_it_says_what_to_add_to_the_configuration_there_is(name: str, uses: Path) -> None:
    text, advice = CONFIGS[name]
    (uses / name).write_text(text)
    done = civiredis("check", "uses.py", cwd=uses)
    assert done.returncode == 1
    assert "[redis-key]" in done.stdout
    assert f"with this in {name}:\n\n{advice}" in done.stderr


OF_ITS_OWN = {
    "mypy.ini": """\
[mypy]
plugins = own.py
mypy_path = $MYPY_CONFIG_FILE_DIR/stubs
[mypy-uses]
disallow_untyped_defs = True
""",
    "pyproject.toml": """\
[tool.mypy]
plugins = ["own.py"]
mypy_path = "$MYPY_CONFIG_FILE_DIR/stubs"
[[tool.mypy.overrides]]
module = "uses"
disallow_untyped_defs = true
""",
}


@pytest.mark.parametrize("name", OF_ITS_OWN)
def test_the_settings_of_the_project_count(name: str, uses: Path) -> None:
    (uses / name).write_text(OF_ITS_OWN[name])
    (uses / "own.py").write_text("from mypy.plugin import Plugin\ndef plugin(version): return Plugin\n")
    (uses / "stubs").mkdir()
    (uses / "stubs" / "elsewhere.pyi").write_text("number: int\n")
    (uses / "uses.py").write_text(f"import elsewhere\n{USES}")
    done = civiredis("check", "uses.py", cwd=uses)
    assert done.returncode == 1, done.stderr
    assert "[no-untyped-def]" in done.stdout
    assert "import-not-found" not in done.stdout
    assert sorted(path.name for path in uses.iterdir() if path.is_file()) == sorted({name, "own.py", "uses.py"})


def test_a_project_without_mypy_is_told_to_use_its_pyproject(uses: Path, cache: Path) -> None:
    (uses / "pyproject.toml").write_text('[project]\nname = "x"\n')
    done = civiredis("check", "uses.py", cwd=uses)
    assert 'with this in pyproject.toml:\n\n[tool.mypy]\nplugins = ["civiredis_mypy"]\n' in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mypy.ini", "[mypy]\nplugins = civiredis_mypy\ndisable_error_code = redis-key\n"),
        ("pyproject.toml", '[tool.mypy]\nplugins = "civiredis_mypy"\ndisable_error_code = "redis-key"\n'),
    ],
)
def test_where_the_plugin_is_configured_it_is_mypy_itself(name: str, text: str, uses: Path) -> None:
    (uses / name).write_text(text)
    done = civiredis("check", "uses.py", cwd=uses)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""


def test_what_it_advises_is_enough(uses: Path, cache: Path) -> None:
    advice = civiredis("check", "app", cwd=uses).stderr.partition("\n\n")[2]
    (uses / "mypy.ini").write_text(advice + "check_untyped_defs = True\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "uses.py"], cwd=uses, capture_output=True, text=True, check=False
    )
    assert "[redis-key]" in done.stdout


def test_what_it_cannot_check_is_refused(project: Path, cache: Path) -> None:
    assert_refused(civiredis("check", "absent.py", cwd=project), "absent.py does not exist", command="check")
    (project / "mypy.ini").write_text("plugins\n")
    assert_refused(civiredis("check", "app", cwd=project), "configuration", "cannot be read", command="check")
    (project / "mypy.ini").unlink()
    (project / "pyproject.toml").write_text("[tool")
    assert_refused(civiredis("check", "app", cwd=project), "configuration", "cannot be read", command="check")


def test_without_mypy_it_says_what_to_install(project: Path) -> None:
    program = (
        "import sys; sys.modules['mypy'] = None\n"
        "import importlib.util as u; u.find_spec = lambda name: None\n"
        "from civiredis.cli import main; sys.exit(main(['check', 'app']))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)
    assert_refused(done, "pip install 'civiredis[cli,mypy]'", command="check")
