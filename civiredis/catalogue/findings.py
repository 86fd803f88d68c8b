"""What a reader should know of registries, and what is wrong with them, as far as Python lets them be at all.

A base that is malformed, or declared twice in one registry, never gets here: the class that declares it is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from civiredis.grammar import PACKED_PREFIX, SEPARATOR, SYSTEM_PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from civiredis.catalogue.entries import Entry

SPECIAL: Final = {
    "a blank or control character": re.compile(r"[\s\x00-\x1f\x7f]"),
    "a character of MATCH patterns (* ? [ ] \\), which SCAN takes for any text": re.compile(r"[*?\[\]\\]"),
    "a brace, which puts its keys into one slot of a cluster": re.compile(r"[{}]"),
}
"""What a base may hold, and better does not, by what is said of it."""

_WORD_BREAK: Final = re.compile(r"[-_.:]")


class Severity(IntEnum):
    """How grave a finding is."""

    NOTE = 1
    """Worth knowing; most registries have some."""
    WARNING = 2
    """Works, but a reader will take it for something else."""
    ERROR = 3
    """Wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in the registries."""

    rule: str
    severity: Severity
    message: str
    entries: tuple[Entry, ...]
    """The declarations that it is about, the one to look at first in front."""


def findings_of(entries: Sequence[Entry]) -> list[Finding]:
    """List what is found in the bases of one or more registries, the gravest first."""
    found = [finding for rule in _RULES for finding in rule(entries)]
    return sorted(found, key=lambda finding: -finding.severity)


def _duplicates(entries: Sequence[Entry]) -> Iterator[Finding]:
    for base, same in _grouped(entries, lambda entry: entry.base).items():
        registries = dict.fromkeys(entry.registry for entry in same)
        if len(registries) > 1:
            names = " and ".join(registries)
            message = f'"{base}" is declared in {names}: nobody can tell which server has the key; keep it in one'
            yield Finding("duplicate", Severity.ERROR, message, tuple(same))


def _system_in_cache(entries: Sequence[Entry]) -> Iterator[Finding]:
    for entry in entries:
        if entry.kind == "cache" and entry.base.startswith(SYSTEM_PREFIXES):
            message = (
                f'"{entry.base}" in {entry.registry}: system configuration belongs in a SysRegistry; '
                "a cache may be flushed"
            )
            yield Finding("system-in-cache", Severity.WARNING, message, (entry,))


def _misplaced_packed(entries: Sequence[Entry]) -> Iterator[Finding]:
    marker = PACKED_PREFIX.removesuffix(SEPARATOR)
    for entry in entries:
        if not entry.packed and marker in entry.base.split(SEPARATOR):
            message = (
                f'"{entry.base}" reads as if it held MessagePack, and counts as plain: only a base that starts with '
                f'"{PACKED_PREFIX}" is packed'
            )
            yield Finding("misplaced-packed", Severity.WARNING, message, (entry,))


def _special_characters(entries: Sequence[Entry]) -> Iterator[Finding]:
    for entry in entries:
        for meaning, pattern in SPECIAL.items():
            if pattern.search(entry.base):
                message = f"{entry.base!r} holds {meaning}"
                yield Finding("special-character", Severity.WARNING, message, (entry,))


def _look_alikes(entries: Sequence[Entry]) -> Iterator[Finding]:
    for same in _grouped(entries, lambda entry: _WORD_BREAK.sub("", entry.base).casefold()).values():
        bases = list(dict.fromkeys(entry.base for entry in same))
        if len(bases) > 1:
            message = f"{_listed(bases)} are told apart by case or punctuation alone; give them different words"
            yield Finding("look-alike", Severity.WARNING, message, tuple(same))


def _overlaps(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Say where `f"{base}:{text}"` can land on another base of the same registry."""
    for _, group in groupby(entries, lambda entry: entry.registry):
        registry = list(group)
        for entry in registry:
            longer = [other for other in registry if other.base.startswith(f"{entry.base}{SEPARATOR}")]
            if longer:
                names = _listed([other.base for other in longer])
                message = f'a text behind "{entry.base}:" can land on {names}'
                yield Finding("overlap", Severity.NOTE, message, (entry, *longer))


_RULES: Final[tuple[Callable[[Sequence[Entry]], Iterator[Finding]], ...]] = (
    _duplicates,
    _system_in_cache,
    _misplaced_packed,
    _special_characters,
    _look_alikes,
    _overlaps,
)


def _grouped(entries: Sequence[Entry], key_of: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key_of(entry)].append(entry)
    return groups


def _listed(bases: Sequence[str]) -> str:
    return " and ".join(f'"{base}"' for base in bases)
