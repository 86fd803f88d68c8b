"""Decoders: from a reply as the parser hands it over to the type that a command promises.

Replies arrive in the shapes of RESP3, text as bytes. Where RESP2 has another shape (pairs in one flat list, numbers as
text), the decoder takes that as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

RawReply: TypeAlias = Any
"""A reply before it is decoded. It really is anything: only the command's own decoder knows its shape."""

Nested: TypeAlias = "str | int | float | bool | list[Nested] | dict[str, Nested] | None"
"""The reply of a script or of a report, whose shape only its author knows; text is `str` at every depth."""


ReadValue: TypeAlias = "Callable[[RawReply], Any]"
"""Makes of what is stored the value that it stands for: `text`, or what the type of a declared key says.

The decoders of values are given it as `value`. Their results are annotated as where nothing is declared.
"""


def text(raw: RawReply) -> str:
    """Decode text, stored as UTF-8. Raises `UnicodeDecodeError` for what is not."""
    decoded: str = raw.decode() if isinstance(raw, bytes) else str(raw)
    return decoded


def one_text(raw: RawReply, value: ReadValue = text) -> str:
    """Decode a value that is there."""
    decoded: str = value(raw)
    return decoded


def optional_text(raw: RawReply, value: ReadValue = text) -> str | None:
    """Decode a value that may be missing."""
    if value is text and isinstance(raw, bytes):  # as in `text`, without a call for each of the values that GET reads
        return raw.decode()
    return None if raw is None else value(raw)


def texts(raw: RawReply, value: ReadValue = text) -> list[str]:
    """Decode a list of values; a missing list is an empty one."""
    return [value(item) for item in raw or ()]


def optional_list(raw: RawReply, value: ReadValue = text) -> list[str] | None:
    """Decode a list of values, or None where the key was missing."""
    return None if raw is None else texts(raw, value)


def optional_texts(raw: RawReply, value: ReadValue = text) -> list[str | None]:
    """Decode a list in which each value may be missing."""
    return [optional_text(item, value) for item in raw or ()]


def text_set(raw: RawReply, value: ReadValue = text) -> set[str]:
    """Decode a set of values, which also arrives as a list."""
    return {value(item) for item in raw or ()}


def pairs(raw: RawReply) -> Iterator[tuple[RawReply, RawReply]]:
    """Walk over pairs, whether they come as a mapping, as a list of pairs (RESP3) or in one flat list (RESP2)."""
    if isinstance(raw, dict):
        yield from raw.items()
    elif raw and isinstance(raw[0], (list, tuple)):
        yield from raw
    else:
        flat = iter(raw or ())
        yield from zip(flat, flat, strict=True)


def text_map(raw: RawReply, value: ReadValue = text) -> dict[str, str]:
    """Decode a mapping of text to values."""
    return {text(name): value(stored) for name, stored in pairs(raw)}


def text_pairs(raw: RawReply, value: ReadValue = text) -> list[tuple[str, str]]:
    """Decode pairs of text and value, in which a name may occur twice."""
    return [(text(name), value(stored)) for name, stored in pairs(raw)]


def optional_binary(raw: RawReply) -> bytes | None:
    """Hand over what is no text, such as DUMP's."""
    binary: bytes | None = raw
    return binary


def integer(raw: RawReply) -> int:
    """Decode a whole number, also one that is written as text."""
    return int(raw)


def optional_integer(raw: RawReply) -> int | None:
    """Decode a whole number that may be missing."""
    return None if raw is None else int(raw)


def integers(raw: RawReply) -> list[int]:
    """Decode a list of whole numbers."""
    return [int(item) for item in raw or ()]


def optional_integers(raw: RawReply) -> list[int | None]:
    """Decode a list in which each whole number may be missing."""
    return [optional_integer(item) for item in raw or ()]


def number(raw: RawReply) -> float:
    """Decode a floating-point number, also one that is written as text."""
    return float(raw)


def optional_number(raw: RawReply) -> float | None:
    """Decode a floating-point number that may be missing."""
    return None if raw is None else float(raw)


def optional_numbers(raw: RawReply) -> list[float | None]:
    """Decode a list in which each floating-point number may be missing."""
    return [optional_number(item) for item in raw or ()]


def yes(raw: RawReply) -> bool:
    """Decode yes or no, which Redis writes as 1 or 0."""
    return bool(raw)


def answers(raw: RawReply) -> list[bool]:
    """Decode a list of yes and no."""
    return [bool(item) for item in raw]


def done(raw: RawReply) -> bool:
    """Decode OK, or its absence where a condition was not met."""
    return raw is not None


def scored(raw: RawReply, value: ReadValue = text) -> list[tuple[str, float]]:
    """Decode members with their scores; the one pair that ZPOPMIN without a count returns comes out as a list too."""
    return [(value(member), float(score)) for member, score in pairs(raw)]


def scored_member(raw: RawReply) -> list[tuple[str, float]]:
    """Decode at most one member with its score, written without a list around it by RESP3."""
    return scored(raw)


def ranked(raw: RawReply) -> tuple[int, float] | None:
    """Decode a rank with its score; None when the member is missing."""
    return None if raw is None else (int(raw[0]), float(raw[1]))


def cursor_of(decode: Callable[[RawReply], T]) -> Callable[[RawReply], tuple[int, T]]:
    """Decode one page of a scan: where the next page begins (0: this was the last), and what `decode` makes of it."""

    def page(raw: RawReply) -> tuple[int, T]:
        return int(raw[0]), decode(raw[1])

    return page


def page_of(decode: Callable[[RawReply, ReadValue], T]) -> Callable[..., tuple[int, T]]:
    """Decode one page of a scan of values, as `cursor_of` does."""

    def page(raw: RawReply, value: ReadValue = text) -> tuple[int, T]:
        return int(raw[0]), decode(raw[1], value)

    return page


def nested(raw: RawReply) -> Nested:
    """Decode text at every depth, and leave the rest as it is; sets become lists."""
    if isinstance(raw, bytes):
        return raw.decode()
    if isinstance(raw, (list, tuple, set, frozenset)):
        return [nested(item) for item in raw]
    if isinstance(raw, dict):
        return {str(nested(name)): nested(value) for name, value in raw.items()}
    if isinstance(raw, Exception):
        raise raw
    scalar: str | float | None = raw
    return scalar


def report(raw: RawReply) -> dict[str, Nested]:
    """Decode a mapping of names to whatever the server reports under them."""
    return {text(name): nested(value) for name, value in pairs(raw)}


def reports(raw: RawReply) -> list[dict[str, Nested]]:
    """Decode a list of such mappings."""
    return [report(item) for item in raw]
