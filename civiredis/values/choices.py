"""Types of a few values: enums and literals."""

from __future__ import annotations

from enum import Enum

from civiredis.values.shape import Shape


def integral(stored: object) -> object:
    """Give the int that JavaScript wrote as a float; anything else as it is."""
    return int(stored) if type(stored) is float and stored.is_integer() else stored


class Member(Shape):
    """An `Enum`, stored as the value of its member."""

    def __init__(self, enum: type[Enum], value: Shape) -> None:
        """Stand for `enum`, whose members have values of the shape `value`."""
        self._enum = enum
        self._value = value
        self.expected = enum.__name__

    def load(self, stored: object) -> object:
        """Find the member of that value."""
        try:
            return self._enum(self._value.load(stored))
        except ValueError:
            raise self.misfit(stored) from None

    def dump(self, value: object) -> object:
        """Write the value of the member."""
        if isinstance(value, self._enum):
            return self._value.dump(value.value)
        raise self.misfit(value)


class OneOf(Shape):
    """A `Literal`, stored as it is; a member of an enum among them as its value."""

    def __init__(self, literals: tuple[object, ...]) -> None:
        """Stand for one of `literals`."""
        self._stored = {(type(literal), literal): _stored(literal) for literal in literals}
        self._literals = {(type(stored), stored): literal for (_, literal), stored in self._stored.items()}
        self.expected = f"Literal[{', '.join(map(repr, literals))}]"

    def load(self, stored: object) -> object:
        """Take a value that equals one of them, and is of its type."""
        stored = integral(stored)
        try:
            return self._literals[type(stored), stored]
        except (KeyError, TypeError):
            raise self.misfit(stored) from None

    def dump(self, value: object) -> object:
        """Take one of them."""
        try:
            return self._stored[type(value), value]
        except (KeyError, TypeError):
            raise self.misfit(value) from None


def _stored(literal: object) -> object:
    return literal.value if isinstance(literal, Enum) else literal
