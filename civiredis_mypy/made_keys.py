"""Keys that a declared base makes: `CacheKeys.PROFILE(user_id)` is the text `packed:user:profile:{user_id}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy.nodes import ARG_POS, ARG_STAR, CallExpr, Expression, MemberExpr, NameExpr
from mypy.types import Instance

from civiredis_mypy import template
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import DECLARED_KEY
from civiredis_mypy.grammar import SEPARATOR
from civiredis_mypy.template import Anything, Hole, Inline, Part, Text


def is_made_key(call: CallExpr, types: FoundTypes) -> bool:
    """Whether a declared base is called."""
    if not isinstance(call.callee, (NameExpr, MemberExpr)):
        return False
    known = types.of(call.callee)
    return isinstance(known, Instance) and known.type.fullname == DECLARED_KEY


def taken_apart(expr: Expression, types: FoundTypes) -> Sequence[Part] | None:
    """Do what `template.parts` does, for keys that a declared base makes too."""
    if isinstance(expr, CallExpr) and is_made_key(expr, types):
        return list(_parts(expr))
    return template.parts(expr)


def _parts(call: CallExpr) -> Iterator[Part]:
    """Yield the base, and a colon and its text for each argument."""
    yield Inline(call.callee)
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind in {ARG_POS, ARG_STAR}:
            yield Text(SEPARATOR)
            yield Hole(argument) if kind == ARG_POS else Anything(argument)
