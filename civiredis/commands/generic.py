"""Keys, whatever they hold: deleting, renaming, copying, scanning, sorting (https://redis.io/commands/?group=generic)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from civiredis.annotations import R
from civiredis.commands.arguments import flags, milliseconds, option
from civiredis.commands.base import Commands
from civiredis.commands.replies import (
    done,
    integer,
    optional_binary,
    optional_integer,
    optional_text,
    optional_texts,
    text,
    yes,
)
from civiredis.reply import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument
    from civiredis.reply import Reply

Unsorted: TypeAlias = Literal["nosort"]
"""In place of a pattern to sort by: leave the order as it is."""

Item: TypeAlias = Literal["#"]
"""In place of a pattern to get: the sorted item itself."""


class GenericCommands(Commands[R]):
    """Commands on keys of any kind. Those that count keys answer 0 for none, where Redis has an error."""

    def delete(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Delete `keys`, and give the number of those that were there (https://redis.io/commands/del)."""
        return self._count("DEL", keys)

    def unlink(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Delete `keys`, freeing their memory later; the number of them (https://redis.io/commands/unlink)."""
        return self._count("UNLINK", keys)

    def exists(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Count those of `keys` that exist, each as often as it is named (https://redis.io/commands/exists)."""
        return self._count("EXISTS", keys)

    def touch(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Mark `keys` as used just now, and count those that exist (https://redis.io/commands/touch)."""
        return self._count("TOUCH", keys)

    def type(self, key: KeyOf[R]) -> Reply[str]:
        """Tell what the key holds: "string", "hash", …, "none" when missing (https://redis.io/commands/type)."""
        return self._run(text, "TYPE", self._key(key))

    def rename(self, src: KeyOf[R], dst: KeyOf[R]) -> Reply[bool]:
        """Rename `src`, which must exist, over `dst`; always True (https://redis.io/commands/rename)."""
        return self._run(done, "RENAME", self._key(src), self._key(dst))

    def renamenx(self, src: KeyOf[R], dst: KeyOf[R]) -> Reply[bool]:
        """Rename `src` if `dst` is missing, and tell whether it was (https://redis.io/commands/renamenx)."""
        return self._run(yes, "RENAMENX", self._key(src), self._key(dst))

    def copy(
        self,
        source: KeyOf[R],
        destination: KeyOf[R],
        destination_db: int | None = None,
        *,
        replace: bool = False,
    ) -> Reply[bool]:
        """Copy a key, and tell whether it was: the target must be missing (https://redis.io/commands/copy).

        With `replace` it is overwritten. Without `destination_db` the copy stays in this database.
        """
        rest = (*option("DB", destination_db), *flags(replace=replace))
        return self._run(yes, "COPY", self._key(source), self._key(destination), *rest)

    def move(self, key: KeyOf[R], db: int) -> Reply[bool]:
        """Move the key to database `db`, and tell whether it was (https://redis.io/commands/move)."""
        return self._run(yes, "MOVE", self._key(key), db)

    def randomkey(self) -> Reply[KeyOf[R] | None]:
        """Draw a key (https://redis.io/commands/randomkey).

        None when the database is empty, or when the drawn key is not of this registry.
        """
        return self._run(self._registered, "RANDOMKEY")

    def dump(self, key: KeyOf[R]) -> Reply[bytes | None]:
        """Get the value as `restore` takes it, binary; None when missing (https://redis.io/commands/dump)."""
        return self._run(optional_binary, "DUMP", self._key(key))

    def restore(
        self,
        key: KeyOf[R],
        ttl: int | timedelta,
        value: bytes,
        *,
        replace: bool = False,
        absttl: bool = False,
        idletime: int | None = None,
        frequency: int | None = None,
    ) -> Reply[bool]:
        """Create the key from what `dump` gave; always True (https://redis.io/commands/restore).

        `ttl` is in milliseconds, 0 for none, with `absttl` a Unix time; `idletime` is in seconds. A key that exists is
        an error (BUSYKEY) without `replace`.
        """
        usage = (*option("IDLETIME", idletime), *option("FREQ", frequency))
        rest = (*flags(replace=replace, absttl=absttl), *usage)
        return self._run(done, "RESTORE", self._key(key), milliseconds(ttl), value, *rest)

    def sort(
        self,
        key: KeyOf[R],
        start: int | None = None,
        num: int | None = None,
        by: KeyOf[R] | Unsorted | None = None,
        get: KeyOf[R] | Item | list[KeyOf[R] | Item] | None = None,
        *,
        desc: bool = False,
        alpha: bool = False,
    ) -> Reply[list[str | None]]:
        """Get a list, set or sorted set in order: of numbers, or `alpha` (https://redis.io/commands/sort).

        `by` and `get` are keys with a "*" for the item, `"user:*->name"` for a field of a hash; what `get` does not
        find is None. `start` and `num` take a part. Empty when the key is missing.
        """
        rest = self._sorting(start, num, by, get, desc=desc, alpha=alpha)
        return self._run(optional_texts, "SORT", self._key(key), *rest)

    def sort_ro(
        self,
        key: KeyOf[R],
        start: int | None = None,
        num: int | None = None,
        by: KeyOf[R] | Unsorted | None = None,
        get: KeyOf[R] | Item | list[KeyOf[R] | Item] | None = None,
        *,
        desc: bool = False,
        alpha: bool = False,
    ) -> Reply[list[str | None]]:
        """Do what `sort` does, on a replica too (https://redis.io/commands/sort_ro)."""
        rest = self._sorting(start, num, by, get, desc=desc, alpha=alpha)
        return self._run(optional_texts, "SORT_RO", self._key(key), *rest)

    def sort_store(
        self,
        dest: KeyOf[R],
        key: KeyOf[R],
        start: int | None = None,
        num: int | None = None,
        by: KeyOf[R] | Unsorted | None = None,
        get: KeyOf[R] | Item | list[KeyOf[R] | Item] | None = None,
        *,
        desc: bool = False,
        alpha: bool = False,
    ) -> Reply[int]:
        """Store what `sort` gives as the list `dest`, and count it (https://redis.io/commands/sort)."""
        rest = (*self._sorting(start, num, by, get, desc=desc, alpha=alpha), "STORE", self._key(dest))
        return self._run(integer, *self._lasting(dest, "SORT", self._key(key), *rest))

    def object_encoding(self, key: KeyOf[R]) -> Reply[str | None]:
        """Tell how the value is kept, None when missing (https://redis.io/commands/object-encoding)."""
        return self._run(optional_text, "OBJECT", "ENCODING", self._key(key))

    def object_idletime(self, key: KeyOf[R]) -> Reply[int | None]:
        """Give the seconds since the last use, None when missing (https://redis.io/commands/object-idletime)."""
        return self._run(optional_integer, "OBJECT", "IDLETIME", self._key(key))

    def object_refcount(self, key: KeyOf[R]) -> Reply[int | None]:
        """Count the references to the value, None when missing (https://redis.io/commands/object-refcount)."""
        return self._run(optional_integer, "OBJECT", "REFCOUNT", self._key(key))

    def object_freq(self, key: KeyOf[R]) -> Reply[int | None]:
        """Give the counter of uses, None when missing; needs an LFU policy (https://redis.io/commands/object-freq)."""
        return self._run(optional_integer, "OBJECT", "FREQ", self._key(key))

    def memory_usage(self, key: KeyOf[R], samples: int | None = None) -> Reply[int | None]:
        """Give the bytes of key and value, None when missing (https://redis.io/commands/memory-usage)."""
        return self._run(optional_integer, "MEMORY", "USAGE", self._key(key), *option("SAMPLES", samples))

    def _count(self, name: str, keys: Iterable[KeyOf[R] | list[KeyOf[R]]]) -> Reply[int]:
        """Send a command that counts those of `keys` it found; for no keys there is nothing to send."""
        wire = self._keys(keys)
        return self._run(integer, name, *wire) if wire else Answer(0)

    def _sorting(
        self,
        start: int | None,
        num: int | None,
        by: str | None,
        get: str | Iterable[str] | None,
        *,
        desc: bool,
        alpha: bool,
    ) -> list[Argument]:
        if (start is None) != (num is None):
            message = "a part of the result needs both start and num"
            raise ValueError(message)
        wanted = () if get is None else (get,) if isinstance(get, str) else get
        columns = [word for one in wanted for word in ("GET", self._sort_pattern(one))]
        order = () if by is None else ("BY", self._sort_pattern(by))
        return [*order, *option("LIMIT", start, num), *columns, *flags(desc=desc, alpha=alpha)]

    def _sort_pattern(self, pattern: str) -> str:
        """Write a pattern of keys; what has no "*" ("nosort", "#") names no key and stays as it is."""
        if "*" in self._namespace:
            message = f"the namespace {self._namespace!r} holds a '*', which SORT would take for the place of the item"
            raise ValueError(message)
        return self._key(pattern) if "*" in pattern else pattern  # type: ignore[redis-key-dynamic]  # the caller's is
