"""Code of others goes through mypy with the plugin as it does without it, and no code takes mypy down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.robustness.checking import Pair
from tests.robustness.corpus import PACKAGES, STDLIB, copied, directory_of, graft, python_files

if TYPE_CHECKING:
    from pathlib import Path

FEW: Final = ("enum.py", "dataclasses.py", "string.py", "functools.py", "contextlib.py", "argparse.py", "json/*.py")
FEW_TYPED: Final = {"redis": ("commands/helpers.py", "asyncio/lock.py", "credentials.py"), "_pytest": ("mark/*.py",)}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("caches"))


def test_part_of_the_standard_library(pair: Pair, tmp_path: Path) -> None:
    names = copied([file for few in FEW for file in STDLIB.glob(few)], STDLIB, tmp_path)

    pair.ask(*names, root=tmp_path).assert_same()


def test_code_with_key_types_put_into_it(pair: Pair, tmp_path: Path) -> None:
    names: list[str] = []
    for package, few in FEW_TYPED.items():
        directory = directory_of(package)
        assert directory is not None
        names += copied([file for one in few for file in directory.glob(one)], directory, tmp_path)

    answers = pair.ask(*graft(names, tmp_path), root=tmp_path)

    answers.assert_no_crash()
    assert answers.ours.of_ours, "no key was looked at"


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_an_installed_package(pair: Pair, tmp_path: Path, package: str) -> None:
    directory = directory_of(package)
    if directory is None:
        pytest.skip(f"{package} is not installed")
    names = copied(python_files(directory), directory, tmp_path)

    pair.ask(*names, root=tmp_path).assert_same()


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_an_installed_package_with_key_types_put_into_it(pair: Pair, tmp_path: Path, package: str) -> None:
    directory = directory_of(package)
    if directory is None:
        pytest.skip(f"{package} is not installed")
    names = graft(copied(python_files(directory), directory, tmp_path), tmp_path)
    if not names:
        pytest.skip(f"{package} has no annotations")

    pair.ask(*names, root=tmp_path).assert_no_crash()


@pytest.mark.slow
def test_the_standard_library(pair: Pair, tmp_path: Path) -> None:
    names = copied(python_files(STDLIB), STDLIB, tmp_path)

    pair.ask(*names, root=tmp_path).assert_same()
