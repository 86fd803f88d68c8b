"""HyperLogLog: how many different things, in 12 kB (https://redis.io/docs/latest/develop/data-types/probabilistic)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.replies import done, integer, yes

if TYPE_CHECKING:
    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Value
    from civiredis.reply import Reply


class HyperLogLogCommands(Commands[R]):
    """Commands on the HyperLogLog that a key holds."""

    def pfadd(self, key: KeyOf[R], *values: Value) -> Reply[bool]:
        """Count `values` in, and tell whether the estimate changed (https://redis.io/commands/pfadd)."""
        return self._run(yes, *self._lasting(key, "PFADD", self._key(key), *values))

    def pfcount(self, *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[int]:
        """Estimate how many different values `keys` have seen together (https://redis.io/commands/pfcount)."""
        return self._run(integer, "PFCOUNT", *self._keys(keys))

    def pfmerge(self, dest: KeyOf[R], *keys: KeyOf[R] | list[KeyOf[R]]) -> Reply[bool]:
        """Merge `keys` into `dest`; always True (https://redis.io/commands/pfmerge)."""
        return self._run(done, *self._lasting(dest, "PFMERGE", self._key(dest), *self._keys(keys)))
