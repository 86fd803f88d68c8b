"""What libraries leave of a value that MessagePack has no form for, and numbers as JavaScript left them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from civiredis.values.spelled import SPELLINGS


def plain(value: object) -> object:
    """Write as this package does what a library left as it is, at every depth."""
    if isinstance(value, dict):
        return {plain(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(plain, value), key=repr)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    for type_, spelling in SPELLINGS.items():  # a datetime first, which is a date as well
        if isinstance(value, type_):
            return spelling.write(value)
    return value


def without_floats(stored: object) -> object:
    """Make each float without a fraction an int, at every depth: JavaScript writes ints beyond 32 bits as floats."""
    if type(stored) is float and stored.is_integer():
        return int(stored)
    if isinstance(stored, dict):
        return {without_floats(name): without_floats(part) for name, part in stored.items()}
    if isinstance(stored, list):
        return [without_floats(item) for item in stored]
    if isinstance(stored, tuple):
        return tuple(map(without_floats, stored))
    return stored
