"""Keys that a declared base makes: `CacheKeys.PROFILE(user_id)` is the text `packed:user:profile:{user_id}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy.nodes import ARG_POS, ARG_STAR, CallExpr, Expression, MemberExpr, NameExpr
from mypy.types import Instance, ProperType

from civiredis_mypy import template
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import DECLARED_KEY
from civiredis_mypy.grammar import SEPARATOR
from civiredis_mypy.key_types import is_string
from civiredis_mypy.template import Anything, Hole, Inline, Part, Text
from civiredis_mypy.texts import members, split_whole


def is_made_key(call: CallExpr, types: FoundTypes) -> bool:
    """Whether a declared base is called."""
    if not isinstance(call.callee, (NameExpr, MemberExpr)):
        return False
    known = types.of(call.callee)
    return isinstance(known, Instance) and known.type.fullname == DECLARED_KEY


def taken_apart(expr: Expression, types: FoundTypes) -> Sequence[Part] | None:
    """Do what `template.parts` does, for keys that a declared base makes too."""
    if isinstance(expr, CallExpr) and is_made_key(expr, types):
        return list(_parts(expr, types))
    return template.parts(expr)


def _parts(call: CallExpr, types: FoundTypes) -> Iterator[Part]:
    """Yield the base, and a colon and its text for each argument.

    A string stands as it is, also a member of an enum that would print as something else.
    """
    yield Inline(call.callee)
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind == ARG_POS:
            yield Text(SEPARATOR)
            known = types.of(argument)
            if known is not None and all(map(is_string, members(known))):
                yield Inline(argument)
            else:
                is_whole_number = isinstance(known, Instance) and known.type.fullname == "builtins.int"
                yield Hole(argument) if is_whole_number else Anything(argument)
        elif kind == ARG_STAR:
            yield Text(SEPARATOR)
            yield Anything(argument)


def faulty_parts(call: CallExpr, types: FoundTypes) -> Iterator[tuple[Expression, ProperType, str]]:
    """Yield what a declared base refuses to make a key of when it is called, with what is wrong with it."""
    allowed = set(call.arg_names)
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        known = types.of(argument) if kind == ARG_POS else None
        for member in members(known) if known is not None else ():
            texts = split_whole(member).texts
            if isinstance(member, Instance) and member.type.fullname == "builtins.bool":
                yield argument, member, "flag"
            elif any(not text for text in texts) and "allow_empty" not in allowed:
                yield argument, member, "empty"
            elif any(SEPARATOR in text for text in texts) and "allow_colon" not in allowed:
                yield argument, member, "colon"
