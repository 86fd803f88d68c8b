"""Two writes that never leave a key without its lifetime, each in one step and one round trip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.annotations import R
from civiredis.commands.arguments import flattened, seconds
from civiredis.commands.replies import done, integer
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Value, ValueT
    from civiredis.reply import Reply

# A script is atomic, also inside a transaction, where MULTI cannot nest. Fields go in one by one, as Lua's unpack()
# takes some thousand values only.
HSET_WITH_EXPIRE: Final = """\
local added = 0
for i = 2, #ARGV, 2 do
  added = added + redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return added"""

# Beyond it the server refuses EXPIRE (milliseconds since 1970 would not fit 63 bits), after the fields were written.
LONGEST_LIFETIME: Final = 9_000_000_000_000_000


class AtomicCommands(ValueCommands[R]):
    """Commands that write a value together with its lifetime."""

    def set_nx_keep_ttl_with_ex(self, key: KeyOf[R], value: Value, ttl: int | timedelta) -> Reply[bool]:
        """Set the value for `ttl` seconds if the key is missing, and tell whether it was.

        A key that exists keeps its value and its lifetime (https://redis.io/commands/set, NX and EX). Raises as
        `hset_multi_with_expire` does.
        """
        return self._run(done, "SET", self._key(key), self._sent(key, value), "NX", "EX", _lifetime(ttl))

    def hset_multi_with_expire(
        self, key: KeyOf[R], mapping: Mapping[ValueT, Value], ttl: int | timedelta
    ) -> Reply[int]:
        """Set fields and let the whole hash expire in `ttl` seconds; gives the number of new fields.

        A script (https://redis.io/commands/eval) does both, so no other client sees the one without the other. Raises
        `ValueError`, and sends nothing, for an empty mapping and for a `ttl` that the server would refuse; `TypeError`
        for one that is no whole number of seconds.
        """
        words = self._sent_fields(key, flattened(mapping))
        return self._run(integer, "EVAL", HSET_WITH_EXPIRE, 1, self._key(key), _lifetime(ttl), *words)


def _lifetime(ttl: int | timedelta) -> int:
    whole = seconds(ttl)
    if type(whole) is not int:  # the server would find out after the fields were written
        message = f"ttl is {ttl!r}: a lifetime is whole seconds as an int, or a timedelta"
        raise TypeError(message)
    if not 0 < whole <= LONGEST_LIFETIME:
        message = f"ttl is {ttl!r}: a lifetime is at least one second, and at most {LONGEST_LIFETIME}"
        raise ValueError(message)
    return whole
