"""Classes that msgspec reads and writes: dataclasses, attrs classes, NamedTuples and its own Structs.

Read strictly (https://jcristharif.com/msgspec/usage.html#strict-vs-lax-mode): text is no number.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from civiredis.exceptions import RegistryError
from civiredis.values.leftovers import plain, without_floats
from civiredis.values.misfit import MisfitError, refused, with_article
from civiredis.values.shape import Shape, class_of

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    import msgspec
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

_MESSAGE: Final = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>[^`]*)`(?: in `(?P<of>[^`]*)`)?)?", re.DOTALL)
_EXPECTED: Final = re.compile(r"Expected (?P<expected>`[^`]*`[^,]*?)(?:, got `?(?P<got>[^`]*)`?)?")
_REQUIRED: Final = re.compile(r"Object missing required field `(?P<name>[^`]*)`")

# msgspec takes these as they are: MessagePack has them.
_STAY: Final = (bytes, bytearray, memoryview, datetime)


class MsgspecShape(Shape):
    """A class whose values msgspec makes of maps and arrays."""

    def __init__(self, type_: Any, expected: str, shape_of: Callable[[Any], Shape]) -> None:
        """Stand for `type_`; parts of it that msgspec does not know have the shape that `shape_of` gives.

        Raises `RegistryError` where msgspec does not read the type.
        """
        self.expected = expected
        self._type = type_
        self._class = class_of(type_)
        self._shape_of = shape_of
        try:
            msgspec.msgpack.Decoder(type_)
        except TypeError as error:
            raise RegistryError(f"{expected} is no type that msgspec reads: {error}") from None

    def load(self, stored: object) -> object:
        """Make a value of a map or an array."""
        try:
            return self._converted(stored)
        except MisfitError:
            return self._converted(without_floats(stored))

    def dump(self, value: object) -> object:
        """Take a value apart; what is wrong inside of it is found, too."""
        if not isinstance(value, self._class):
            raise self.misfit(value)
        try:
            parts = msgspec.to_builtins(value, builtin_types=_STAY, enc_hook=self._written)
        except (TypeError, ValueError, RecursionError) as error:
            raise refused(error, self.expected) from None
        stored = plain(parts)
        self.load(stored)
        return stored

    def _converted(self, stored: object) -> object:
        try:
            return msgspec.convert(stored, self._type, strict=True, dec_hook=self._read)
        except msgspec.ValidationError as error:
            misfit = misfit_of(str(error), self.expected)
        except Exception as error:  # noqa: BLE001 the class itself refuses the value, as it likes
            misfit = refused(error, self.expected)
        raise misfit

    def _read(self, type_: Any, stored: object) -> object:
        return self._shape_of(type_).load(stored)

    def _written(self, value: object) -> object:
        return self._shape_of(type(value)).dump(value)


def misfit_of(message: str, expected: str) -> MisfitError:
    """Take msgspec's message apart, as some of them quote the value."""
    found = _MESSAGE.fullmatch(message)
    what, path = (message, None) if found is None else (found["what"], found["of"] or found["path"])
    step = (path or "$").removeprefix("$")
    if (missing := _REQUIRED.fullmatch(what)) is not None:
        return MisfitError("missing", "a value", f"{step}.{missing['name']}")
    if (unmet := _EXPECTED.fullmatch(what)) is not None:
        return MisfitError(
            with_article(unmet["got"]) if unmet["got"] else "out of bounds", unmet["expected"].replace("`", ""), step
        )
    return MisfitError("not valid", f"what {expected} takes", step)
