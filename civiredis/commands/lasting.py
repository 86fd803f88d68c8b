"""Writes that leave a lifetime on a key whose base declares one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.commands.arguments import SpreadScript, WireKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.commands.arguments import Argument

# One step on the server, so no other client sees the value without its lifetime. A user who may not EXPIRE is refused
# before a key is made: EXPIRE of a missing key changes nothing. `pcall`, so that an error reads as the command's own.
WRITE_AND_EXPIRE: Final = """\
if redis.call('PTTL', KEYS[1]) == -2 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
local reply = redis.pcall(unpack(ARGV, 2))
if redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return reply"""

_SET_EACH: Final = """\
for at, key in ipairs(KEYS) do
  local value, ttl = ARGV[2 * at - 1], ARGV[2 * at]
  if ttl == '' then redis.call('SET', key, value) else redis.call('SET', key, value, 'EX', ttl) end
end
"""

MSET_WITH_LIFETIMES: Final = SpreadScript(f"{_SET_EACH}return redis.status_reply('OK')")

MSETNX_WITH_LIFETIMES: Final = f"""\
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then
    return 0
  end
end
{_SET_EACH}return 1"""

MOST_WORDS: Final = 7000
"""Words of a command that a script can pass on: Lua's stack holds 8000 values."""


def lasting(key: WireKey, ttl: int, words: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Write the command `words` so that `key` lasts for `ttl` seconds from now, unless it has a lifetime already.

    Raises `ValueError` for more words than a script takes.
    """
    if len(words) > MOST_WORDS:
        message = (
            f"{words[0]!s} has {len(words)} words; with a declared lifetime {MOST_WORDS} are the most: write in parts"
        )
        raise ValueError(message)
    keys = dict.fromkeys([key, *(word for word in words if isinstance(word, WireKey))])
    return ("EVAL", WRITE_AND_EXPIRE, len(keys), *keys, ttl, *words)


def each_lasting(script: str, pairs: Sequence[Argument], ttls: Sequence[int | None]) -> tuple[Argument, ...]:
    """Write a script of MSET's kind for `pairs` of keys and values, each of which lasts for as long as `ttls` says."""
    keys, values = pairs[::2], pairs[1::2]
    words = [word for value, ttl in zip(values, ttls, strict=True) for word in (value, "" if ttl is None else ttl)]
    return ("EVAL", script, len(keys), *keys, *words)
