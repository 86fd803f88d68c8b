"""`civiredis check`: mypy with the plugin, for files of people who have not configured mypy yet."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from civiredis.cli.failure import CommandError
from civiredis.cli.mypy_config import WITHOUT_CONFIG, MypyConfig, read_config
from civiredis.cli.mypy_copy import copy_with_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

UNABLE: Final = 2
"""The status of a mypy that could not do its work: it had no file to check, or no syntax to read."""


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: Sequence[Path]) -> int:
    """Check the keys in files and directories with mypy, and say what to put into mypy's configuration.

    Where mypy is configured with the plugin already, this is mypy itself; where it is configured without, the
    configuration counts, and the plugin is added.
    """
    if importlib.util.find_spec("mypy") is None:
        raise CommandError("this needs mypy: pip install 'civiredis[cli,mypy]'")
    for file in files:
        if not file.exists():
            raise CommandError(f"{file} does not exist")
    here = Path.cwd()
    try:
        config = read_config(here)
    except (OSError, ValueError) as fault:
        raise CommandError(f"mypy's configuration in {here} cannot be read: {fault}") from fault
    status = _mypy(files, config)
    if not config.has_plugin and status != UNABLE:
        click.echo(f"\n{config.advice(here)}", err=True)
    return status


def _mypy(files: Sequence[Path], config: MypyConfig) -> int:
    """Run mypy, and return its status: 1 where it found something, 2 where it could not do its work."""
    command = [sys.executable, "-m", "mypy"]
    if config.has_plugin:
        return _run([*command, "--", *map(str, files)])
    with tempfile.TemporaryDirectory(prefix="civiredis-check-") as directory:
        name, text = ("mypy.ini", WITHOUT_CONFIG) if config.path is None else copy_with_plugin(config.path)
        copy = Path(directory) / name
        copy.write_text(text, encoding="utf-8")
        return _run([*command, "--config-file", str(copy), "--", *map(str, files)])


def _run(command: Sequence[str]) -> int:
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode  # noqa: S603 this interpreter, and files of the user's
