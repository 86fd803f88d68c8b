"""What the packed commands share: the way to the server and back, and what to do with bytes that are no value."""

from __future__ import annotations

from abc import abstractmethod
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.finishing import FinishedReply
from civiredis.grammar import longest_base
from civiredis.packed.compression import SlowError
from civiredis.packed.declared import forms_of_type
from civiredis.packed.forms import UNDECLARED, deflated, deflated_now, is_slow
from civiredis.reply import FollowUp
from civiredis.transport.reply import FutureReply
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, WireKey
    from civiredis.commands.replies import RawReply
    from civiredis.executor import Executor
    from civiredis.packed.forms import Form
    from civiredis.packed.values import Unpacked
    from civiredis.places import Place
    from civiredis.reply import Reply

T = TypeVar("T")


class Absent(Enum):
    """Says "no value" where None is one: MessagePack has nil."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

Shape: TypeAlias = "Callable[[list[Unpacked]], T]"
"""Makes a command's own type of the values that it found."""


class PackedCommands(Commands[R]):
    """Commands whose values are MessagePack. They travel as the plain commands do, with raw bytes in and out."""

    def __init__(self, commands: Commands[R], behind: Executor | None = None) -> None:
        """Issue commands through `commands`: a client, or a pipeline or transaction.

        For one that only collects them, `behind` is what carries out at once what a reply makes necessary: that
        a value which does not unpack is removed.
        """
        super().__init__(commands._keyspace)  # noqa: SLF001 - the same family
        self._forms = self._keyspace.values.forms
        self._bases, self._longest = self._keyspace.bases, self._keyspace.longest
        self._commands = commands
        self._behind = behind

    @abstractmethod
    async def _refuse(self, place: Place, stored: bytes, reason: str) -> None:
        """Deal with bytes that are no value, for `reason`. To return is to take them as missing."""

    @abstractmethod
    async def _refuse_popped(self, place: Place, popped: list[bytes], reason: str) -> None:
        """Deal with a member that is no value, for `reason`, among those that SPOP just took out of their set."""

    @abstractmethod
    async def _put_back(self, words: tuple[Argument, ...]) -> None:
        """Deal with what a plain command took out of a key, and is none: `words` would put it back."""

    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        return self._commands._run(decode, *args)  # noqa: SLF001 - the same family

    def _run_blocking(self, decode: Callable[[RawReply], T], timeout: float, *args: Argument) -> Reply[T]:
        return self._commands._run_blocking(decode, timeout, *args)  # noqa: SLF001 - the same family

    def _run_at_once(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send a command that follows from a reply, also where others are only collected."""
        return self._run(decode, *args) if self._behind is None else self._behind.execute(args, decode)

    def _read(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send a command whose decoder may raise `FollowUp`."""
        reply = self._run(decode, *args)
        return FinishedReply.behind(reply) if isinstance(reply, FutureReply) else reply

    def _write(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send a command, those of its words compressed that are to be. Its decoder may raise `FollowUp`."""
        if self._behind is not None:  # a pipeline compresses what it collected, all together
            return self._run(decode, *args)
        if not is_slow(args):
            return self._read(decode, *deflated_now(args))
        return FinishedReply.of(partial(self._deflate_and_run, decode, args))

    async def _deflate_and_run(self, decode: Callable[[RawReply], T], args: tuple[Argument, ...]) -> T:
        return await self._read(decode, *await deflated(args))

    def _form(self, key: KeyOf[R], *, type_: object = None, compress: bool = False) -> Form:
        """Give how the values of `key` are read and written: as `type_` says, else as its base declares.

        Raises `BrotliMissingError` where it cannot be had, and for `type_` what `declared_values` does.
        """
        forms = UNDECLARED
        if type_ is not None:
            forms = forms_of_type(type_)
        elif self._forms:
            base = longest_base(key, self._bases, self._longest)  # on the way of every GET, so by one call
            forms = self._forms.get(base or "", UNDECLARED)
        return forms.chosen(compress=compress)

    def _forms_of(self, wire: list[WireKey], *, type_: object = None, compress: bool = False) -> list[Form]:
        """Give the forms of the values of keys, as `_form` does: of each key, or one where it is the same for all."""
        if type_ is not None or not self._forms:
            return [self._form(self._name(wire[0]), type_=type_, compress=compress)]
        bases = self._keyspace.bases_of(wire)
        by_base = {base: self._forms.get(base, UNDECLARED).chosen(compress=compress) for base in set(bases)}
        return list(by_base.values()) if len(by_base) == 1 else [by_base[base] for base in bases]

    def _name(self, wire_key: str) -> KeyOf[R]:
        """Return a key as the code knows it."""
        return wire_key.removeprefix(self._namespace)  # type: ignore[redis-key-dynamic]  # proven before it was written

    def _one(self, place_of: Callable[[], Place], form: Form, stored: RawReply) -> Unpacked:
        """Decode one value or none."""
        if stored is None:
            return None
        try:
            return form.read(stored)
        except (MalformedValueError, SlowError):
            pass
        raise FollowUp(partial(self._one_slowly, place_of, form, stored))

    async def _one_slowly(self, place_of: Callable[[], Place], form: Form, stored: bytes) -> Unpacked:
        (value,) = await self._each(lambda _: place_of(), [form], [stored])
        return None if value is ABSENT else value

    def _several(
        self, place_of: Callable[[int], Place], form: Form, found: Sequence[bytes | None], shape: Shape[T]
    ) -> T:
        """Decode a list of values of one form, None for each that is missing, and give what `shape` makes of them.

        `place_of` tells where the one of that index stands. `shape` finds `ABSENT` for one that counts as a miss.
        """
        try:
            return shape([None if stored is None else form.read(stored) for stored in found])
        except (MalformedValueError, SlowError):
            pass
        raise FollowUp(partial(self._several_slowly, place_of, [form] * len(found), found, shape))

    async def _several_slowly(
        self, place_of: Callable[[int], Place], forms: Sequence[Form], found: Sequence[bytes | None], shape: Shape[T]
    ) -> T:
        return shape(await self._each(place_of, forms, found))

    def _listed(self, place_of: Callable[[int], Place], form: Form, raw: RawReply) -> list[Unpacked]:
        """Decode a list of values, None for each that is missing, or counts as a miss."""
        return self._several(place_of, form, list(raw or ()), _none_for_absent)

    def _mixed(self, place_of: Callable[[int], Place], forms: Sequence[Form], raw: RawReply) -> list[Unpacked]:
        """Decode a list of values of a form each, None for each that is missing, or counts as a miss."""
        found = list(raw or ())
        pairs = zip(forms, found, strict=True)
        try:
            return [None if stored is None else form.read(stored) for form, stored in pairs]
        except (MalformedValueError, SlowError):
            pass
        raise FollowUp(partial(self._several_slowly, place_of, forms, found, _none_for_absent))

    async def _each(
        self, place_of: Callable[[int], Place], forms: Sequence[Form], found: Sequence[bytes | None]
    ) -> list[Unpacked]:
        values = []
        for index, (form, stored) in enumerate(zip(forms, found, strict=True)):
            try:
                values.append(None if stored is None else await form.read_slowly(stored))
            except MalformedValueError as error:
                reason = str(error)
            else:
                continue
            await self._refuse(place_of(index), stored or b"", reason)
            values.append(ABSENT)
        return values


def _none_for_absent(values: list[Unpacked]) -> list[Unpacked]:
    return [None if value is ABSENT else value for value in values]


def without_absent(values: list[Unpacked]) -> list[Unpacked]:
    """Leave out what counts as a miss."""
    return [value for value in values if value is not ABSENT]
