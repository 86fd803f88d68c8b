"""What the packed commands share: the way to the server and back, and what to do with bytes that are no value."""

from __future__ import annotations

from abc import abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.packed.codec import MalformedValueError
from civiredis.packed.compression import deflate_now
from civiredis.packed.forms import ToDeflate, deflated
from civiredis.reply import CoroutineReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply
    from civiredis.executor import Executor
    from civiredis.packed.forms import Form
    from civiredis.packed.places import Place
    from civiredis.packed.values import Unpacked
    from civiredis.reply import Reply

T = TypeVar("T")


class Absent(Enum):
    """Says "no value" where None is one: MessagePack has nil."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class PackedCommands(Commands[R]):
    """Commands whose values are MessagePack. They travel as the plain commands do, with raw bytes in and out."""

    def __init__(self, commands: Commands[R], behind: Executor | None = None) -> None:
        """Issue commands through `commands`: a client, or a pipeline or transaction.

        For one that only collects them, `behind` is what carries out at once what a reply makes necessary: that
        a value which does not unpack is removed.
        """
        super().__init__(commands._registry, commands._namespace)  # noqa: SLF001 - the same family
        self._commands = commands
        self._behind = behind

    @abstractmethod
    async def _refuse(self, place: Place, stored: bytes, reason: str) -> None:
        """Deal with bytes that are no value, for `reason`. To return is to take them as missing."""

    @abstractmethod
    async def _refuse_popped(self, place: Place, popped: list[bytes], reason: str) -> None:
        """Deal with a member that is no value, for `reason`, among those that SPOP just took out of their set."""

    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        return self._commands._run(decode, *args)  # noqa: SLF001 - the same family

    def _run_blocking(self, decode: Callable[[RawReply], T], timeout: float, *args: Argument) -> Reply[T]:
        return self._commands._run_blocking(decode, timeout, *args)  # noqa: SLF001 - the same family

    def _run_at_once(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send a command that follows from a reply, also where others are only collected."""
        return self._run(decode, *args) if self._behind is None else self._behind.execute(args, decode)

    def _write(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send a command, those of its words compressed that are to be."""
        if not any(isinstance(word, ToDeflate) for word in args):
            return self._run(decode, *args)
        if self._behind is None:
            return CoroutineReply(self._deflate_and_run(decode, args))
        # A pipeline takes its commands in the order of the calls, so they must be ready when they are made.
        return self._run(decode, *(deflate_now(word) if isinstance(word, ToDeflate) else word for word in args))

    async def _deflate_and_run(self, decode: Callable[[RawReply], T], args: tuple[Argument, ...]) -> T:
        return await self._run(decode, *await deflated(args))

    def _name(self, wire_key: str) -> str:
        """Return a key as the code knows it."""
        return wire_key.removeprefix(self._namespace)

    async def _one(self, place_of: Callable[[], Place], form: Form, reply: Reply[bytes | None]) -> Unpacked:
        """Finish a command that answers one value or none."""
        stored = await reply
        if stored is None:
            return None
        try:
            return await form.read(stored)
        except MalformedValueError as error:
            reason = str(error)
        await self._refuse(place_of(), stored, reason)
        return None

    async def _many(
        self, place_of: Callable[[int], Place], form: Form, reply: Reply[list[bytes | None]]
    ) -> list[Unpacked]:
        """Finish a command that answers a list of values, None for each that is missing."""
        values = await self._each(await reply, place_of, form)
        return [None if value is ABSENT else value for value in values]

    async def _each(
        self, found: Iterable[bytes | None], place_of: Callable[[int], Place], form: Form
    ) -> list[Unpacked]:
        """Read all that was found: None where nothing was, and `ABSENT` where it is no value and counts as a miss.

        `place_of` tells where the one of that index stands.
        """
        values = []
        for index, stored in enumerate(found):
            try:
                values.append(None if stored is None else await form.read(stored))
            except MalformedValueError as error:
                reason = str(error)
            else:
                continue
            await self._refuse(place_of(index), stored or b"", reason)
            values.append(ABSENT)
        return values
