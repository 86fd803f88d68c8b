"""`ValueCommands`: what the commands stand on that read or write values, which a base may declare a type for."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.putting_back import putting_back
from civiredis.commands.replies import optional_text, optional_texts, text
from civiredis.commands.validated import Validated
from civiredis.finishing import FinishedReply
from civiredis.places import (
    MISFIT,
    ElementPlace,
    EntryPlace,
    FieldPlace,
    MemberPlace,
    RankedPlace,
    SomeFieldPlace,
    StringPlace,
)
from civiredis.structures import Hash, List, Set, SortedSet, Stream, Structure
from civiredis.transport.reply import FutureReply
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, Value, WireKey
    from civiredis.commands.replies import RawReply, ReadValue
    from civiredis.commands.validated import Decode, Found, Mark
    from civiredis.places import Place
    from civiredis.reply import Reply

T = TypeVar("T")

ReaderOf: TypeAlias = "Callable[[KeyOf[R]], ReadValue]"
"""Tells what reads the values of a key."""

CHANGING: Final = frozenset(
    ["EVAL", "SET", "LMOVE", "RPOPLPUSH", "BLMOVE", "BRPOPLPUSH", "XREADGROUP", "XCLAIM", "XAUTOCLAIM"]
)
"""Commands that read values, and have changed something else when one of these is none; EVAL is how a declared lifetime
comes with one."""


class Refusing(Protocol):
    """What deals with values that are none of their type: `.packed` of the same client or pipeline."""

    async def _refuse(self, place: Place, stored: bytes, reason: str) -> None: ...

    async def _put_back(self, words: tuple[Argument, ...]) -> None: ...


class ValueCommands(Commands[R]):
    """Commands with values. Where a base declares no type for them, they are sent and decoded as they are."""

    @property
    @abstractmethod
    def packed(self) -> Refusing:
        """The commands for packed values."""

    def _sent(self, key: KeyOf[R], value: Value, part: str = "") -> Argument:
        """Give a value of `key` as it is sent. Raises `PackError` where it is not of the declared type."""
        if not self._texts or (written := self._keyspace.text(key)) is None:
            return value
        return written.write(value, key, part)

    def _sent_each(self, key: KeyOf[R], values: Iterable[Value], what: str = "value") -> list[Argument]:
        """Give several values of `key` as they are sent."""
        if not self._texts or (written := self._keyspace.text(key)) is None:
            return list(values)
        return [written.write(value, key, f" {what} {index}") for index, value in enumerate(values)]

    def _sent_fields(self, key: KeyOf[R], words: list[Argument]) -> list[Argument]:
        """Give fields and values by turns, each value as it is sent."""
        if not self._texts or (written := self._keyspace.text(key)) is None:
            return words
        fields = zip(words[::2], words[1::2], strict=True)
        return [word for name, value in fields for word in (name, written.write(value, key, f" field {name!r}"))]

    def _values(self, key: KeyOf[R], decode: Callable[..., T], *words: Argument) -> Reply[T]:
        """Send a command whose reply holds values of `key`, which `decode` reads by what it is given as `value`."""
        if not self._readers or (read := self._keyspace.reader(key)) is None:
            return self._run(decode, *words)

        def marked(raw: RawReply, mark: Mark) -> T:
            return decode(raw, mark(key, read))

        return self._validated(marked, words, self._run, positional=decode is optional_texts)

    def _values_of_each(self, keys: list[WireKey], *words: Argument) -> Reply[list[str | None]]:
        """Send a command whose reply holds one value of each of `keys`."""
        if not self._readers:
            return self._run(optional_texts, *words)
        names = [self._known(key) for key in keys]
        reads = [self._reader(name) or text for name in names]

        def marked(raw: RawReply, mark: Mark) -> list[str | None]:
            return [
                optional_text(item, mark(*of)) for of, item in zip(zip(names, reads, strict=True), raw, strict=True)
            ]

        return self._validated(marked, words, self._run, positional=True)

    def _values_of_all(self, keys: list[WireKey], decode: Callable[..., T], *words: Argument) -> Reply[T]:
        """Send a command whose reply holds values of several keys: each is read as the first of their types can."""
        names = [self._known(key) for key in keys] if self._readers else []
        reads = list(dict.fromkeys(self._reader(name) or text for name in names))
        if not reads or reads == [text]:
            return self._run(decode, *words)

        def marked(raw: RawReply, mark: Mark) -> T:
            return decode(raw, mark(names[0], partial(_first_that_takes, reads)))

        return self._validated(marked, words, self._run)

    def _values_by_key(
        self, decode: Callable[[RawReply, ReaderOf[R]], T], run: Callable[..., Reply[T]], *words: Argument
    ) -> Reply[T]:
        """Send a command whose reply names the keys of its values; `decode` is given what tells how those are read."""
        if not self._readers:
            return run(lambda raw: decode(raw, _as_text), *words)

        def marked(raw: RawReply, mark: Mark) -> T:
            return decode(raw, lambda key: mark(key, self._reader(key) or text))

        return self._validated(marked, words, run)

    def _taken(
        self, decode: Callable[[RawReply, ReadValue], T]
    ) -> Callable[[RawReply, ReaderOf[R]], tuple[KeyOf[R], T] | None]:
        """Give what decodes the key that something was taken from, with that; None where nothing was."""

        def taken(raw: RawReply, reader: ReaderOf[R]) -> tuple[KeyOf[R], T] | None:
            if raw is None:
                return None
            key = self._strip(raw[0])
            return key, decode(raw[1], reader(key))

        return taken

    def _validated(
        self, decode: Decode[T], words: tuple[Argument, ...], run: Callable[..., Reply[T]], *, positional: bool = False
    ) -> Reply[T]:
        reply = run(Validated(decode, partial(self._refuse_values, words), positional=positional), *words)
        return FinishedReply.behind(reply) if isinstance(reply, FutureReply) else reply

    async def _refuse_values(self, words: tuple[Argument, ...], raw: RawReply, found: list[Found]) -> None:
        outcome = "the command was carried out" if words[0] in CHANGING else "nothing was changed"
        if back := putting_back(words, raw):
            await self.packed._put_back(back)  # noqa: SLF001 the same family
            outcome = "what was taken out was put back"
        for refused, name in found:
            place = self._place(refused.key, words, name, outcome)  # type: ignore[redis-key-dynamic]  # one of ours
            await self.packed._refuse(place, refused.stored, refused.reason)  # noqa: SLF001 the same family

    def _place(self, key: KeyOf[R], words: tuple[Argument, ...], name: str | int | None, outcome: str) -> Place:
        """Say where a value stands, by what its key is declared to hold."""
        wire_key = self._key(key)
        declared = self._declared(key)
        structure = Structure if declared is None or declared.structure is None else declared.structure
        if issubclass(structure, Hash):
            field = _field(words, name)
            if field is None:
                return SomeFieldPlace(key, wire_key, outcome, MISFIT)
            return FieldPlace(key, wire_key, field, outcome, MISFIT)
        if issubclass(structure, Stream):
            return EntryPlace(key, wire_key, str(name), outcome, MISFIT)
        place = next((place for kind, place in _MEMBERS.items() if issubclass(structure, kind)), StringPlace)
        return place(key, wire_key, outcome, MISFIT)

    def _reader(self, key: KeyOf[R]) -> ReadValue | None:
        return self._keyspace.reader(key) if self._readers else None

    def _known(self, wire_key: WireKey) -> KeyOf[R]:
        """Return a key that stands on the wire as the code knows it."""
        return wire_key.removeprefix(self._namespace)  # type: ignore[redis-key-dynamic]  # proven before it was written


_MEMBERS: Final[Mapping[type[Structure], type[MemberPlace]]] = {
    List: ElementPlace,
    Set: MemberPlace,
    SortedSet: RankedPlace,
}


def _field(words: tuple[Argument, ...], name: str | int | None) -> Argument | None:
    """Name the field that a command was asked for, where its reply does not."""
    if isinstance(name, str):
        return name
    match words[0]:
        case "HGET":
            return words[2]
        case "HMGET":
            return words[2 + (name or 0)]
        case "HGETEX" | "HGETDEL":
            return words[words.index("FIELDS") + 2 + (name or 0)]
        case _:
            return None


def _as_text(_: object) -> ReadValue:
    return text


def _first_that_takes(reads: list[ReadValue], stored: RawReply) -> object:
    for read in reads[:-1]:
        try:
            return read(stored)
        except MalformedValueError:
            continue
    return reads[-1](stored)
