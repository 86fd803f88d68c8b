"""What is said of a judged key, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mypy.checker import TypeChecker
from mypy.messages import format_type_bare
from mypy.nodes import Expression, MypyFile, TypeInfo, Var
from mypy.types import Instance, ProperType, get_proper_type

from civiredis_mypy import messages
from civiredis_mypy.dependencies import depend_on, depend_on_module
from civiredis_mypy.error_codes import (
    REDIS_KEY,
    REDIS_KEY_DYNAMIC,
    REDIS_KEY_OVERLAP,
    REDIS_KEY_PART,
    REDIS_PACKED,
)
from civiredis_mypy.fullnames import BASE_OF, KEY_OF
from civiredis_mypy.grammar import PACKED_PREFIX, Bases
from civiredis_mypy.key_types import closed, is_key, is_string
from civiredis_mypy.matching import DeadEnd
from civiredis_mypy.prover import Proof, Prover
from civiredis_mypy.registry import METADATA, is_registry, leaves
from civiredis_mypy.rendering import source, template, type_name
from civiredis_mypy.reporting import report
from civiredis_mypy.template import parts
from civiredis_mypy.texts import members, split_whole


class Use(NamedTuple):
    """The command that uses a key: its name, and whether it reads and writes packed values."""

    method: str
    packed: bool


VALUE_FREE: Final = frozenset(
    {
        *("copy", "delete", "dump", "exists", "expire", "expireat", "expiretime", "persist", "pexpire", "pexpireat"),
        *("pexpiretime", "pttl", "rename", "renamenx", "restore", "touch", "ttl", "type", "unlink", "move"),
        *("object_encoding", "object_freq", "object_idletime", "object_refcount", "memory_usage", "watch"),
        *("hdel", "hexists", "hkeys", "hlen", "hscan_iter", "hstrlen", "hexpire", "hpexpire", "hexpireat"),
        *("hpexpireat", "hpersist", "hexpiretime", "hpexpiretime", "httl", "hpttl", "hrandfield"),
        *("scard", "llen", "ltrim", "zcard", "xlen", "strlen", "lock"),
        *("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"),
    }
)
"""Commands that neither read nor write a value, so that packed and plain bases go through them alike."""


def refused(prover: Prover, expr: Expression, actual: ProperType, dead: DeadEnd) -> None:
    """Report a key that is not proven."""
    registry = '" or "'.join(info.name for info in prover.expected.infos()) or "the registry"
    checker = prover.checker
    if dead.built is not None:
        with prover.types.all_inferred():
            got = template(expr if parts(expr) is not None else dead.built, prover)
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
        message = messages.key_of_other_registry(got, registry, other)
    else:
        wrong = got if dead.text is None or got.startswith(dead.text) else dead.text
        message = messages.key_not_registered(got, registry, messages.suggestion(wrong, prover.bases.all))
    report(checker, message, expr, REDIS_KEY)


def unproven(checker: TypeChecker, expr: Expression, actual: ProperType, formal: ProperType) -> None:
    """Report a value that holds strings where it should hold keys, and cannot be looked into."""
    expected = format_type_bare(closed(formal), checker.options)
    message = messages.contents_dynamic(format_type_bare(actual, checker.options), expected)
    report(checker, message, expr, REDIS_KEY_DYNAMIC)


def proven(prover: Prover, expr: Expression, proof: Proof, use: Use | None) -> None:
    """Report what is wrong with a key although it is one."""
    checker = prover.checker
    if prover.expected.exact and not proof.exact:
        registry = '" or "'.join(info.name for info in prover.expected.infos())
        report(checker, messages.base_expected(template(expr, prover), registry), expr, REDIS_KEY)
        return
    for fault in proof.part_faults:
        member, whole = type_name(fault.member, prover), type_name(fault.whole, prover)
        message = messages.part_unprintable(fault.fault, source(fault.at), member, whole)
        report(checker, message, fault.at, REDIS_KEY_PART)
    for overlap in proof.overlaps:
        report(checker, messages.key_overlaps(overlap.base, overlap.longer), overlap.at, REDIS_KEY_OVERLAP)
    if use is not None:
        _packing(checker, expr, proof, use)


def is_mispacked(base: str, use: Use) -> bool:
    """Whether a base is packed and the command is not, or the other way round."""
    return base.startswith(PACKED_PREFIX) is not use.packed and (use.packed or use.method not in VALUE_FREE)


def _packing(checker: TypeChecker, expr: Expression, proof: Proof, use: Use) -> None:
    for base in sorted(base for base in proof.bases if base is not None):
        if is_mispacked(base, use):
            message = (messages.plain_through_packed if use.packed else messages.packed_through_plain)(base, use.method)
            report(checker, message, expr, REDIS_PACKED)
            return


def _other_registry(prover: Prover, got: str) -> str | None:
    """Name a registry in sight that has the base of `got`."""
    fixed = got.partition("{")[0]
    expected = set(prover.expected.infos())
    for info in sorted(set(_in_sight(prover.checker, expected)), key=lambda info: info.fullname):
        depend_on(prover.checker, (info,))
        bases = Bases(leaf.base for leaf in leaves(info))
        if info not in expected and (bases.longest_before_separator(got) or got in bases) and fixed:
            return info.name
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
    if isinstance(t, Instance) and t.type.fullname not in {KEY_OF, BASE_OF}:
        for arg in map(get_proper_type, t.args):
            if isinstance(arg, Instance) and METADATA in arg.type.metadata and is_registry(arg.type):
                yield arg.type
