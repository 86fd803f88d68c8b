"""The wheel, as a user installs it: into an empty environment, with what it declares and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UV = os.environ.get("UV", "uv")  # `uv run` says where it is

RUN_TIME_DEPENDENCIES = {"civiredis", "hiredis", "msgpack", "redis"}

REGISTRY = """
from civiredis import CacheRegistry, create_cache_redis

class CacheKeys(CacheRegistry):
    USER = "user"

redis = create_cache_redis(CacheKeys, url="redis://127.0.0.1:6379/0")

async def read() -> None:
    await redis.get("user:1")
    await redis.get("usr:1")
"""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command that must succeed, and return what it printed."""
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--wheel", "--out-dir", directory)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with nothing in it."""
    directory = tmp_path_factory.mktemp("environment")
    run(UV, "venv", "--python", sys.executable, directory / "venv")
    return directory / "venv" / "bin" / "python"


def test_it_holds_both_packages_their_types_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"civiredis/py.typed", "civiredis_mypy/py.typed"} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"civiredis", "civiredis_mypy"}


def test_it_declares_the_console_script(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "civiredis = civiredis.cli:main" in archive.read(entry_points).decode()


def test_it_runs_with_what_it_declares(wheel: Path, empty_environment: Path) -> None:
    run(UV, "pip", "install", "--python", empty_environment, wheel)
    listed = run(UV, "pip", "list", "--python", empty_environment, "--format", "freeze")
    installed = {line.split("==")[0].split(" ")[0] for line in listed.splitlines()}
    assert installed - {"async-timeout"} == RUN_TIME_DEPENDENCIES  # redis-py needs that one before Python 3.11.3
    program = f"{REGISTRY}\nimport sys\nassert not any(name.startswith('mypy') for name in sys.modules)\n"
    run(empty_environment, "-I", "-c", program)


def test_its_plugin_runs_with_the_extra(wheel: Path, empty_environment: Path, tmp_path: Path) -> None:
    run(UV, "pip", "install", "--python", empty_environment, f"civiredis[mypy] @ {wheel.as_uri()}")
    run(empty_environment, "-I", "-c", "import civiredis, civiredis_mypy")
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = civiredis_mypy\n")
    (tmp_path / "app.py").write_text(REGISTRY)
    checked = subprocess.run(
        [empty_environment, "-m", "mypy", "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert 'app.py:11: error: Key "usr:1" does not start with a base of "CacheKeys"' in checked.stdout
    assert "[redis-key]" in checked.stdout
    assert checked.stdout.count("error:") == 1
