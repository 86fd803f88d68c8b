"""What a command does with the key that it is given, and whether that suits the base of the key."""

from __future__ import annotations

from typing import NamedTuple

from mypy.nodes import TypeInfo
from mypy.types import Instance, Type, get_proper_type

from civiredis_mypy.commands import COMMANDS, VALUE_FREE, Command
from civiredis_mypy.fullnames import CLIENT, PACKED_COMMANDS
from civiredis_mypy.fullnames import COMMANDS as COMMANDS_MODULE
from civiredis_mypy.grammar import PACKED_PREFIX
from civiredis_mypy.known_bases import NOTHING, Declared, RegisteredBases


class Use(NamedTuple):
    """The command that uses a key: its name, and what it does with the key."""

    method: str
    packed: bool
    """Whether it reads and writes packed values."""
    command: Command | None
    works_on: tuple[str, ...] = ()
    """Structures that the key may hold; empty where it may hold anything."""
    makes: bool = False
    """Whether it makes the key where there is none, without a lifetime unless an option gives one."""
    is_unlasting: bool = False
    """Whether it does so in this call, and is asked about it."""

    def at(self, parameter: str | None) -> Use:
        """Return what the command does with a key at one of its parameters."""
        command = self.command
        if command is None or parameter in command.other_keys:
            return self
        makes = parameter == command.makes
        return self._replace(works_on=(makes and command.stores) or command.works_on, makes=makes)


def use_of(owner: TypeInfo, method: str) -> Use | None:
    """Say what the method that `owner` declares does with a key; None where it is no command."""
    if not owner.fullname.startswith((PACKED_COMMANDS, COMMANDS_MODULE)):
        return None
    return Use(method, owner.fullname.startswith(PACKED_COMMANDS), COMMANDS.get(method))


def is_client(t: Type) -> bool:
    """Whether the methods of `t` are commands, as of a client, a pipeline or `.packed`."""
    proper = get_proper_type(t)
    return isinstance(proper, Instance) and proper.type.has_base(CLIENT)


def is_mispacked(base: str, use: Use) -> bool:
    """Whether a base is packed and the command is not, or the other way round."""
    return base.startswith(PACKED_PREFIX) is not use.packed and (use.packed or use.method not in VALUE_FREE)


def is_of_other_kind(declared: Declared, use: Use) -> bool:
    """Whether the command works on another structure than the keys hold."""
    return declared.kind is not None and bool(use.works_on) and declared.kind not in use.works_on


def is_suitable(base: str, use: Use, bases: RegisteredBases) -> bool:
    """Whether there is nothing to say of a command that is given a key of the base."""
    if is_mispacked(base, use):
        return False
    declared = bases.declared.get(base, NOTHING)
    if declared is NOTHING:
        return not use.is_unlasting
    return not is_of_other_kind(declared, use) and (declared.has_lifetime or not use.is_unlasting)
