"""Proving one expression: every text that it can have is a key.

An expression is taken apart (`template`), its pieces move the states on (`matching`), literal types are texts
(`texts`), and a name without annotation stands for what it is bound to (`bindings`). All alternatives (the arms of a
conditional, the bindings of a name, the members of a union) are followed, and one that leads nowhere refuses the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from mypy.checker import TypeChecker
from mypy.nodes import (
    GDEF,
    AssignmentExpr,
    CallExpr,
    ConditionalExpr,
    Expression,
    IndexExpr,
    IntExpr,
    LambdaExpr,
    NameExpr,
    Node,
    OpExpr,
    ReturnStmt,
    StrExpr,
    SymbolNode,
)
from mypy.types import AnyType, Instance, NoneType, ProperType, TupleType, Type, TypeVarType, get_proper_type

from civiredis_mypy import additions, elements, matching
from civiredis_mypy.bindings import Assigned, Bindings, ElementOf, ItemOf, Known, Opaque
from civiredis_mypy.dependencies import depend_on_names, depend_on_text
from civiredis_mypy.found_types import FoundTypes
from civiredis_mypy.fullnames import STR
from civiredis_mypy.key_types import (
    Expected,
    is_base,
    is_followed,
    is_key,
    is_str,
    is_string,
    registry_of,
    structure_of,
)
from civiredis_mypy.known_bases import KnownBases
from civiredis_mypy.made_keys import faulty_parts, is_made_key, taken_apart
from civiredis_mypy.matching import START, UNNAMED, DeadEnd, Fixed, States, Whole
from civiredis_mypy.printable import PRINTABLE, faults
from civiredis_mypy.template import Hole, Inline, Part, Text
from civiredis_mypy.texts import Formattable, Split, enum_lookup, falsy_texts, members, split_formatted, split_whole

Formatter = Callable[[Formattable], str]


class PartFault(NamedTuple):
    """An interpolated value whose text cannot be meant."""

    at: Expression
    member: ProperType
    whole: Type
    fault: str


class Overlap(NamedTuple):
    """A `str` interpolated where a longer base could arise."""

    at: Expression
    base: str
    longer: str


class Proof(NamedTuple):
    """A proven expression: the bases that its texts have (None: not known by name), and what to say all the same."""

    bases: frozenset[str | None]
    structures: frozenset[ProperType]
    """What keys of unknown text hold, of which the type says so; their bases are not among `bases`."""
    exact: bool
    part_faults: list[PartFault]
    overlaps: list[Overlap]


def plain(value: Formattable) -> str:
    """Format as `f"{value}"` does."""
    return format(value)


class Prover:
    """Proves expressions of one checker against the keys that are expected at one place."""

    def __init__(
        self, checker: TypeChecker, expected: Expected, known: KnownBases, bindings: Bindings, types: FoundTypes
    ) -> None:
        self.checker = checker
        self.types = types
        self.expected = expected
        self.bases = known.expected(expected)
        self._known = known
        self._bindings = bindings
        self._python_version: Final = checker.options.python_version
        self._part_faults: list[PartFault] = []
        self._overlaps: list[Overlap] = []
        self._following: set[SymbolNode] = set()
        self._assumed: set[SymbolNode] = set()

    def prove(self, expr: Expression) -> Proof:
        """Prove that `expr`, used as it stands, is a key. Raises `DeadEnd`."""
        return self._conclude(self._string(expr, START, None))

    def prove_elements(self, iterable: Expression) -> Proof:
        """Prove that every element of `iterable` is a key. Raises `DeadEnd`."""
        return self._conclude(self._elements(iterable, START, None))

    def type_of(self, expr: Expression) -> ProperType | None:
        """Type that mypy has found for `expr`, None where it has not come to it (yet)."""
        return self.types.of(expr)

    def bound(self, name: NameExpr) -> list[Known]:
        """Every binding of a local name, empty where it cannot be followed."""
        found = self._bindings.of(name, self.checker.scope.top_level_function(), self.checker.tree)
        known = [binding for binding in found if not isinstance(binding, Opaque)]
        return known if len(known) == len(found) else []

    def enter(self, name: NameExpr) -> bool:
        """Begin to follow a container; False where it is being followed already."""
        if name.node is None or name.node in self._following:
            return False
        self._following.add(name.node)
        return True

    def leave(self, name: NameExpr) -> None:
        """End what `enter` began."""
        if name.node is not None:
            self._following.discard(name.node)

    def added(self, name: NameExpr) -> list[Assigned | ElementOf] | None:
        """What is put into the container `name` later; None where that cannot be told."""
        function = self.checker.scope.top_level_function()
        scope = self.checker.tree if function is None or name.kind == GDEF else function
        return additions.added(name.node, scope, self._type_of_node) if name.node is not None else None

    def _type_of_node(self, node: Node) -> ProperType | None:
        return self.type_of(node) if isinstance(node, Expression) else None

    def _conclude(self, states: States) -> Proof:
        exact = matching.is_exact(states, self.bases)
        bases, structures = matching.matched_bases(states, self.bases), matching.held_structures(states)
        return Proof(bases, structures, exact, self._part_faults, self._overlaps)

    def _string(self, expr: Expression, states: States, formatter: Formatter | None) -> States:
        """Move `states` over the text of `expr`. `formatter` is None where `expr` is used as it stands."""
        if isinstance(expr, ConditionalExpr):
            return self._string(expr.if_expr, states, formatter) | self._string(expr.else_expr, states, formatter)
        if isinstance(expr, AssignmentExpr):
            return self._string(expr.value, states, formatter)
        if isinstance(expr, OpExpr) and expr.op in {"or", "and"}:
            return self._either(expr, states, formatter)
        if isinstance(expr, NameExpr):
            return self._name(expr, states, formatter)
        if isinstance(expr, CallExpr) and isinstance(expr.callee, LambdaExpr) and not expr.args:
            return self._string(lambda_body(expr.callee), states, formatter)
        if isinstance(expr, IndexExpr) and isinstance(expr.base, NameExpr) and enum_lookup(expr) is None:
            return self._item(expr, expr.base, states, formatter)
        if formatter is None or formatter is plain:
            built = self._built(expr)
            if built is not None:
                reached = self._pieces(expr, built, states)
                return self._by_type(expr, reached) if states == START else reached
        return self._of_type(expr, enum_lookup(expr) or self.type_of(expr), states, formatter)

    def _built(self, expr: Expression) -> list[Part] | None:
        """Take a string expression apart; `+` and `join` only where mypy says that they make a string."""
        if isinstance(expr, OpExpr) and expr.op == "+":
            left = self.type_of(expr.left)
            if left is None or not all(is_string(member) for member in members(left)):
                return None
        if isinstance(expr, CallExpr) and is_made_key(expr, self.types):
            for at, member, fault in faulty_parts(expr, self.types):
                self._part_faults.append(PartFault(at, member, member, fault))
        found = taken_apart(expr, self.types)
        return None if found is None else list(found)

    def _by_type(self, expr: Expression, reached: States) -> States:
        """Let the type of a key that a base of unknown text makes tell what it holds."""
        if UNNAMED not in reached or not isinstance(expr, CallExpr) or not is_made_key(expr, self.types):
            return reached
        return (reached - {UNNAMED}) | self._of_type(expr, self.type_of(expr), START, None)

    def _pieces(self, expr: Expression, built: list[Part], states: States) -> States:
        try:
            for part in built:
                states = self._part(part, states)
        except DeadEnd as dead:
            dead.built = expr
            raise
        return states

    def _part(self, part: Part, states: States) -> States:
        if isinstance(part, Text):
            return states if matching.settled(states) else matching.after_texts(states, (part.value,), self.bases)
        if isinstance(part, Inline):
            return self._string(part.value, states, None)
        if isinstance(part, Hole):
            self._check_text(part)
            if matching.settled(states):
                return states
            return self._hole(part, states)
        return self._unknown(part.at, None, states)

    def _hole(self, hole: Hole, states: States) -> States:
        if hole.spec is None or hole.conversion not in {None, "s", "r", "a"}:
            return self._unknown(hole.value, None, states)
        if hole.conversion in {None, "s"} and not hole.spec:
            return self._string(hole.value, states, plain)
        return self._string(hole.value, states, formatter_of(hole.conversion, hole.spec))

    def _check_text(self, hole: Hole) -> None:
        whole = self.type_of(hole.value)
        if isinstance(whole, Instance) and whole.type.fullname in PRINTABLE:
            return
        if whole is None or hole.conversion not in {None, "s"}:
            return
        for member in members(whole):
            if isinstance(member, Instance) and member.type.fullname not in PRINTABLE:
                depend_on_text(self.checker, member.type)
        for member, fault in faults(whole, self._python_version, self.checker.modules):
            self._part_faults.append(PartFault(hole.value, member, whole, fault))

    def _either(self, expr: OpExpr, states: States, formatter: Formatter | None) -> States:
        """`a or b` is `a` where that is true, else `b`; `a and b` is `b` where `a` is true, else the falsy `a`."""
        right = self._string(expr.right, states, formatter)
        left = self.type_of(expr.left)
        if expr.op == "and":
            texts = falsy_texts(left, formatted=formatter is not None)
            if texts is None:
                return right | self._unknown(expr.left, left, states)
            return right | matching.after_texts(states, texts, self.bases) if texts else right
        if isinstance(expr.left, StrExpr) and not expr.left.value:
            return right
        if left is not None and any(isinstance(member, NoneType) for member in members(left)):
            truthy = [member for member in members(left) if not isinstance(member, NoneType)]
            return right.union(*(self._of_type(expr.left, member, states, formatter) for member in truthy))
        return right | self._string(expr.left, states, formatter)

    def _name(self, name: NameExpr, states: States, formatter: Formatter | None) -> States:
        known = self.type_of(name)
        rest = [] if known is None else [one for one in members(known) if not isinstance(one, NoneType)]
        may_be_none = known is not None and any(isinstance(one, NoneType) for one in members(known))
        if known is not None and not (rest and all(is_followed(one) and _is_unknown(one) for one in rest)):
            return self._of_type(name, known, states, formatter)
        bound = self.bound(name)
        if not bound or name.node is None:
            return self._of_type(name, known, states, formatter)
        if name.node in self._following:
            return self._itself(name, states)
        reached = self._of_type(name, NoneType(), states, formatter) if may_be_none else frozenset()
        self._following.add(name.node)
        try:
            with self.types.where_bound(name):
                return reached | self._bound(name.node, bound, states, formatter)
        except DeadEnd:
            if known is None or any(map(is_str, rest)):
                raise
            return self._of_type(name, known, states, formatter)  # its type proves it, whatever it is bound to
        finally:
            self._following.discard(name.node)

    def _bound(self, node: SymbolNode, bound: list[Known], states: States, formatter: Formatter | None) -> States:
        reached: States = frozenset()
        for binding in bound:
            if self.types.infer_all:
                depend_on_names(self.checker, binding.source[0] if isinstance(binding, ItemOf) else binding[0])
            if isinstance(binding, ElementOf):
                reached |= self._elements(binding.iterable, states, formatter)
            elif isinstance(binding, ItemOf):
                for item in elements.items(binding, self):
                    reached |= self._element(item, binding.source[0], states, formatter)
            elif not (isinstance(binding.value, NameExpr) and binding.value.name == "None"):
                # Whether the name may still be None is told by its type where it is used.
                reached |= self._string(binding.value, states, formatter)
        if node in self._assumed:
            # Every binding is a key under the assumption that the name is one: by induction it always is.
            matching.matched_bases(reached, self.bases)
            return frozenset({Whole(exact=False)})
        return reached

    def _item(self, expr: IndexExpr, container: NameExpr, states: States, formatter: Formatter | None) -> States:
        """`keys[0]` of a container that is followed: any of its elements, or exactly one of a tuple."""
        known, held = self.type_of(expr), self.type_of(container)
        if known is None or held is None or not (is_followed(known) and _is_unknown(known)):
            return self._of_type(expr, known, states, formatter)
        if isinstance(held, Instance) and held.type.fullname == "builtins.list":
            return self._elements(container, states, formatter)
        bound = self.bound(container)
        if isinstance(held, TupleType) and isinstance(expr.index, IntExpr) and len(bound) == 1:
            item = elements.item(bound[0].value, expr.index.value, self) if isinstance(bound[0], Assigned) else None
            return self._element(item, expr, states, formatter)
        return self._of_type(expr, known, states, formatter)

    def _itself(self, name: NameExpr, states: States) -> States:
        """Name used in its own binding, as in `key = f"{key}:{page}"`: assume that it is a key already."""
        if states != START or name.node is None:
            raise DeadEnd(None)
        self._assumed.add(name.node)
        return frozenset({Whole(exact=False)})

    def _elements(self, iterable: Expression, states: States, formatter: Formatter | None) -> States:
        reached: States = frozenset()
        for element in elements.of(iterable, self):
            reached |= self._element(element, iterable, states, formatter)
        return reached

    def _element(
        self, element: elements.Element, at: Expression, states: States, formatter: Formatter | None
    ) -> States:
        if isinstance(element, Expression):
            return self._string(element, states, formatter)
        return self._of_type(at, element, states, formatter)

    def _of_type(self, expr: Expression, t: ProperType | None, states: States, formatter: Formatter | None) -> States:
        if t is None:
            return self._unknown(expr, None, states)
        if isinstance(t, AnyType) and formatter is None and states == START:
            return frozenset({Whole(exact=True)})
        found = self._split(t, formatter)
        reached: States = frozenset()
        if found.texts:
            reached = matching.after_texts(states, found.texts, self.bases)
        for member in found.unknown:
            if formatter is None and not is_string(member) and not isinstance(member, AnyType):
                continue  # no string at all: mypy itself refuses it
            if isinstance(member, Instance) and is_key(member) and (formatter is None or formatter is plain):
                reached |= self._proven_piece(member, states)
            else:
                reached |= self._unknown(expr, member, states)
        return reached

    def _split(self, t: ProperType, formatter: Formatter | None) -> Split:
        return split_whole(t) if formatter is None else split_formatted(t, self._python_version, formatter)

    def _proven_piece(self, piece: Instance, states: States) -> States:
        registry = registry_of(piece)
        same = any(is_within(registry, expected) for expected in self.expected.registries)
        if not same and not isinstance(registry, Instance):
            return matching.after_unknown(states)  # a type variable: the keys of any registry
        piece_bases = self._known.expected(Expected((registry,), exact=True))
        whole = Whole(is_base(piece), structure_of(piece))
        return matching.after_whole_key(states, whole, same=same, piece=piece_bases, bases=self.bases)

    def _unknown(self, at: Expression, t: ProperType | None, states: States) -> States:
        if isinstance(t, Instance) and t.type.has_base(STR) and not is_key(t):
            for state in states:
                if isinstance(state, Fixed) and state.base is not None:
                    longer = self.bases.first_starting_with(state.text)
                    if longer is not None and state.text == state.base + ":":
                        self._overlaps.append(Overlap(at, state.base, longer))
        return matching.after_unknown(states)


def _is_unknown(t: ProperType) -> bool:
    return bool(split_whole(t).unknown)


def formatter_of(conversion: str | None, spec: str) -> Formatter:
    """Make the function that formats a value as `f"{value!conversion:spec}"` does."""
    if conversion is None:
        return lambda value: format(value, spec)
    if conversion == "s":
        return lambda value: format(str(value), spec)
    return lambda value: format(repr(value) if conversion == "r" else ascii(value), spec)


def lambda_body(function: LambdaExpr) -> Expression:
    """Return the expression that a lambda evaluates to."""
    (statement,) = function.body.body
    assert isinstance(statement, ReturnStmt)
    assert statement.expr is not None
    return statement.expr


def is_within(registry: ProperType, expected: ProperType) -> bool:
    """Whether every key of `registry` is one of `expected`: the same registry, or one that it inherits from."""
    if isinstance(registry, AnyType) or isinstance(expected, AnyType) or registry == expected:
        return True
    if isinstance(expected, TypeVarType):
        expected = get_proper_type(expected.upper_bound)
    if isinstance(registry, Instance) and isinstance(expected, Instance):
        return expected.type.has_base(registry.type.fullname)
    return False
