"""Every text that a user of the plugin can meet: what was got, what was expected, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from civiredis_mypy.grammar import SEPARATOR

WRONG_SEPARATORS: Final = " -_./|#"
NEAR: Final = 0.6
"""Similarity from which a base is offered as a correction, the default of `difflib`."""
SHORTLIST: Final = 5
"""Similar bases of which the nearest is taken; edit distance to every one of thousands would be slow."""


def one_line(text: str) -> str:
    """Show control characters by their escapes, as a message is one line."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def key_not_registered(got: str, registry: str, suggestion: str | None) -> str:
    """Text of `redis-key` where no registry in sight has the base."""
    way_out = f'did you mean "{suggestion}"?' if suggestion else "declare its base there first"
    return f'Key "{got}" does not start with a base of "{registry}"; {way_out}'


def key_of_other_registry(got: str, registry: str, other: str) -> str:
    """Text of `redis-key` where another registry has the base."""
    return f'Key "{got}" belongs to "{other}", not to "{registry}"; use the client of "{other}"'


def key_type_of_other_registry(got: str, registry: str) -> str:
    """Text of `redis-key` for a proven key of another registry."""
    return f'"{got}" is not a key of "{registry}"; use the client of its own registry'


def key_of_no_registry(registry: str) -> str:
    """Text of `redis-key` for what `key()` gives outside of a registry."""
    return f'"key()" declares a base in the body of a registry only; write it in "{registry}"'


def single_string(registry: str) -> str:
    """Text of `redis-key` where an iterable of keys is expected, and a string was got."""
    return (
        f'A single string, which has letters for items, stands where keys of "{registry}" are expected; '
        "put it in a list"
    )


def base_expected(got: str, registry: str) -> str:
    """Text of `redis-key` where a `BaseOf` is expected and a key with a suffix was got."""
    return f'"{got}" is not a base of "{registry}"; a "BaseOf" has no suffix'


def key_dynamic(got: str, registry: str) -> str:
    """Text of `redis-key-dynamic`."""
    return (
        f'Nothing is known of this "{got}" as a key of "{registry}"; build it from a base, '
        f'annotate its source as "KeyOf[{registry}]", or prove it with "{registry}.parse()"'
    )


def keys_dynamic(got: str, registry: str) -> str:
    """Text of `redis-key-dynamic` for a container."""
    return (
        f'Nothing is known of the items of this "{got}" as keys of "{registry}"; build them from a base, '
        f'annotate their source with "KeyOf[{registry}]", or prove each with "{registry}.parse()"'
    )


def contents_dynamic(got: str, expected: str) -> str:
    """Text of `redis-key-dynamic` for a container whose items cannot be looked at one by one."""
    return f'Nothing is known of the strings in this "{got}" as keys; annotate their source as "{expected}"'


PART: Final = {
    "none": 'its text is "None"; handle the missing value first',
    "bytes": "its text is \"{type}(b'...')\"; decode it first",
    "plain bytes": "its text is \"b'...'\"; decode it first",
    "memory": 'its text is "<memory at 0x...>"; convert it to bytes and decode it first',
    "object": 'its text is "<{type} object at 0x...>"; interpolate one of its attributes, or give it "__str__"',
    "enum": 'its text is "{type}.MEMBER"; interpolate its ".value", or use "StrEnum"',
    "awaitable": 'its text is "<{type} object at 0x...>"; "await" it first',
    "iterator": 'its text is "<{type} object at 0x...>"; join its items first',
    "function": 'its text is "<function ...>"; call it first',
    "flag": "a declared base takes no truth value; pass its text",
    "empty": 'it is empty; leave it out, or pass "allow_empty=True"',
    "colon": 'it has a colon; pass each side of it as a part, or "allow_colon=True"',
    "class": 'its text is "<class ...>"; interpolate a value',
}


def part_unprintable(fault: str, source: str, member: str, whole: str) -> str:
    """Text of `redis-key-part`: `source` is the piece, `member` the type at fault, `whole` the type of the piece."""
    subject = f'"{source}" in this key is "{whole}"' if member == whole else f'"{source}" in this key may be "{member}"'
    return f"{subject}: {PART[fault].format(type=member.split('[', maxsplit=1)[0])}"


def packed_through_plain(base: str | None, method: str) -> str:
    """Text of `redis-packed` for a packed base and a plain command. Without `base` it is not known by name."""
    return f'{_subject(base)} holds MessagePack, which "{method}" does not read or write; use ".packed"'


def plain_through_packed(base: str | None, method: str) -> str:
    """Text of `redis-packed` for a plain base and a packed command. Without `base` it is not known by name."""
    return (
        f'{_subject(base)} holds plain values; use "{method}" of the client itself, '
        'or a base that starts with "packed:"'
    )


def other_kind(base: str | None, declared: str, method: str, works_on: str) -> str:
    """Text of `redis-kind` for a command of another structure. Without `base` it is not known by name."""
    return (
        f'{_subject(base)} is declared to hold a "{declared}", and "{method}" works on a "{works_on}"; '
        "use a command of the declared structure, or another base"
    )


def other_structure_expected(base: str | None, declared: str | None, expected: str) -> str:
    """Text of `redis-kind` for a key that is handed on as one of another structure, or of other values."""
    got = f'is declared to hold a "{declared}"' if declared else "is not declared to hold anything"
    return f'{_subject(base)} {got}, and a key of a "{expected}" is expected here'


def _subject(base: str | None) -> str:
    return "This key" if base is None else f'Base "{one_line(base)}"'


def no_lifetime(base: str | None, method: str) -> str:
    """Text of `redis-ttl`."""
    of_base = "" if base is None else f' of "{one_line(base)}"'
    return f'"{method}" leaves this key{of_base} without an expiry; give it one here, or declare a "ttl" for its base'


def key_overlaps(base: str, longer: str) -> str:
    """Text of `redis-key-overlap`."""
    return f'This "str" behind "{base}:" can land on "{longer}"; separate the two bases'


def base_malformed(base: str, fault: str) -> str:
    """Text of `redis-registry` for a base that the grammar refuses."""
    return f'Base "{one_line(base)}" {fault}'


def base_declared_twice(base: str, first: str, second: str) -> str:
    """Text of `redis-registry` for a base with two attributes."""
    return f'Base "{one_line(base)}" is declared twice, as "{first}" and as "{second}"'


def base_in_both(base: str, cache: str, system: str) -> str:
    """Text of `redis-registry` for a base of both registries handed to one `create_redis_clients`."""
    return f'Base "{one_line(base)}" is declared in both registries, as "{cache}" and as "{system}"'


def base_not_readable(attribute: str) -> str:
    """Text of `redis-registry` for a value that is not a constant."""
    return f'Base "{attribute}" cannot be read by the type checker; write it as a string literal'


def base_not_a_string(attribute: str, value: object) -> str:
    """Text of `redis-registry` for a number, say."""
    return f'Base "{attribute}" is {value!r}, and a base key is a string'


def base_widened(attribute: str, annotation: str) -> str:
    """Text of `redis-registry` for an annotation that hides the value of a base."""
    return f'Base "{attribute}" is annotated "{annotation}", which hides its value; leave the annotation out'


def no_structure(attribute: str) -> str:
    """Text of `redis-registry` for what is no structure where one is declared."""
    return (
        f'"{attribute}" is not declared to hold a structure; write String, Counter, Hash, List, Set, SortedSet or '
        'Stream, with the type of its values: "String[int]"'
    )


def no_text(base: str, value: str) -> str:
    """Text of `redis-registry` for values that are not told by their text."""
    holds = f'which base "{one_line(base)}" holds'
    return f'"{value}" does not fit in text, {holds}; declare a base that starts with "packed:"'


def no_packed_commands(base: str, structure: str) -> str:
    """Text of `redis-registry` for a packed base with a structure that has no packed commands."""
    return (
        f'Base "{one_line(base)}" is declared to hold a "{structure}", and ".packed" has no commands for it; declare a '
        'String, Hash or Set, or a base that does not start with "packed:"'
    )


def system_base_in_cache(base: str) -> str:
    """Text of `redis-registry` for system configuration in a cache registry."""
    return f'Base "{one_line(base)}" is system configuration and belongs in a "SysRegistry"; a cache may be flushed'


def suggestion(got: str, bases: Iterable[str]) -> str | None:
    """Correct `got` (a template such as `user-{int}`): the missing colon, or the nearest base by edit distance."""
    from difflib import get_close_matches  # noqa: PLC0415 - most runs have no error to correct

    ordered = sorted((base for base in bases if base), key=len, reverse=True)
    for base in ordered:
        rest = got.removeprefix(base)
        if rest != got and not rest[:1].isalpha():
            return one_line(f"{base}{SEPARATOR}{rest.lstrip(WRONG_SEPARATORS)}")
    fixed = got.partition("{")[0]
    nearest: tuple[float, str, str] | None = None
    for end in (len(fixed), *(at for at, char in enumerate(fixed) if char == SEPARATOR and at)):
        head = fixed[:end].rstrip(SEPARATOR)
        for base in get_close_matches(head, ordered, SHORTLIST, NEAR):
            distance = edit_distance(head, base) / len(base)
            if nearest is None or distance < nearest[0]:
                nearest = distance, base, got[end:]
    if nearest is None:
        return None
    _, base, rest = nearest
    return one_line(base + (SEPARATOR if rest[:1] not in {"", SEPARATOR} else "") + rest)


def edit_distance(one: str, other: str) -> int:
    """Count the characters to insert, drop or replace to make `other` of `one` (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]
