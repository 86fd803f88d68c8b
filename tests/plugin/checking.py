"""Running mypy, with the plugin, inside the test process.

typeshed and the package itself take mypy seconds to read, and each program of ours a fraction of one. So they are read
once for each set of options, by the first process of the run that needs them, into a cache that every check starts from
a copy of: it finds them there, and what it writes itself nobody else sees.
"""

from __future__ import annotations

import gc
import hashlib
import shutil
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mypy import build
from mypy.errors import CompileError
from mypy.main import process_options
from mypy.modulefinder import BuildSource

from tests.preparing import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.options import Options

TEST_DATA: Final = Path(__file__).parents[2] / "test-data"
CONFIG: Final = TEST_DATA / "mypy.ini"
COMMONLY_IMPORTED: Final = """
import abc, asyncio, collections.abc, contextlib, dataclasses, datetime, decimal, enum
import fractions, functools, ipaddress, itertools, os, pathlib, typing, uuid
import shop
"""
CHECKS_PER_COLLECTION: Final = 16
"""mypy leaves each program in cycles, and puts off Python's collection of them until there are gigabytes."""

_checks = count(1)


def options_of(flags: Sequence[str]) -> Options:
    """Options of test-data/mypy.ini, and `flags` as on a command line."""
    _, options = process_options(["--config-file", str(CONFIG), *flags], require_targets=False)
    options.show_traceback = True
    return options


def check(
    sources: list[BuildSource], flags: Sequence[str] = (), *, cache_dir: Path, modules: str | None = None
) -> list[str]:
    """Check a program, which finds modules of its own in the directory `modules`; returns mypy's output."""
    options = options_of(flags)
    options.incremental = True
    options.cache_dir = str(cache_dir)
    if next(_checks) % CHECKS_PER_COLLECTION == 0:
        gc.collect()
    try:
        result = build.build(sources=sources, options=options, alt_lib_path=modules)
    except CompileError as error:
        return error.messages
    result.manager.metastore.close()
    return result.errors


def start_cache(cache_dir: Path, flags: Sequence[str] = ()) -> None:
    """Make `cache_dir` a cache in which mypy finds what every program imports."""
    shutil.copytree(_common_cache(tuple(flags)), cache_dir)


def _common_cache(flags: tuple[str, ...]) -> Path:
    name = hashlib.sha256("\n".join(flags).encode()).hexdigest()[:16]
    return prepared(f"mypy-cache-{name}", lambda cache_dir: _read_common(cache_dir, flags))


def _read_common(cache_dir: Path, flags: tuple[str, ...]) -> None:
    wrong = check([BuildSource("common", "common", COMMONLY_IMPORTED)], flags, cache_dir=cache_dir)
    assert not wrong, "\n".join(wrong)
