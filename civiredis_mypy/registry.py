"""Registries as mypy sees them: the bases in a class body, kept with the class, and what is wrong with them.

The bases of a class are read once, when it is analysed, and stored in its `TypeInfo.metadata`, which survives mypy's
caches. Each attribute gets the literal type of its base, as a `Final` would have it. A digest of all bases is stored as
the type of a hidden attribute: mypy's daemon compares attributes, and so sees that a base has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from mypy.constant_fold import constant_fold_expr
from mypy.messages import format_type_bare
from mypy.nodes import (
    MDEF,
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Context,
    Expression,
    NameExpr,
    RefExpr,
    SymbolTableNode,
    TempNode,
    TypeInfo,
    Var,
)
from mypy.options import Options
from mypy.plugin import ClassDefContext, SemanticAnalyzerPluginInterface
from mypy.server.trigger import make_trigger
from mypy.types import Instance, LiteralType, ProperType, get_proper_type

from civiredis_mypy import messages
from civiredis_mypy.bindings import is_annotated
from civiredis_mypy.error_codes import REDIS_REGISTRY
from civiredis_mypy.fitness import fits_in_text, has_packed_commands
from civiredis_mypy.fullnames import (
    CACHE_REGISTRY,
    DECLARED_KEY,
    REGISTRY,
    STR,
    STRUCTURE,
    SYS_REGISTRY,
)
from civiredis_mypy.grammar import PACKED_PREFIX, SYSTEM_PREFIXES, malformation
from civiredis_mypy.key_calls import Unread, argument, is_key_call, structure_of
from civiredis_mypy.proof_calls import unwrapped
from civiredis_mypy.structures import value_type

METADATA: Final = "civiredis"
DIGEST: Final = "__civiredis_bases__"
ROOTS: Final = frozenset({REGISTRY, CACHE_REGISTRY, SYS_REGISTRY})


class Leaf(NamedTuple):
    """One base, and the attribute that declares it, as a dotted path below its module."""

    base: str
    attribute: str
    is_declared: bool = False
    """Whether `key()` says what its keys hold; the type of the attribute has it."""
    has_lifetime: bool = False


class _Declaration(NamedTuple):
    """A leaf at its place in the source. `value` is what the attribute is set to, None where it cannot be read."""

    attribute: str
    value: str | int | bool | None
    statement: AssignmentStmt
    call: CallExpr | None
    """The call of `key()`, where it is one."""
    structure: Instance | Unread | None
    """What `key()` declares the keys to hold."""

    @property
    def leaf(self) -> Leaf:
        """What is kept of it."""
        has_lifetime = self.call is not None and argument(self.call, "ttl") is not None
        return Leaf(str(self.value), self.attribute, isinstance(self.structure, Instance), has_lifetime)


def is_registry(info: TypeInfo) -> bool:
    """Whether the class is a registry, or one of the roots of registries."""
    return any(base.fullname == REGISTRY for base in info.mro)


def own_leaves(info: TypeInfo) -> list[Leaf]:
    """Return what the body of one class declares, without its parents."""
    return [Leaf(*leaf) for leaf in info.metadata.get(METADATA, {}).get("leaves", ())]


def leaves(info: TypeInfo) -> Iterator[Leaf]:
    """Yield what a registry declares, the class itself first and then its parents."""
    for base in info.mro:
        yield from own_leaves(base)


def declared_structure(info: TypeInfo, leaf: Leaf) -> ProperType | None:
    """Return what the keys of a base hold, as the type of its attribute has it. `info` is a registry that has it."""
    for owner in info.mro:
        if leaf in own_leaves(owner):
            holder = owner
            *groups, name = leaf.attribute.split(".")[1:]
            for group in groups:
                symbol = holder.names.get(group)
                if symbol is None or not isinstance(symbol.node, TypeInfo):
                    return None
                holder = symbol.node
            symbol = holder.names.get(name)
            known = get_proper_type(symbol.node.type) if symbol is not None and isinstance(symbol.node, Var) else None
            if isinstance(known, Instance) and known.type.fullname == DECLARED_KEY:
                return get_proper_type(known.args[1])
    return None


def read(ctx: ClassDefContext) -> None:
    """Read the bases in a class body and report what is wrong with them (`get_base_class_hook`)."""
    declarations = list(_declarations(ctx.cls, ctx.cls.name, ctx.cls.info.module_name))
    info = ctx.cls.info
    readable = [one for one in declarations if one.value is not None]
    info.metadata[METADATA] = {"leaves": [list(one.leaf) for one in readable]}
    if not ctx.api.final_iteration and any(_is_incomplete(one) for one in declarations):
        ctx.api.defer()
    string = ctx.api.named_type(STR)
    for one in declarations:
        _give_type(one, ctx, string)
    _store_digest(info, [(one.leaf, str(one.structure)) for one in readable], string)
    for parent in info.mro[1:]:
        if METADATA in parent.metadata:  # a base that changes there may now be declared twice
            ctx.api.add_plugin_dependency(make_trigger(f"{parent.fullname}.{DIGEST}"))
    _report(ctx, declarations)


def _declarations(group: ClassDef, path: str, module: str) -> Iterator[_Declaration]:
    for statement in group.defs.body:
        if isinstance(statement, ClassDef):
            if not statement.name.startswith("_"):
                yield from _declarations(statement, f"{path}.{statement.name}", module)
        elif isinstance(statement, AssignmentStmt) and not isinstance(statement.rvalue, TempNode):
            for lvalue in statement.lvalues:
                if isinstance(lvalue, NameExpr) and not lvalue.name.startswith("_"):
                    yield _declaration(f"{path}.{lvalue.name}", statement, module)


def _declaration(attribute: str, statement: AssignmentStmt, module: str) -> _Declaration:
    value = unwrapped(statement.rvalue)
    if not isinstance(value, CallExpr) or not is_key_call(value):
        return _Declaration(attribute, _constant(value, module), statement, None, None)
    base = argument(value, "base")
    return _Declaration(
        attribute, None if base is None else _constant(base, module), statement, value, structure_of(value)
    )


def _is_incomplete(declaration: _Declaration) -> bool:
    return isinstance(declaration.structure, Unread) and declaration.structure.is_incomplete


def _constant(value: Expression, module: str) -> str | int | bool | None:
    folded = constant_fold_expr(value, module)
    if isinstance(folded, (str, int, bool)):
        return folded
    if isinstance(value, RefExpr) and isinstance(value.node, Var):
        known = get_proper_type(value.node.type)
        if isinstance(known, Instance) and known.last_known_value is not None:
            known = known.last_known_value
        if isinstance(known, LiteralType) and isinstance(known.value, str):
            return known.value
    return None


def _give_type(declaration: _Declaration, ctx: ClassDefContext, string: Instance) -> None:
    """Type the attribute, unless it is annotated.

    As mypy types a `Final`: a `str` whose literal value is known. What `key()` declares is a `DeclaredKey` of that very
    registry, with the same literal value.
    """
    statement = declaration.statement
    if statement.unanalyzed_type is not None or not isinstance(declaration.value, str):
        return
    typed = string if declaration.call is None else _declared_type(declaration, ctx)
    literal = (typed or string).copy_modified(last_known_value=LiteralType(declaration.value, string))
    for lvalue in statement.lvalues:
        if isinstance(lvalue, NameExpr) and isinstance(lvalue.node, Var):
            lvalue.is_inferred_def = False
            lvalue.node.type = literal
            lvalue.node.is_inferred = False
            lvalue.node.is_ready = True


def _declared_type(declaration: _Declaration, ctx: ClassDefContext) -> Instance | None:
    declared, structure = (ctx.api.lookup_fully_qualified_or_none(name) for name in (DECLARED_KEY, STRUCTURE))
    if declared is None or structure is None:
        return None
    if not isinstance(declared.node, TypeInfo) or not isinstance(structure.node, TypeInfo):
        return None
    holds = declaration.structure if isinstance(declaration.structure, Instance) else Instance(structure.node, [])
    return Instance(declared.node, [Instance(ctx.cls.info, []), holds])


def _store_digest(info: TypeInfo, own: list[tuple[Leaf, str]], string: Instance) -> None:
    text = hashlib.sha256(repr(own).encode()).hexdigest()[:16]
    digest = Var(DIGEST, LiteralType(text, string))
    digest.info = info
    digest._fullname = f"{info.fullname}.{DIGEST}"  # noqa: SLF001 - mypy's own plugins set it likewise
    digest.is_ready = True
    digest.is_classvar = True
    info.names[DIGEST] = SymbolTableNode(MDEF, digest, plugin_generated=True)


def _report(ctx: ClassDefContext, declarations: list[_Declaration]) -> None:
    info = ctx.cls.info
    owner_of: dict[str, str] = {}
    for parent in info.mro[1:]:
        for leaf in own_leaves(parent):
            first = owner_of.setdefault(leaf.base, leaf.attribute)
            if first != leaf.attribute:
                _fail(ctx.api, messages.base_declared_twice(leaf.base, first, leaf.attribute), ctx.cls)
    is_cache = any(base.fullname == CACHE_REGISTRY for base in info.mro)
    for one in declarations:
        fault = _fault(one, is_cache=is_cache)
        if fault is not None:
            _fail(ctx.api, fault, one.statement.rvalue)
            continue
        declared = _fault_of_declaration(one, ctx.api.options)
        if declared is not None:
            _fail(ctx.api, *declared)
        first = owner_of.setdefault(str(one.value), one.attribute)
        if first != one.attribute:
            _fail(ctx.api, messages.base_declared_twice(str(one.value), first, one.attribute), one.statement.rvalue)


def _fault(declaration: _Declaration, *, is_cache: bool) -> str | None:
    value = declaration.value
    if value is None:
        return messages.base_not_readable(declaration.attribute)
    if not isinstance(value, str):
        return messages.base_not_a_string(declaration.attribute, value)
    if (malformed := malformation(value)) is not None:
        return messages.base_malformed(value, malformed)
    if (annotation := _widening(declaration.statement)) is not None:
        return messages.base_widened(declaration.attribute, annotation.type.name)
    if is_cache and value.startswith(SYSTEM_PREFIXES):
        return messages.system_base_in_cache(value)
    return None


def _fault_of_declaration(declaration: _Declaration, options: Options) -> tuple[str, Expression] | None:
    """What is wrong with what `key()` declares a base to hold, and where."""
    structure, call = declaration.structure, declaration.call
    written = None if call is None else argument(call, "structure")
    if structure is None or written is None:
        return None
    if isinstance(structure, Unread):
        return None if structure.is_incomplete else (messages.no_structure(declaration.attribute), written)
    base = str(declaration.value)
    if base.startswith(PACKED_PREFIX):
        if not has_packed_commands(structure):
            return messages.no_packed_commands(base, structure.type.name), written
        return None
    value = value_type(structure)
    if value is None or fits_in_text(value):
        return None
    return messages.no_text(base, format_type_bare(value, options)), written


def _widening(statement: AssignmentStmt) -> Instance | None:
    """Return the annotation of a base that hides its value."""
    annotation = get_proper_type(statement.type) if is_annotated(statement) else None
    return annotation if isinstance(annotation, Instance) and annotation.last_known_value is None else None


def _fail(api: SemanticAnalyzerPluginInterface, message: str, context: Context) -> None:
    api.fail(message, context, code=REDIS_REGISTRY)
