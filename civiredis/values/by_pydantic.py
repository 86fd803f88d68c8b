"""Classes that pydantic reads and writes: its models, and what only it knows.

By pydantic's own rules, which a model's configuration sets (https://docs.pydantic.dev/latest/concepts/conversion_table).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from civiredis.values.leftovers import plain
from civiredis.values.misfit import MisfitError, called, refused, step_to
from civiredis.values.shape import Shape, class_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

UNKNOWN: tuple[type[Exception], ...] = (TypeError,)
"""What is raised for a type that pydantic does not know; a name that is not there yet is a `NameError`."""

try:
    import pydantic
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True
    UNKNOWN = (TypeError, pydantic.PydanticUserError)

_SHOULD_BE: Final = "Input should be "
_CHOICES: Final = ("enum", "literal_error")
"""Errors that list what is allowed; the others may say behind a comma what was found."""


class PydanticShape(Shape):
    """A class whose values pydantic makes of maps and arrays."""

    def __init__(self, type_: Any, expected: str) -> None:
        """Stand for `type_`."""
        self.expected = expected
        self._adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(type_)
        self._class = class_of(type_)

    def load(self, stored: object) -> object:
        """Make a value of a map or an array."""
        try:
            return self._adapter.validate_python(stored)
        except pydantic.ValidationError as error:
            (first, *_) = error.errors(include_url=False, include_context=False, include_input=False)
            misfit = self._misfit_of(first, stored)
        except Exception as error:  # noqa: BLE001 the class itself refuses the value, as it likes
            misfit = refused(error, self.expected)
        raise misfit

    def dump(self, value: object) -> object:
        """Take a value apart; what is wrong inside of it is found, too."""
        if not isinstance(value, self._class):
            raise self.misfit(value)
        try:
            stored = plain(self._adapter.dump_python(value, by_alias=True, round_trip=True, warnings="none"))
        except (TypeError, ValueError, RecursionError) as error:
            raise refused(error, self.expected) from None
        self.load(stored)
        return stored

    def _misfit_of(self, error: ErrorDetails, stored: object) -> MisfitError:
        """Take pydantic's error apart, as some of its messages quote the value."""
        path, part = "", stored
        for step in error["loc"]:
            path += step_to(step)
            part = _part(part, step)
        if error["type"] == "missing":
            return MisfitError("missing", "a value", path)
        if not error["msg"].startswith(_SHOULD_BE):
            return MisfitError("not valid", f"what {self.expected} takes", path)
        expected = error["msg"].removeprefix(_SHOULD_BE)
        return MisfitError(called(part), expected if error["type"] in _CHOICES else expected.split(",")[0], path)


def _part(whole: object, step: int | str) -> object:
    try:
        return whole[step]  # type: ignore[index]  # what has no parts is as good an answer
    except (TypeError, KeyError, IndexError):
        return whole
