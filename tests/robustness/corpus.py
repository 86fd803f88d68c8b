"""Code that no one here wrote: the installed packages of the development environment, and the standard library."""

from __future__ import annotations

import importlib.util
import shutil
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.robustness.grafting import KEYS, grafted

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGES: Final = ("redis", "_pytest", "hypothesis", "mypy", "msgpack", "pathspec")
STDLIB: Final = Path(sysconfig.get_path("stdlib"))
LEFT_OUT: Final = frozenset(
    {"test", "tests", "idlelib", "lib2to3", "site-packages", "__pycache__", "turtledemo", "bad_coding"}
)


def directory_of(package: str) -> Path | None:
    """Where an installed package lies; None where it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def copied(files: Iterable[Path], below: Path, to: Path) -> list[str]:
    """Copy files under names that no stub has: `json/decoder.py` becomes the module `other.json.decoder`.

    They are copied, as mypy neither reports of installed files nor reads those for which it has stubs.
    """
    names: list[str] = []
    for file in files:
        name = Path("other") / below.name.replace(".", "_") / file.relative_to(below)
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to / name)
        names.append(str(name))
    return names


def graft(names: Iterable[str], root: Path) -> list[str]:
    """Put key types into copied files; returns those that have some now."""
    (root / "keys_for_grafts.py").write_text(KEYS, encoding="utf-8")
    found: list[str] = []
    for name in names:
        with_keys = grafted((root / name).read_text(encoding="utf-8"))
        if with_keys is not None:
            (root / name).write_text(with_keys, encoding="utf-8")
            found.append(name)
    return found


def python_files(directory: Path) -> list[Path]:
    """Every file below a directory that Python itself can read."""
    files = [file for file in directory.rglob("*.py") if not LEFT_OUT & set(file.relative_to(directory).parts)]
    return sorted(file for file in files if _is_readable(file))


def _is_readable(file: Path) -> bool:
    try:
        compile(file.read_text(encoding="utf-8"), str(file), "exec", dont_inherit=True, flags=0x400)  # parse only
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return False
    return True
