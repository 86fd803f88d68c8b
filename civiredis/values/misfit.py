"""Why stored bytes are no value, or a value is not of the declared type. No message holds any content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Self

LONGEST_NAME: Final = 40
LONGEST_PATH: Final = 200
"""In characters. What is longer is shortened: an error is to be read."""


class MalformedValueError(Exception):
    """Stored bytes are not a value; the message is a reason that quotes none of them.

    Never reaches a caller: a cache client makes a miss of it, a system client an `UnpackError`.
    """


class MisfitError(Exception):
    """A part of a value is not what its type says. Never reaches a caller: it becomes one of the errors that do."""

    def __init__(self, got: str, expected: str, path: str = "") -> None:
        """Say what was `got` and what was `expected`, at `path` inside of what is looked at."""
        super().__init__()
        self._got = got
        self._expected = expected
        self._path = path
        self.depth = int(bool(path))
        """How many containers the part stands in."""

    def within(self, step: str) -> Self:
        """Lead from the container of the part, by `step`."""
        self._path = step + self._path
        self.depth += 1
        return self

    def __str__(self) -> str:
        """Say where the part is, what it is, and what it ought to be: `$.age is a str, expected int`."""
        return f"{shortened(f'${self._path}')} is {self._got}, expected {self._expected}"


def refused(error: Exception, expected: str) -> MisfitError:
    """Make the error for a value that a class or a library refuses by one of its own, whose text may hold the value."""
    return MisfitError(f"refused ({type(error).__name__})", f"what {expected} takes")


def step_to(name: object) -> str:
    """Write the way to the part of a container that is called `name`."""
    if not isinstance(name, str):
        return f"[{name}]" if type(name) in {int, bool, type(None)} else f"[<{type_name(name)}>]"
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    return f".{name}" if name.isidentifier() else f"[{name!r}]"


def shortened(path: str) -> str:
    """Leave the middle of a long path out."""
    if len(path) <= LONGEST_PATH:
        return path
    half = LONGEST_PATH // 2
    return f"{path[:half]}…{path[-half:]}"


def type_name(value: object) -> str:
    """Name the type of a value, with its module where it is no built-in one."""
    cls = type(value)
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def called(value: object) -> str:
    """Name a value by its type, as the middle of a sentence: `a str`, `an int`, `None`."""
    return "None" if value is None else with_article(type_name(value))


def with_article(name: str) -> str:
    """Put the article before the name of a type."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
