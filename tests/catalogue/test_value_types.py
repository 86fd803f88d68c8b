"""Types of values as text: what is written, what of it people see, and that it means the type again."""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Annotated, Any, ForwardRef, Literal, NewType, Optional, TypedDict
from uuid import UUID

import pytest

from civiredis.catalogue.value_types import is_readable, renamed, text_of, without_modules

HERE = __name__


class Color(Enum):
    RED = 1


class Profile(TypedDict):
    name: str


class Outer:
    class Inner:
        pass


UserId = NewType("UserId", int)

WRITTEN = [
    (int, "int"),
    (None, "None"),
    (list[int], "list[int]"),
    (list, "list"),
    (dict[str, Profile], f"dict[str, {HERE}:Profile]"),
    (Outer.Inner, f"{HERE}:Outer.Inner"),
    (UserId, f"{HERE}:UserId"),
    (Optional[Profile], f"{HERE}:Profile | None"),  # noqa: UP045 people write it
    (Profile | None, f"{HERE}:Profile | None"),
    (tuple[int, ...], "tuple[int, ...]"),
    (tuple[()], "tuple[()]"),
    (datetime, "datetime:datetime"),
    (UUID, "uuid:UUID"),
    (Decimal, "decimal:Decimal"),
    (Any, "typing:Any"),
    (Sequence[int], "collections.abc:Sequence[int]"),
    (Callable[[int], str], "collections.abc:Callable[[int], str]"),
    (
        Literal["a:b", 'it\'s "q"', -1, True, b"x:y"],
        r'typing:Literal["a:b", "it' + r"""'s \"q\"", -1, True, b'x:y']""",
    ),
    (Literal[Color.RED], f"typing:Literal[{HERE}:Color.RED]"),
]


@pytest.mark.parametrize(("value_type", "written"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_a_type_is_written_with_the_modules_of_its_names(value_type: object, written: str) -> None:
    assert text_of(value_type, "elsewhere") == written
    assert is_readable(written)
    assert _meaning(written) == value_type


def _meaning(text: str) -> object:
    """The type that a text means."""

    def imported(module: str | None, path: str) -> object:
        found: object = builtins if module is None else importlib.import_module(module)
        return reduce(getattr, path.split("."), found)

    names: dict[str, object] = {}

    def named(module: str | None, path: str) -> str:
        if module is None:
            return path
        names[f"name{len(names)}"] = imported(module, path)
        return f"name{len(names) - 1}"

    return eval(renamed(text, lambda name: named(*name)), names)  # noqa: S307 the text is ours


@pytest.mark.parametrize(
    ("value_type", "written"),
    [
        (ForwardRef("Profile"), "app.models:Profile"),
        (list["Profile"], "list[app.models:Profile]"),
        (ForwardRef("dict[str, Profile] | None"), "dict[str, app.models:Profile] | None"),
    ],
)
def test_a_name_in_quotes_is_one_of_the_module_that_has_it(value_type: object, written: str) -> None:
    assert text_of(value_type, "app.models") == written


def test_people_read_it_without_the_modules() -> None:
    assert without_modules("dict[str, app.models:Outer.Inner] | None") == "dict[str, Outer.Inner] | None"
    assert without_modules("""typing:Literal["a:b", b'c:d']""") == """Literal["a:b", b'c:d']"""


def test_what_has_no_name_cannot_be_read_again() -> None:
    class Local:
        pass

    assert not is_readable(text_of(Local, HERE))
    assert not is_readable(text_of(Annotated[int, object()], HERE))
    for text in ("", "int(", "lambda: 0", "f()", "a if b else c", "[x for x in y]", "x := 1", "not a type"):
        assert not is_readable(text), text
