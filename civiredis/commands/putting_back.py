"""The commands that put back what another took out of a key, as far as Redis can: a lifetime is not put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.commands.replies import pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply

    Words = tuple[Argument, ...]


def putting_back(words: Words, raw: RawReply) -> Words:
    """Write the command that undoes `words`, whose reply was `raw`; empty for one that takes nothing out."""
    undo = _UNDOING.get(str(words[0]))
    return () if undo is None or raw is None else undo(words, raw)


def _pushed(name: str) -> Callable[[Words, RawReply], Words]:
    return lambda words, raw: (name, words[1], *reversed(_many(raw)))


def _first_pushed(name: str) -> Callable[[Words, RawReply], Words]:
    return lambda _, raw: (name, raw[0], raw[1])


def _list_pushed(words: Words, raw: RawReply) -> Words:
    return ("LPUSH" if "LEFT" in words else "RPUSH", raw[0], *reversed(raw[1]))


def _added(words: Words, raw: RawReply) -> Words:
    return ("SADD", words[1], *_many(raw))


def _ranked(words: Words, raw: RawReply) -> Words:
    return ("ZADD", words[1], *_scores_first(raw))


def _first_ranked(_: Words, raw: RawReply) -> Words:
    members = ((raw[1], raw[2]),) if len(raw) > 2 else raw[1]  # noqa: PLR2004 BZPOPMIN has a score behind the member
    return ("ZADD", raw[0], *_scores_first(members))


def _written(words: Words, raw: RawReply) -> Words:
    return ("SET", words[1], raw, "NX")


def _fields_written(words: Words, raw: RawReply) -> Words:
    names = words[words.index("FIELDS") + 2 :]
    return ("HSET", words[1], *(word for pair in zip(names, raw, strict=True) if pair[1] is not None for word in pair))


def _many(raw: RawReply) -> list[bytes]:
    return list(raw) if isinstance(raw, (list, tuple, set, frozenset)) else [raw]


def _scores_first(raw: RawReply) -> list[Argument]:
    return [word for member, score in pairs(raw) for word in (float(score), member)]


_UNDOING: Final[dict[str, Callable[[Words, RawReply], Words]]] = {
    "LPOP": _pushed("LPUSH"),
    "RPOP": _pushed("RPUSH"),
    "BLPOP": _first_pushed("LPUSH"),
    "BRPOP": _first_pushed("RPUSH"),
    "LMPOP": _list_pushed,
    "BLMPOP": _list_pushed,
    "SPOP": _added,
    "ZPOPMIN": _ranked,
    "ZPOPMAX": _ranked,
    "BZPOPMIN": _first_ranked,
    "BZPOPMAX": _first_ranked,
    "ZMPOP": _first_ranked,
    "BZMPOP": _first_ranked,
    "GETDEL": _written,
    "HGETDEL": _fields_written,
}
"""What undoes a command, by its name. A key that a reply names is on the wire already."""
