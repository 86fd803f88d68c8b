"""What a packed value may be, as annotations. Both names mean "any value really is meant"."""

from __future__ import annotations

from typing import Any, TypeAlias

Packable: TypeAlias = object
"""A value to be stored as MessagePack.

`None`, `bool`, `int` (from -2**63 to 2**64-1), `float`, `str`, `bytes`, aware `datetime`, and lists, tuples
and dicts of these. A type checker cannot say "and not a set, somewhere inside", so anything passes it; what
MessagePack has no type for is a `PackError` when the command is called.
"""

Unpacked: TypeAlias = Any
"""A value read back from MessagePack: whatever the writer stored.

Equal to what was packed, but for these: a tuple comes back as a list (as a map key it stays a tuple),
`bytearray` and `memoryview` as `bytes`, a subclass of a built-in type as that type, a `datetime` in UTC.
Values that Node's `msgpackr` wrote: `undefined` comes back as None, an integer beyond 32 bits as `float`
(JavaScript's number type), a `bigint` as `int`.
"""
