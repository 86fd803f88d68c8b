"""What the keys of a call hold, found before mypy looks at its arguments.

The result of a command and what goes in follow from the base of its key, so the key is proven when mypy asks for the
signature. That costs a look at the key of its own; it is taken only where the registry declares what its keys hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mypy.checker import TypeChecker
from mypy.nodes import ARG_STAR, GDEF, CallExpr, Context, Expression, NameExpr, StrExpr, TypeInfo, Var
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, Instance, ProperType, Type, TypeVarType, get_proper_type

from civiredis_mypy import elements
from civiredis_mypy.bindings import Assigned, Bindings
from civiredis_mypy.common_forms import base_at_a_glance, base_of_head, member_text
from civiredis_mypy.dependencies import depend_on
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import Expected, is_key, is_string, registry_of
from civiredis_mypy.known_bases import NOTHING, KnownBases, RegisteredBases
from civiredis_mypy.matching import DeadEnd
from civiredis_mypy.prover import Prover
from civiredis_mypy.structures import kind_name, value_type
from civiredis_mypy.texts import members
from civiredis_mypy.uses import Use
from civiredis_mypy.value_checks import ValueChecks
from civiredis_mypy.value_types import Held, with_values

TYPE = "type"
"""Parameter of the packed commands that types the result of one call."""


class Known(NamedTuple):
    """What is known of the keys of one call: their bases (None: not by name), and what their types say."""

    bases: frozenset[str | None]
    structures: frozenset[ProperType] = frozenset()


UNKNOWN = Known(frozenset({None}))


class Holdings:
    """Types the commands of one build, and remembers the last call, as mypy asks for each overload of it in turn."""

    def __init__(self, known: KnownBases, bindings: Bindings) -> None:
        self._known = known
        self._bindings = bindings
        self._bases: dict[TypeInfo, RegisteredBases] = {}
        self._checks = ValueChecks()
        self._last: tuple[Context, Type, Held | None] | None = None
        self._remaining = 0

    def typed(self, signature: CallableType, ctx: MethodSigContext, use: Use, overloads: int) -> CallableType:
        """Put what the keys of the call hold into the signature of its method."""
        receiver = ctx.type
        if type(receiver) is Instance and len(receiver.args) == 1:
            known = receiver.args[0]
            if type(known) is Instance and not self._bases_of(known.type).declared:
                return signature  # nearly always, and this is asked for every command
        command = use.command
        if command is None or not isinstance(ctx.api, TypeChecker):
            return signature
        registry = _registry(ctx.default_signature, command.keys)
        if registry is None or not self._bases_of(registry).declared:
            return signature
        held = self._held(ctx, use, registry, overloads)
        if held is None or _is_typed_by_itself(ctx):
            return signature
        typed = with_values(signature, command, held)
        return typed if overloads == 1 else self._checks.checked(typed, ctx, command)

    def __len__(self) -> int:
        """Count the registries of which anything is kept: without one, there is nothing to clear."""
        return len(self._bases)

    def clear(self) -> None:
        """Look at the registries again."""
        self._last = None
        self._bases.clear()

    def _bases_of(self, registry: TypeInfo) -> RegisteredBases:
        bases = self._bases.get(registry)
        if bases is None:
            bases = self._bases[registry] = self._known.of((registry,))
        return bases

    def _held(self, ctx: MethodSigContext, use: Use, registry: TypeInfo, overloads: int) -> Held | None:
        if self._last is not None and self._remaining and self._last[0] is ctx.context and self._last[1] is ctx.type:
            self._remaining -= 1
            return self._last[2]
        self._last = None
        self._checks.clear()
        held = self._look(ctx, use, registry)
        self._last, self._remaining = (ctx.context, ctx.type, held), overloads - 1
        return held

    def _look(self, ctx: MethodSigContext, use: Use, registry: TypeInfo) -> Held | None:
        assert isinstance(ctx.api, TypeChecker)
        bases = self._bases_of(registry)
        depend_on(ctx.api, (registry,))
        types: list[ProperType] = []
        and_others = False
        for expr, is_iterable in _keys(ctx, use):
            for value in _values(self._look_at(expr, registry, ctx.api, is_iterable=is_iterable), bases, use):
                if value is None:
                    and_others = True
                elif value not in types:
                    types.append(value)
        return Held(tuple(types), and_others, use.packed) if types else None

    def _look_at(self, expr: Expression, registry: TypeInfo, checker: TypeChecker, *, is_iterable: bool) -> Known:
        base = None if is_iterable else self._base_at_a_glance(expr, self._bases_of(registry), checker)
        if base is not None:
            return Known(frozenset({base}))
        types = FoundTypes(checker)
        expected = Expected((Instance(registry, []),), exact=False)
        prover = Prover(checker, expected, self._known, self._bindings, types)
        with types.found_for_now(expr):
            try:
                proof = prover.prove_elements(expr) if is_iterable or _is_iterable(expr, types) else prover.prove(expr)
            except DeadEnd:
                return UNKNOWN
        return Known(proof.bases, proof.structures)

    def _base_at_a_glance(self, expr: Expression, bases: RegisteredBases, checker: TypeChecker) -> str | None:
        if isinstance(expr, CallExpr):
            return base_of_head(expr, bases)
        text = expr.value if isinstance(expr, StrExpr) else member_text(expr)
        if text is not None:
            return bases.longest(text)
        if not isinstance(expr, NameExpr) or expr.kind == GDEF or not _is_plain_str(expr.node):
            return None
        bound = self._bindings.of(expr, checker.scope.top_level_function(), checker.tree)
        if len(bound) != 1 or not isinstance(bound[0], Assigned):
            return None
        return base_at_a_glance(bound[0].value, bases, FoundTypes(checker))


def _is_plain_str(node: object) -> bool:
    known = node.type if isinstance(node, Var) else None
    return type(known) is Instance and known.type.fullname == STR


def _keys(ctx: MethodSigContext, use: Use) -> Iterator[tuple[Expression, bool]]:
    """Yield the arguments for keys whose values the command takes or gives, and whether each is an iterable of them."""
    call, signature = ctx.context, ctx.default_signature
    if use.command is None or not isinstance(call, CallExpr):
        return
    for name, formal, actuals in zip(signature.arg_names, signature.arg_types, ctx.args, strict=True):
        if name in use.command.keys:
            proper = get_proper_type(formal)
            is_iterable = isinstance(proper, Instance) and not is_key(proper)
            for actual in actuals:
                yield actual, is_iterable or _kind(call, actual) == ARG_STAR


def _kind(call: CallExpr, actual: Expression) -> object:
    return next((kind for value, kind in zip(call.args, call.arg_kinds, strict=True) if value is actual), None)


def _is_iterable(expr: Expression, types: FoundTypes) -> bool:
    """Whether a list of keys is given where a key or a list of them is taken."""
    if elements.is_display(expr):
        return True
    known = types.of(expr)
    return known is not None and not any(map(is_string, members(known)))


def _values(known: Known, bases: RegisteredBases, use: Use) -> Iterator[ProperType | None]:
    """Yield the type of the values for each base that a key can have, None where it is not declared."""
    works_on = () if use.command is None else use.command.works_on
    for base in sorted(known.bases, key=str):
        declared = NOTHING if base is None else bases.declared.get(base, NOTHING)
        fits = declared.kind in works_on and declared.is_packed is use.packed
        yield declared.value if fits else None
    for structure in sorted(known.structures, key=str):
        base = bases.only_side_of(structure)
        fits = kind_name(structure) in works_on and (base is None or bases.declared[base].is_packed is use.packed)
        yield value_type(structure) if fits else None


def _registry(signature: CallableType, names: Sequence[str] | frozenset[str]) -> TypeInfo | None:
    """Return the registry whose keys the command takes."""
    for name, formal in zip(signature.arg_names, signature.arg_types, strict=True):
        if name in names and (key := _key_in(formal)) is not None:
            registry = registry_of(key)
            if isinstance(registry, TypeVarType):
                registry = get_proper_type(registry.upper_bound)
            return registry.type if isinstance(registry, Instance) else None
    return None


def _key_in(formal: Type) -> Instance | None:
    """Find the `KeyOf[R]` in `Iterable[KeyOf[R]]`, `Mapping[KeyOf[R], V]` or `KeyOf[R] | list[KeyOf[R]]`."""
    proper = get_proper_type(formal)
    for part in members(proper):
        if isinstance(part, Instance):
            if is_key(part):
                return part
            inner = get_proper_type(part.args[0]) if part.args else None
            if isinstance(inner, Instance) and is_key(inner):
                return inner
    return None


def _is_typed_by_itself(ctx: FunctionSigContext | MethodSigContext) -> bool:
    """Whether the call says itself of what type its result is."""
    return any(
        name == TYPE and actuals for name, actuals in zip(ctx.default_signature.arg_names, ctx.args, strict=True)
    )
