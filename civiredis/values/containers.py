"""Types of several values: lists, sets, tuples, dicts, typed dicts, unions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from civiredis.values.misfit import MisfitError, called, step_to, type_name
from civiredis.values.shape import ANYTHING, Shape

Make: TypeAlias = Callable[[Iterable[object]], object]
"""Makes a container of its items."""

ITEM: Final = "[...]"
"""The way to what a dict holds: its keys are content, and no message quotes any (msgspec writes it so)."""


class Items(Shape):
    """Any number of values of one type, stored as an array."""

    def __init__(self, expected: str, item: Shape, accepts: tuple[type, ...], make: Make) -> None:
        """Stand for containers of the types `accepts` with values of the shape `item`; `make` gives them back."""
        self.expected = expected
        self._item = item
        self._accepts = accepts
        self._make = make

    def load(self, stored: object) -> object:
        """Read an array; inside of a key of a map it is a tuple."""
        if not isinstance(stored, (list, tuple)):
            raise self.misfit(stored)
        try:
            return self._make(_each(stored, self._item.load, self._item.exact))
        except TypeError:  # an item without a hash
            raise MisfitError("an array with an item that has no hash", self.expected) from None

    def dump(self, value: object) -> object:
        """Write an array; that of a set in an order, so that equal sets are stored alike."""
        if not isinstance(value, self._accepts) or not isinstance(value, Iterable):
            raise self.misfit(value)
        items = _each(list(value), self._item.dump, self._item.exact)
        return sorted(items, key=repr) if isinstance(value, (set, frozenset)) else items


class Row(Shape):
    """A tuple of fixed length, stored as an array."""

    def __init__(self, expected: str, columns: tuple[Shape, ...]) -> None:
        """Stand for tuples of one value for each of `columns`."""
        self.expected = expected
        self._columns = columns

    def load(self, stored: object) -> object:
        """Read an array."""
        if not isinstance(stored, (list, tuple)):
            raise self.misfit(stored)
        return tuple(self._walk(stored, [column.load for column in self._columns]))

    def dump(self, value: object) -> object:
        """Write an array."""
        if not isinstance(value, tuple):
            raise self.misfit(value)
        return self._walk(value, [column.dump for column in self._columns])

    def _walk(self, row: list[object] | tuple[object, ...], steps: list[Callable[[object], object]]) -> list[object]:
        if len(row) != len(steps):
            raise MisfitError(f"{called(row)} of length {len(row)}", f"{self.expected} of length {len(steps)}")
        return [_at(f"[{index}]", step, item) for index, (step, item) in enumerate(zip(steps, row, strict=True))]


class Dictionary(Shape):
    """A dict of any keys, stored as a map."""

    def __init__(self, expected: str, name: Shape, value: Shape) -> None:
        """Stand for dicts with keys of the shape `name`."""
        self.expected = expected
        self._name = name
        self._value = value

    def load(self, stored: object) -> object:
        """Read a map."""
        if not isinstance(stored, dict):
            raise self.misfit(stored)
        try:
            return self._walk(stored, self._name.load, self._value.load)
        except TypeError:
            raise MisfitError("a map with a key that has no hash", self.expected) from None

    def dump(self, value: object) -> object:
        """Write a map."""
        if not isinstance(value, Mapping):
            raise self.misfit(value)
        return self._walk(value, self._name.dump, self._value.dump)

    def _walk(
        self,
        mapping: Mapping[object, object],
        name_step: Callable[[object], object],
        value_step: Callable[[object], object],
    ) -> dict[object, object]:
        names, values = self._name.exact, self._value.exact
        walked: dict[object, object] = {}
        for name, value in mapping.items():
            key = name if type(name) in names else _hashable(_at(f"[key {type_name(name)}]", name_step, name))
            walked[key] = value if type(value) in values else _at(ITEM, value_step, value)
        return walked


class Record(Shape):
    """A `TypedDict`, stored as a map. What it does not name is left out when it is read."""

    def __init__(self, expected: str, fields: Mapping[str, Shape], required: frozenset[str]) -> None:
        """Stand for dicts with these `fields`, of which those of `required` are there."""
        self.expected = expected
        self._fields = fields
        self._required = required

    def load(self, stored: object) -> object:
        """Read a map."""
        if not isinstance(stored, dict):
            raise self.misfit(stored)
        record = {}
        for name, shape in self._fields.items():
            if name in stored:
                part = stored[name]
                record[name] = part if type(part) in shape.exact else _at(step_to(name), shape.load, part)
            elif name in self._required:
                raise MisfitError("missing", shape.expected, step_to(name))
        return record

    def dump(self, value: object) -> object:
        """Write a map."""
        if not isinstance(value, Mapping):
            raise self.misfit(value)
        for name in self._required.difference(value):
            raise MisfitError("missing", self._fields[name].expected, step_to(name))
        record = {}
        for name, part in value.items():
            shape = self._fields.get(name, ANYTHING)  # a subtype has more of them
            record[name] = part if type(part) in shape.exact else _at(step_to(name), shape.dump, part)
        return record


class Either(Shape):
    """A union. What stands for itself comes first; else it is read as the type that takes all of it, if one does."""

    def __init__(self, options: tuple[Shape, ...]) -> None:
        """Stand for a value of one of `options`."""
        self._options = options
        self.expected = " | ".join(option.expected for option in options)
        self.exact = frozenset().union(*(option.exact for option in options))
        self._compete = sum(not option.exact for option in options) > 1

    def load(self, stored: object) -> object:
        """Read it as the first of the types that takes all of it, or where none does, as the first that fits."""
        if self._compete and type(stored) not in self.exact:
            for option in self._options:
                if (value := _whole(option, stored)) is not _NOT_WHOLE:
                    return value
        return self._first(stored, [option.load for option in self._options])

    def dump(self, value: object) -> object:
        """Write it as the first of the types that takes it."""
        return self._first(value, [option.dump for option in self._options])

    def _first(self, value: object, steps: list[Callable[[object], object]]) -> object:
        if type(value) in self.exact:
            return value
        deepest: MisfitError | None = None
        for step in steps:
            try:
                return step(value)
            except MisfitError as error:
                if deepest is None or error.depth > deepest.depth:
                    deepest = error
        if deepest is not None and deepest.depth:  # it looks like that type, but for one part
            raise deepest
        raise self.misfit(value)


_NOT_WHOLE: Final = object()


def _whole(option: Shape, stored: object) -> object:
    """Read `stored` as `option`, if writing that again would give the same: then nothing of it is left out or added."""
    try:
        value = option.load(stored)
        return value if option.dump(value) == stored else _NOT_WHOLE
    except MisfitError:
        return _NOT_WHOLE


def _each(
    items: list[object] | tuple[object, ...], step: Callable[[object], object], exact: frozenset[type]
) -> list[object]:
    return [item if type(item) in exact else _at(f"[{index}]", step, item) for index, item in enumerate(items)]


def _at(way: str, step: Callable[[object], object], part: object) -> object:
    """Read or write a part; where it does not fit, the error leads to it by `way`."""
    try:
        return step(part)
    except MisfitError as error:
        raise error.within(way) from None


def _hashable(name: object) -> object:
    """Make what was written of a tuple a key again: as a key of a map an array is a tuple."""
    return tuple(map(_hashable, name)) if isinstance(name, list) else name
