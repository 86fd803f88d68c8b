"""Values of the plain commands: types whose values are text that says what they are.

| type | text |
|---|---|
| `str` | itself |
| `int`, `float`, `Decimal` | the number, as Redis and Python write it |
| `bool` | `1` and `0`; `true` and `false` are read as well |
| `datetime`, `date` | ISO 8601 |
| `UUID` | with hyphens |
| an `Enum` of texts or numbers | the value of the member |
| a `Literal` of texts or numbers | itself |
"""

from __future__ import annotations

import re
import types
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Final, Literal, NewType, NoReturn, Union, get_args, get_origin
from uuid import UUID

from civiredis.exceptions import PackError, RegistryError
from civiredis.values.building import Builder, type_name
from civiredis.values.misfit import MalformedValueError, called
from civiredis.values.spelled import SPELLINGS, UNREADABLE, Spelling, is_of

_WHOLE: Final = re.compile(r"-?[0-9]+")


def _whole(text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def _float(text: str) -> float:
    if text != text.strip() or "_" in text:
        raise ValueError(text)
    return float(text)


def _float_text(whole: int) -> str | None:
    """Write an int that stands for a float; None for one beyond all floats, which would be read as infinity."""
    try:
        float(whole)
    except OverflowError:
        return None
    return str(whole)


def _truth(text: str) -> bool:
    try:
        return {"1": True, "true": True, "0": False, "false": False}[text]
    except KeyError:
        raise ValueError(text) from None


_SPELLINGS: Final[dict[type, Spelling]] = {
    int: Spelling(int.__repr__, _whole),
    float: Spelling(float.__repr__, _float),
    bool: Spelling(lambda value: "1" if value else "0", _truth),
    **{type_: SPELLINGS[type_] for type_ in (datetime, date, UUID, Decimal)},
}


class Text:
    """How values of one type are written as text, and read again."""

    def __init__(self, type_: type, expected: str) -> None:
        """Stand for `type_`."""
        self._type = type_
        self._spelling = _SPELLINGS[type_]
        self.expected = expected

    def read(self, stored: bytes) -> object:
        """Return the value that is `stored`. Raises `MalformedValueError` when it is none."""
        try:
            return self._value(stored.decode())
        except UNREADABLE:
            pass
        raise MalformedValueError(f"it is no {self.expected}")

    def write(self, value: object, key: str, part: str = "") -> str:
        """Return what is stored of `value`. Raises `PackError`, naming `key`, when it is not of the type."""
        if (text := self._text(value)) is None:
            raise PackError(f"cannot write a value for {key!r}{part}: it is {called(value)}, expected {self.expected}")
        return text

    def _value(self, text: str) -> object:
        """Read text. Raises one of `UNREADABLE` where that is no value."""
        return self._spelling.read(text)

    def _text(self, value: object) -> str | None:
        """Write a value; None where it is not of the type."""
        if self._type is float and type(value) is int:  # stands for a float, as it does to type checkers
            return _float_text(value)
        if not is_of(value, self._type) or (isinstance(value, bool) and self._type is not bool):
            return None
        return self._spelling.write(value)


class ChoiceText(Text):
    """A type of a few values, each with a text of its own."""

    def __init__(self, texts: dict[str, object], expected: str) -> None:
        """Stand for the values of `texts`."""
        self._values = texts
        self._texts = {(type(value), value): text for text, value in texts.items()}
        self.expected = expected

    def _value(self, text: str) -> object:
        if text not in self._values:
            raise ValueError(text)
        return self._values[text]

    def _text(self, value: object) -> str | None:
        try:
            return self._texts.get((type(value), value))
        except TypeError:  # it has no hash
            return None


class VerbatimText(Text):
    """`str`, which is itself."""

    def __init__(self) -> None:
        """Stand for `str`."""
        self.expected = "str"

    def read(self, stored: bytes) -> object:
        """Decode text. Raises `UnicodeDecodeError` for what is not, as for any key."""
        return stored.decode()

    def _text(self, value: object) -> str | None:
        return value if isinstance(value, str) else None


def text_of(type_: Any, builder: Builder) -> Text:
    """Make what reads and writes values of a type on a plain base.

    Raises `NameError` as `builder` does, and `RegistryError` where the type does not fit in text.
    """
    type_ = builder.resolved(type_)
    bare = _bare(type_)
    if bare is str:
        return VerbatimText()
    if isinstance(bare, type) and bare in _SPELLINGS:
        return Text(bare, type_name(type_))
    return ChoiceText(_choices(bare, type_), type_name(type_))


def _bare(type_: Any) -> Any:
    """Look through other names of a type, and through annotations of it."""
    if isinstance(type_, NewType):
        return _bare(type_.__supertype__)
    if get_origin(type_) is Annotated:
        return _bare(type_.__origin__)
    return _bare(type_.__value__) if type(type_).__name__ == "TypeAliasType" else type_


def _choices(type_: Any, whole: Any) -> dict[str, object]:
    """List the values of an enum, a literal or a union of these, by their texts."""
    if get_origin(type_) in {Union, types.UnionType}:
        options = [_choices(_bare(option), whole) for option in get_args(type_)]
    elif get_origin(type_) is Literal:
        options = [{_choice(literal, literal, whole): literal} for literal in get_args(type_)]
    elif isinstance(type_, type) and issubclass(type_, Enum):
        options = [{_choice(member.value, member, whole): member} for member in type_]
    else:
        _refuse(whole)
    texts: dict[str, object] = {}
    for option in options:
        for text, value in option.items():
            if texts.setdefault(text, value) is not value and type(texts[text]) is not type(value):
                raise RegistryError(f"of {type_name(whole)} two values have the text {text!r}")
    return texts


def _choice(stored: object, value: object, whole: Any) -> str:
    if type(value) is bool or (isinstance(value, Enum) and type(stored) is bool) or not isinstance(stored, (str, int)):
        _refuse(whole)
    return str.__str__(stored) if isinstance(stored, str) else int.__repr__(stored)


def _refuse(type_: Any) -> NoReturn:
    raise RegistryError(
        f'{type_name(type_)} does not fit in text; declare a base that starts with "packed:", or one of str, '
        "int, float, bool, datetime, date, UUID, Decimal, an Enum or a Literal of texts or numbers"
    )
