"""`Shape`: a type, as its values are read from what MessagePack gives and written to what it takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, Final, get_origin

from civiredis.values.misfit import MisfitError, called


class Shape(ABC):
    """What is strict about it: text is no number, a number no text, True no 1."""

    expected: str
    """What a message calls the type."""
    exact: frozenset[type] = frozenset()
    """Types whose values stand for themselves, both ways: a container takes them as they are, without a call."""

    @abstractmethod
    def load(self, stored: object) -> object:
        """Return the value that is `stored`. Raises `MisfitError` where it is none."""

    @abstractmethod
    def dump(self, value: object) -> object:
        """Return what is stored of `value`. Raises `MisfitError` where it is not of this type."""

    def misfit(self, got: object) -> MisfitError:
        """Make the error for a value that is not of this type."""
        return MisfitError(called(got), self.expected)


class Anything(Shape):
    """`Any` and `object`: whatever MessagePack holds."""

    expected = "anything"

    def load(self, stored: object) -> object:
        """Take it as it is."""
        return stored

    def dump(self, value: object) -> object:
        """Take it as it is."""
        return value


ANYTHING: Final = Anything()


class Exactly(Shape):
    """A type that MessagePack has, and nothing else has: None, bool, str."""

    def __init__(self, type_: type, expected: str) -> None:
        """Stand for `type_`."""
        self._type = type_
        self.expected = expected
        self.exact = frozenset([type_])

    def load(self, stored: object) -> object:
        """Take it as it is."""
        if type(stored) is self._type:
            return stored
        raise self.misfit(stored)

    def dump(self, value: object) -> object:
        """Take it as it is; a subclass of `str` is written as text."""
        if isinstance(value, self._type):
            return value
        raise self.misfit(value)


class Whole(Shape):
    """`int`. JavaScript writes one beyond 32 bits as a float, which is an int again."""

    expected = "int"
    exact = frozenset([int])

    def load(self, stored: object) -> object:
        """Take an int, or a float without a fraction."""
        if type(stored) is int:
            return stored
        if type(stored) is float and stored.is_integer():
            return int(stored)
        raise self.misfit(stored)

    def dump(self, value: object) -> object:
        """Take an int."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.misfit(value)


class Floating(Shape):
    """`float`, for which an int stands as well, as it does to type checkers."""

    expected = "float"
    exact = frozenset([float])

    def load(self, stored: object) -> object:
        """Take a float or an int."""
        return self.dump(stored)

    def dump(self, value: object) -> object:
        """Take a float or an int; it is written as a float, so that equal members of a set are one."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                return float(value)
            except OverflowError:
                raise MisfitError("an int beyond all floats", self.expected) from None
        raise self.misfit(value)


class Binary(Shape):
    """`bytes`, `bytearray` and `memoryview`."""

    def __init__(self, type_: type[bytes | bytearray | memoryview]) -> None:
        """Stand for `type_`."""
        self._type = type_
        self.expected = type_.__name__
        self.exact = frozenset([type_]) & {bytes}

    def load(self, stored: object) -> object:
        """Take bytes."""
        if isinstance(stored, bytes):
            return self._type(stored)
        raise self.misfit(stored)

    def dump(self, value: object) -> object:
        """Take anything of bytes."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            return bytes(value)
        raise self.misfit(value)


def class_of(type_: Any) -> type:
    """Give the class that values of a type are instances of; `object` where none can be named."""
    if get_origin(type_) is Annotated:
        return class_of(type_.__origin__)
    origin = get_origin(type_) or type_
    return origin if isinstance(origin, type) else object
