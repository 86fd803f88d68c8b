"""What to write instead of a key that no base of a registry matches."""

from __future__ import annotations

from difflib import SequenceMatcher

from civiredis.grammar import SEPARATOR, SYSTEM_PREFIXES

NEAR = 0.7
"""From which likeness on (1 is the same text, as `difflib` measures it) a base is taken to be meant."""

LONGEST_COMPARED = 200
"""Characters of a key that are compared with bases; a key may be megabytes long."""

MOST_LISTED = 5
"""How many bases a message lists when none is near."""


def way_out(key: str, bases: tuple[str, ...], registry: str) -> str:
    """Say what to write instead of `key`, or what to do, as the second half of a sentence."""
    if not bases:
        return f"{registry} declares none yet"
    if (meant := nearest_key(key, bases)) is not None:
        return f"did you mean {meant!r}?"
    if key.startswith(SYSTEM_PREFIXES) and not any(base.startswith(SYSTEM_PREFIXES) for base in bases):
        return "system configuration is in the SysRegistry"
    listed = ", ".join(repr(str(base)) for base in bases[:MOST_LISTED])
    more = f" and {len(bases) - MOST_LISTED} more" if len(bases) > MOST_LISTED else ""
    return f"declare its base there, or use one of {listed}{more}"


def nearest_key(key: str, bases: tuple[str, ...]) -> str | None:
    """The key that was probably meant: with the colon that is missing, or with the nearest base; None if none is."""
    if len(key) > LONGEST_COMPARED:
        nearest = nearest_key(key[:LONGEST_COMPARED], bases)
        return None if nearest is None else f"{nearest}..."
    for base in sorted(bases, key=len, reverse=True):
        rest = key.removeprefix(base)
        if rest != key and not rest[0].isalpha():
            return f"{base}{SEPARATOR}{rest.lstrip('-_./| ')}"
    segments = key.split(SEPARATOR)
    best, meant = NEAR, None
    for base in bases:
        count = base.count(SEPARATOR) + 1
        likeness = SequenceMatcher(None, SEPARATOR.join(segments[:count]), base).ratio()
        if likeness > best:
            best, meant = likeness, SEPARATOR.join([base, *segments[count:]])
    return meant
