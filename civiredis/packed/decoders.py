"""Decoders of replies with packed values: their shape only, the bytes stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.commands.replies import pairs, text

if TYPE_CHECKING:
    from civiredis.commands.replies import RawReply


def optional_binaries(raw: RawReply) -> list[bytes | None]:
    """Decode a list in which each value may be missing."""
    return list(raw or ())


def binaries(raw: RawReply) -> list[bytes]:
    """Decode a list, or what arrives as a set."""
    return list(raw or ())


def binary_map(raw: RawReply) -> dict[str, bytes]:
    """Decode a mapping of text to bytes."""
    return {text(name): value for name, value in pairs(raw)}


def popped(raw: RawReply) -> list[bytes]:
    """Decode what SPOP took out: one member, without a list around it, several, or none."""
    return [raw] if isinstance(raw, bytes) else list(raw or ())
