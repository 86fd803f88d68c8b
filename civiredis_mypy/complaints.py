"""What is said of a judged key, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.checker import TypeChecker
from mypy.messages import format_type_bare
from mypy.nodes import Expression, MypyFile, TypeInfo, Var
from mypy.subtypes import is_subtype
from mypy.types import AnyType, Instance, ProperType, UninhabitedType, get_proper_type

from civiredis_mypy import lifetimes, messages
from civiredis_mypy.dependencies import depend_on, depend_on_module
from civiredis_mypy.error_codes import (
    REDIS_KEY,
    REDIS_KEY_DYNAMIC,
    REDIS_KEY_OVERLAP,
    REDIS_KEY_PART,
    REDIS_KIND,
    REDIS_PACKED,
    REDIS_TTL,
)
from civiredis_mypy.fullnames import BASE_OF, CACHE_REGISTRY, DECLARED_KEY, KEY_OF, TYPED_KEY
from civiredis_mypy.grammar import Bases
from civiredis_mypy.key_types import Expected, closed, is_key, is_string, registry_of
from civiredis_mypy.known_bases import NOTHING, Declared
from civiredis_mypy.made_keys import taken_apart
from civiredis_mypy.matching import DeadEnd
from civiredis_mypy.prover import Proof, Prover
from civiredis_mypy.registry import METADATA, is_registry, leaves
from civiredis_mypy.rendering import source, template, type_name
from civiredis_mypy.reporting import report
from civiredis_mypy.structures import kind_name, written
from civiredis_mypy.texts import members, split_whole
from civiredis_mypy.uses import Use, is_mispacked, is_of_other_kind


def refused(prover: Prover, expr: Expression, actual: ProperType, dead: DeadEnd) -> None:
    """Report a key that is not proven."""
    registry = _names(prover.expected) or "the registry"
    checker = prover.checker
    if any(_is_of_no_registry(member) for member in members(actual)):
        report(checker, messages.key_of_no_registry(registry), expr, REDIS_KEY)
        return
    if dead.built is not None:
        with prover.types.all_inferred():
            got = template(expr if taken_apart(expr, prover.types) is not None else dead.built, prover)
    elif split_whole(actual).texts:
        got = messages.one_line(dead.text or "")
    elif all(isinstance(member, Instance) and is_key(member) for member in members(actual)):
        message = messages.key_type_of_other_registry(type_name(actual, prover), registry)
        report(checker, message, expr, REDIS_KEY)
        return
    else:
        is_key_itself = all(is_string(member) for member in members(actual))
        text = messages.key_dynamic if is_key_itself else messages.keys_dynamic
        report(checker, text(type_name(actual, prover), registry), expr, REDIS_KEY_DYNAMIC)
        return
    other = _other_registry(prover, got)
    if other is not None:
        message = messages.key_of_other_registry(got, *_told_apart(prover.expected, other))
    else:
        wrong = got if dead.text is None or got.startswith(dead.text) else dead.text
        message = messages.key_not_registered(got, registry, messages.suggestion(wrong, prover.bases.all))
    report(checker, message, expr, REDIS_KEY)


def _names(expected: Expected) -> str:
    return '" or "'.join(info.name for info in expected.infos())


def _told_apart(expected: Expected, other: TypeInfo) -> tuple[str, str]:
    """Name the registries that are expected and another one: with their modules where they are called the same."""
    if any(info.name == other.name for info in expected.infos()):
        return '" or "'.join(info.fullname for info in expected.infos()), other.fullname
    return _names(expected), other.name


def _is_of_no_registry(t: ProperType) -> bool:
    return isinstance(t, Instance) and is_key(t) and isinstance(registry_of(t), UninhabitedType)


def single(checker: TypeChecker, expr: Expression, expected: Expected) -> None:
    """Report a string where an iterable of keys is expected: its items are its letters."""
    if not expected.is_any:
        report(checker, messages.single_string(_names(expected)), expr, REDIS_KEY)


def unproven(checker: TypeChecker, expr: Expression, actual: ProperType, formal: ProperType) -> None:
    """Report a value that holds strings where it should hold keys, and cannot be looked into."""
    expected = format_type_bare(closed(formal), checker.options)
    message = messages.contents_dynamic(format_type_bare(actual, checker.options), expected)
    report(checker, message, expr, REDIS_KEY_DYNAMIC)


def proven(prover: Prover, expr: Expression, proof: Proof, use: Use | None) -> None:
    """Report what is wrong with a key although it is one."""
    checker = prover.checker
    if prover.expected.exact and not proof.exact:
        report(checker, messages.base_expected(template(expr, prover), _names(prover.expected)), expr, REDIS_KEY)
        return
    for fault in proof.part_faults:
        member, whole = type_name(fault.member, prover), type_name(fault.whole, prover)
        message = messages.part_unprintable(fault.fault, source(fault.at), member, whole)
        report(checker, message, fault.at, REDIS_KEY_PART)
    for overlap in proof.overlaps:
        report(checker, messages.key_overlaps(overlap.base, overlap.longer), overlap.at, REDIS_KEY_OVERLAP)
    if prover.expected.structures:
        _holding(prover, expr, proof)
    if use is not None:
        _packing(prover, expr, proof, use)
        _kind(prover, expr, proof, use)
        if use.is_unlasting:
            _lifetime(prover, expr, proof, use)


def _holding(prover: Prover, expr: Expression, proof: Proof) -> None:
    """Report a key that is not declared to hold what is expected of it."""
    expected = prover.expected.structures
    shown = '" or "'.join(_structure_name(structure, prover) for structure in expected)
    for subject, declared in _held(prover, proof):
        structure = declared.structure
        if structure is None or not any(is_subtype(structure, one) for one in expected):
            got = None if declared.kind is None or structure is None else _structure_name(structure, prover)
            report(prover.checker, messages.other_structure_expected(subject, got, shown), expr, REDIS_KIND)
            return


def _packing(prover: Prover, expr: Expression, proof: Proof, use: Use) -> None:
    text = messages.plain_through_packed if use.packed else messages.packed_through_plain
    for base in sorted(base for base in proof.bases if base is not None):
        if is_mispacked(base, use):
            report(prover.checker, text(base, use.method), expr, REDIS_PACKED)
            return
    for side in map(prover.bases.only_side_of, proof.structures):
        if side is not None and is_mispacked(side, use):
            report(prover.checker, text(None, use.method), expr, REDIS_PACKED)
            return


def _kind(prover: Prover, expr: Expression, proof: Proof, use: Use) -> None:
    if not prover.bases.declared and not proof.structures:
        return
    for subject, declared in _held(prover, proof):
        if declared.structure is not None and is_of_other_kind(declared, use):
            works_on = '" or "'.join(use.works_on)
            got = _structure_name(declared.structure, prover)
            report(prover.checker, messages.other_kind(subject, got, use.method, works_on), expr, REDIS_KIND)
            return


def _lifetime(prover: Prover, expr: Expression, proof: Proof, use: Use) -> None:
    if not any(info.has_base(CACHE_REGISTRY) for info in prover.expected.infos()):
        return
    declared_somewhere = any(declared.has_lifetime for declared in prover.bases.declared.values())
    for base in sorted(proof.bases | set(map(_no_base, proof.structures)), key=str):
        is_declared = declared_somewhere if base is None else prover.bases.declared.get(base, NOTHING).has_lifetime
        if not is_declared and not lifetimes.is_given_beside(expr, prover.checker):
            report(prover.checker, messages.no_lifetime(base, use.method), expr, REDIS_TTL)
            return


def _no_base(_: ProperType) -> None:
    """Stand for the base of a key of unknown text."""


def _held(prover: Prover, proof: Proof) -> Iterator[tuple[str | None, Declared]]:
    """Yield what is declared of each base of a key, with the base; None for one that is not known by name."""
    for base in sorted(base for base in proof.bases if base is not None):
        yield base, prover.bases.declared.get(base, NOTHING)
    if None in proof.bases:
        yield None, NOTHING
    for structure in sorted(proof.structures, key=str):
        if not isinstance(structure, AnyType):
            yield None, NOTHING._replace(structure=structure, kind=kind_name(structure))


def _structure_name(structure: ProperType, prover: Prover) -> str:
    return written(structure, lambda t: type_name(t, prover))


def _other_registry(prover: Prover, got: str) -> TypeInfo | None:
    """Find a registry in sight that has the base of `got`."""
    fixed = got.partition("{")[0]
    expected = set(prover.expected.infos())
    for info in sorted(set(_in_sight(prover.checker, expected)), key=lambda info: info.fullname):
        depend_on(prover.checker, (info,))
        bases = Bases(leaf.base for leaf in leaves(info))
        if info not in expected and (bases.longest_before_separator(got) or got in bases) and fixed:
            return info
    return None


def _in_sight(checker: TypeChecker, expected: Iterable[TypeInfo]) -> Iterator[TypeInfo]:
    """Yield the registries that the checked module names, and those declared beside the expected one.

    Only these: what else of the program has been read at this time differs between a cold run, a cache and the daemon.
    """
    modules: dict[str, MypyFile] = {checker.tree.fullname: checker.tree}
    for info in expected:
        if (module := checker.modules.get(info.module_name)) is not None:
            modules[info.module_name] = module
    for name, module in modules.items():
        depend_on_module(checker, name)
        for symbol in module.names.values():
            node = symbol.node
            if isinstance(node, TypeInfo):
                if METADATA in node.metadata and is_registry(node):
                    yield node
            elif isinstance(node, Var):
                yield from _registries_of_client(get_proper_type(node.type))


def _registries_of_client(t: ProperType | None) -> Iterator[TypeInfo]:
    if isinstance(t, Instance) and t.type.fullname not in {KEY_OF, BASE_OF, TYPED_KEY, DECLARED_KEY}:
        for arg in map(get_proper_type, t.args):
            if isinstance(arg, Instance) and METADATA in arg.type.metadata and is_registry(arg.type):
                yield arg.type
