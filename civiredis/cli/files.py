"""Files that the user named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.cli.failure import CommandError

if TYPE_CHECKING:
    from pathlib import Path


def check_writable(path: Path) -> None:
    """Find out whether a result can be written later, and leave all as it is. Raises `CommandError` where it cannot."""
    was_there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not was_there:
            path.unlink()
    except OSError as fault:
        raise CommandError(f"{path} cannot be written: {fault.strerror}") from fault


def write_text(path: Path, text: str) -> None:
    """Write a result to the file that the user named. Raises `CommandError` where that cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{path} cannot be written: {fault.strerror}") from fault


def read_text(path: Path) -> str:
    """Read a file that the user named. Raises `CommandError` where that cannot be."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{path} cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise CommandError(f"{path} is not UTF-8 text") from fault
