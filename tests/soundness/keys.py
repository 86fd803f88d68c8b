"""Whole keys: a base and what follows it, right or nearly so, of pieces known and unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.soundness.registries import SEGMENTS
from tests.soundness.texts import SPARE, f_string, text

if TYPE_CHECKING:
    from tests.soundness.case import Writer

STRINGS: Final = ("''", "'x'", "':'", "'user'", "':a'", "'a:'", "'settings'", "'1'", "' '", "'\\n'", "'a:b'")
UNKNOWN: Final = {
    "str": STRINGS,
    "int": ("0", "-1", "1000", "True"),
    "bool": ("True", "False"),
    "float": ("0.0", "-1.5", "1e100"),
    "UUID": ("UUID(int=0)",),
    "date": ("date(2026, 1, 2)",),
    "Decimal": ("Decimal('1.50')",),
    "UserId": ("UserId('')", "UserId('a:b')"),
    "RowId": ("RowId(7)",),
    "Spoken": ("Spoken('')", "Spoken(':x')"),
    "IntKind": ("IntKind.ONE", "IntKind.TWO"),
    "Path": ("Path('a/b')",),
    "list[int]": ("[]", "[1]"),
    "str | int": ("''", "'a'", "1"),
    "object": ("''", "None", "1"),
    "Any": ("''", "1"),
}
PIECES: Final = ("str", "str", "int", *UNKNOWN)


def unknown(writer: Writer) -> str:
    """Write a piece whose text only the run tells."""
    writer.exact = False
    kind = writer.pick(PIECES)
    return writer.parameter(kind, UNKNOWN[kind])


def key_piece(writer: Writer) -> str:
    """Write a piece that carries its own proof, for this registry or for another."""
    writer.exact = False
    registry = writer.pick([writer.registry, writer.registry, *writer.registries])
    bases = [repr(base) for base in registry.bases]
    if writer.one_in(3):
        annotation, values = f"BaseOf[{registry.name}]", bases
    else:
        annotation = f"KeyOf[{registry.name}]"
        values = [
            *bases,
            *(f"{base[:-1]}:{base[-1]}" for base in bases),
            *(f"{base[:-1]}:x{base[-1]}" for base in bases),
        ]
    if writer.one_in(5):
        name = writer.name("K")
        writer.declare(f"{name} = TypeVar({name!r}, bound={annotation})")
        annotation = name
    return writer.parameter(annotation, values)


def wanted_parts(writer: Writer) -> list[str | None]:
    """Draw the shape of a key: fixed texts, and None for each piece of unknown text."""
    parts: list[str | None] = [writer.pick([*writer.registry.bases])]
    for _ in range(writer.number(0, 2)):
        parts.append(":" if writer.one_in(2) else f":{writer.pick(SEGMENTS)}")
        if writer.one_in(2):
            parts.append(None)
    if writer.one_in(3):
        at = writer.number(0, len(parts) - 1)
        change = writer.number(1, 4)
        if change == 1:
            parts[at] = writer.pick(SPARE)
        elif change == 2:
            parts.insert(at, None)
        elif change == 3:
            parts.insert(at, writer.pick(SPARE))
        else:
            del parts[at]
    return parts or [writer.pick(SEGMENTS)]


def key(writer: Writer, depth: int = 2) -> str:
    """Write an expression that is, or nearly is, a key."""
    kind = writer.number(1, 12)
    if kind == 1:
        return key_piece(writer)
    if kind == 2:
        return writer.pick([*writer.registry.bases.values()])
    if kind == 3 and depth:
        return f"({key(writer, depth - 1)} if {writer.condition()} else {key(writer, depth - 1)})"
    parts = wanted_parts(writer)
    if kind == 4 and writer.one_in(2):
        parts[0] = None
        return composed(writer, parts, depth, first=key_piece(writer))
    return composed(writer, parts, depth)


def composed(writer: Writer, parts: list[str | None], depth: int, first: str | None = None) -> str:
    """Write the parts as one expression, in any of the ways people have. `first` is the first piece, if given."""
    holes = [_hole(writer, part, depth) for part in parts]
    if first is not None:
        holes[0] = first
    kind = writer.number(1, 8)
    if kind <= 4:
        shown = [part if writer.one_in(2) and part is not None else None for part in parts]
        return f_string(writer, shown, [hole for hole, fixed in zip(holes, shown, strict=True) if fixed is None])
    if kind == 5:
        return "".join(["'", *("{}" for _ in holes), "'.format(", ", ".join(holes), ")"])
    if kind == 6:
        return "".join(["('", *("%s" for _ in holes), "' % (", ", ".join(holes), ",))"])
    in_text = [hole if part is not None else f"str({hole})" for part, hole in zip(parts, holes, strict=True)]
    return f"({' + '.join(in_text)})" if kind == 7 else f"''.join([{', '.join(in_text)}])"


def _hole(writer: Writer, part: str | None, depth: int) -> str:
    return unknown(writer) if part is None else text(writer, part, writer.number(0, depth))
