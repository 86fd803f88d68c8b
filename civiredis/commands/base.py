"""`Commands`: what every group of commands stands on, and the one place that keys pass on their way to the wire."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

from civiredis.annotations import KeyOf, R
from civiredis.commands.arguments import WireKey, option, refuse_bare_string
from civiredis.commands.lasting import each_lasting, lasting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply
    from civiredis.declaration import DeclaredKey
    from civiredis.keyspace import Keyspace
    from civiredis.registry import Registry
    from civiredis.reply import Reply
    from civiredis.structures import Structure

T = TypeVar("T")


class Commands(Generic[R]):
    """Where command methods meet whatever carries them out: a client, a pipeline or a transaction.

    A command method is one line: it names its decoder, the words of the command, and wraps what is a key with `_key`
    or `_keys`. What sends it is `_run`, the only thing in which clients and pipelines differ.
    """

    def __init__(self, keyspace: Keyspace[R]) -> None:
        """Serve the keys of `keyspace`."""
        self._keyspace = keyspace
        self._registry = keyspace.registry
        self._namespace = keyspace.namespace
        self._key: Callable[[KeyOf[R]], WireKey] = keyspace.wire
        """Gives a key as it stands on the wire. Raises `TypeError` for what is no string, naming it."""
        self._readers = keyspace.values.readers
        self._texts = keyspace.values.texts
        self._declares = bool(keyspace.registry._declared)  # noqa: SLF001 the registry keeps it for us
        """Whether anything is declared of any key: asked first, so that a registry of plain bases costs no look-up."""

    @abstractmethod
    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        """Send the command `args`; its reply, as the parser hands it over, goes through `decode`."""

    @abstractmethod
    def _run_blocking(self, decode: Callable[[RawReply], T], timeout: float, *args: Argument) -> Reply[T]:
        """Send a command that may hold its connection for `timeout` seconds; 0 is for ever."""

    def _declared(self, key: KeyOf[R]) -> DeclaredKey[Registry, Structure] | None:
        """Give what the base of `key` (as the code knows it, without namespace) declares; None where it does not."""
        return self._registry._declared_for(key) if self._declares else None  # noqa: SLF001 kept for us

    def _lasting(self, key: KeyOf[R], *words: Argument) -> tuple[Argument, ...]:
        """Give the words of a write to `key`, made to leave the lifetime that its base declares where it has none."""
        declared = self._declared(key)
        return words if declared is None or declared.ttl is None else lasting(self._key(key), declared.ttl, words)

    def _each_lasting(self, words: tuple[Argument, ...], script: str, keys: Iterable[KeyOf[R]]) -> tuple[Argument, ...]:
        """Give `words`, MSET's or MSETNX', or `script` in their place where a base of `keys` declares a lifetime."""
        if not self._declares:
            return words
        declared = map(self._declared, keys)
        ttls = [None if one is None else one.ttl for one in declared]
        return each_lasting(script, words[1:], ttls) if any(ttls) else words

    def _ex(self, key: KeyOf[R]) -> Sequence[Argument]:
        """Write the declared lifetime of `key` as SET takes it; nothing where none is declared."""
        declared = self._declared(key)
        return () if declared is None else option("EX", declared.ttl)

    def _keys(self, keys: Iterable[KeyOf[R] | list[KeyOf[R]]]) -> list[WireKey]:
        """`keys` as they stand on the wire; lists among them are taken item by item."""
        refuse_bare_string(keys, "keys")
        wire: list[WireKey] = []
        for key in keys:
            if isinstance(key, (list, tuple, set, frozenset)):
                wire.extend(map(self._key, key))
            else:
                wire.append(self._key(key))
        return wire

    def _strip(self, raw: RawReply) -> KeyOf[R]:
        """Return a key that came back, as the code knows it: text, without the namespace."""
        key: KeyOf[R] = raw.decode().removeprefix(self._namespace)
        return key

    def _registered(self, raw: RawReply) -> KeyOf[R] | None:
        """Return a key found on the server as the code knows it; None for none, and for one not of the registry."""
        if raw is None:
            return None
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return None
        if not text.startswith(self._namespace):
            return None
        key: KeyOf[R] = text.removeprefix(self._namespace)
        return None if self._registry.match(key) is None else key

    def _found(self, raw: Iterable[RawReply]) -> list[KeyOf[R]]:
        """Return those of the keys found on the server that are of the registry."""
        return [key for key in map(self._registered, raw) if key is not None]
