"""Keys outside calls: `key: KeyOf[CacheKeys] = "user:1"`, `return "user:1"`, defaults, yields, fields.

No checker hook sees a plain literal or a name there. But the semantic analyser asks the plugin about each `KeyOf` (and
each alias of it) where it is written, and its current statement or function can be reached then. The values that will
be held against that annotation are wrapped into a call of a method of `str`, which the plugin does see:

    key: KeyOf[CacheKeys] = "user:1"       becomes       key: KeyOf[CacheKeys] = MARK.swapcase("user:1")

The hooks of that method then treat the annotation, which mypy hands down as the context, as the signature of a call
(`calls`). Nothing of this is visible to a user, and a wrapped value is not wrapped again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_POS,
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Expression,
    FuncDef,
    FuncItem,
    MemberExpr,
    NameExpr,
    Node,
    ReturnStmt,
    StrExpr,
    TempNode,
    YieldExpr,
)
from mypy.plugin import AnalyzeTypeContext, MethodContext, MethodSigContext
from mypy.semanal import SemanticAnalyzer
from mypy.subtypes import is_subtype
from mypy.typeanal import TypeAnalyser
from mypy.typeops import tuple_fallback
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeList,
    UnboundType,
    UnionType,
    get_proper_type,
)

from civiredis_mypy.calls import opened_for
from civiredis_mypy.fullnames import STR
from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import alternatives, closed, holds_key, is_key, is_opened, let_in
from civiredis_mypy.proof_calls import expected_by, is_wrapped, wrap_literals, wrapped
from civiredis_mypy.syntax_tree import descend, statements
from civiredis_mypy.template import parts

Wrap: TypeAlias = Callable[[Expression], Expression]

CONTEXT_FREE: Final = frozenset({NameExpr, MemberExpr, StrExpr})
"""Kinds of values that have one type, whatever is expected of them."""


def wrap_values(ctx: AnalyzeTypeContext, wrap: Wrap = wrapped) -> None:
    """Wrap the values that will be held against the annotation that is being analysed."""
    analyser = ctx.api
    if not isinstance(analyser, TypeAnalyser) or not isinstance(analyser.api, SemanticAnalyzer):
        return
    if analyser.defining_alias:
        return
    semantic = analyser.api
    statement = semantic.statement
    if isinstance(statement, AssignmentStmt):
        # What stands behind the annotation is no part of it: the target of an alias, the type of a cast.
        value = statement.rvalue
        is_behind = (ctx.type.line, ctx.type.column) > (value.line, value.column) and not isinstance(value, TempNode)
        if statement.unanalyzed_type is not None and not is_behind:
            _wrap_assignment(statement, wrap, is_field=semantic.is_class_scope())
            _wrap_later_assignments(statement, semantic, wrap)
    elif isinstance(statement, FuncDef):  # its signature: each statement of the body takes its place in turn
        _wrap_function(statement, wrap, ctx.type)


def _wrap_assignment(statement: AssignmentStmt, wrap: Wrap, *, is_field: bool) -> None:
    if is_field and isinstance(statement.rvalue, CallExpr):
        wrap_literals(statement.rvalue)  # `field(default="user")`: dataclasses and the like read the call itself
    else:
        statement.rvalue = wrap(statement.rvalue)


def _wrap_later_assignments(declaration: AssignmentStmt, semantic: SemanticAnalyzer, wrap: Wrap) -> None:
    (lvalue,) = declaration.lvalues
    scope: Node | None
    if isinstance(lvalue, MemberExpr):
        scope = semantic.type.defn if semantic.type is not None else None
    elif semantic.function_stack:
        scope = semantic.function_stack[-1]
    else:
        scope = semantic.type.defn if semantic.type is not None else semantic.cur_mod_node
    if scope is None:
        return
    is_field = isinstance(scope, ClassDef)

    def is_same_scope(node: Node) -> bool:
        return node is scope or not isinstance(node, ClassDef if is_field else (ClassDef, FuncItem))

    for statement in statements(scope, is_same_scope):
        if not isinstance(statement, AssignmentStmt) or statement.unanalyzed_type is not None:
            continue
        if any(_is_target(target, lvalue, is_field=is_field) for target in statement.lvalues):
            _wrap_assignment(statement, wrap, is_field=False)


def _is_target(target: Expression, declared: Expression, *, is_field: bool) -> bool:
    if not isinstance(declared, (NameExpr, MemberExpr)):
        return False
    if isinstance(target, MemberExpr):
        return is_field and isinstance(target.expr, NameExpr) and target.name == declared.name
    return isinstance(target, NameExpr) and isinstance(declared, NameExpr) and target.name == declared.name


def _wrap_function(function: FuncDef, wrap: Wrap, annotation: Type) -> None:
    """Wrap defaults where a parameter is annotated, and results where the result is."""
    signature = function.unanalyzed_type
    if isinstance(signature, CallableType) and any(_stands_in(one, annotation) for one in signature.arg_types):
        for argument in function.arguments:
            if argument.initializer is not None:
                argument.initializer = wrap(argument.initializer)
        return
    for node in descend(function.body, into=lambda node: not isinstance(node, (FuncItem, ClassDef))):
        if isinstance(node, (ReturnStmt, YieldExpr)) and node.expr is not None:
            node.expr = wrap(node.expr)


def _stands_in(whole: Type, part: Type) -> bool:
    """Whether `part` is (in) a type as it is written."""
    written = get_proper_type(whole)
    if written is part:
        return True
    if isinstance(written, UnboundType):
        return any(_stands_in(one, part) for one in written.args)
    return isinstance(written, (UnionType, TupleType, TypeList)) and any(_stands_in(one, part) for one in written.items)


def open_context(ctx: MethodSigContext) -> FunctionLike:
    """Give the wrapping call the signature that the annotation asks for (`get_method_signature_hook`).

    It takes any `object` beside, so that whatever does not fit is held against the annotation itself, by mypy.
    """
    call = ctx.context
    if not isinstance(ctx.api, TypeChecker) or not isinstance(call, CallExpr) or not is_wrapped(call):
        return ctx.default_signature
    checker = ctx.api
    expected = checker.type_context[-1]
    told = expected_by(call)
    if told is not None and (expected is None or not holds_key(expected)):
        expected = told
    formal: Type = checker.named_type("builtins.object")
    if expected is not None:
        if holds_key(expected):
            expected = opened_for(expected, call.args[:1], let_in(checker.lookup_typeinfo(STR)), checker)
        formal = _type_within(call.args[0], expected, formal, checker)
    formals = [formal] if told is None else [formal, told]
    return ctx.default_signature.copy_modified(
        arg_types=formals, arg_kinds=[ARG_POS] * len(formals), arg_names=[None] * len(formals), ret_type=formal
    )


def _type_within(value: Expression, expected: Type, anything: Type, checker: TypeChecker) -> Type:
    """Type to hold a value against that need not fit `expected`, and still is inferred as `expected` has it."""
    if type(value) in CONTEXT_FREE or parts(value) is not None:
        return UnionType([expected, anything])
    with checker.msg.filter_errors() as errors:  # they are reported when the value is checked as an argument
        actual = checker.expr_checker.accept(value, expected)
    # The daemon may have wrapped a value for an annotation that has lost its keys since: then mypy's word counts.
    is_faulty = errors.has_new_errors() and holds_key(expected)
    return expected if not is_faulty and is_subtype(actual, expected) else UnionType([expected, anything])


def judge_context(ctx: MethodContext, judge: Judge) -> Type:
    """Judge the wrapped value against the annotation, and return the type that it then has (`get_method_hook`)."""
    call = ctx.context
    if not isinstance(call, CallExpr) or not is_wrapped(call):
        return ctx.default_return_type
    actual = get_proper_type(ctx.arg_types[0][0])
    opened = _opened_context(call, judge.checker)
    if opened is None or not is_opened(opened) or not is_subtype(actual, opened):
        return actual
    judge.judge(call.args[0], opened)
    return _as_expected(actual, get_proper_type(closed(opened)))


def _opened_context(call: CallExpr, checker: TypeChecker) -> ProperType | None:
    """Read what `open_context` has made of the annotation, without the `object` beside it."""
    callee = get_proper_type(checker.lookup_type(call.callee))
    if not isinstance(callee, CallableType):
        return None
    parts = [part for part in alternatives(get_proper_type(callee.arg_types[0])) if not _is_object(part)]
    if len(parts) < 2:  # noqa: PLR2004 - more than one part is a union
        return parts[0] if parts else None
    return UnionType(parts)


def _is_object(t: ProperType) -> bool:
    return isinstance(t, Instance) and t.type.fullname == "builtins.object"


def _as_expected(actual: ProperType, expected: ProperType) -> Type:
    """Type of a judged value: itself where it fits anyway, else the part of the annotation that it stands for."""
    if is_subtype(actual, expected):
        return actual
    parts_of_it: list[Type] = []
    for member in alternatives(actual):
        if is_subtype(member, expected) or isinstance(member, NoneType):
            parts_of_it.append(member)
        else:
            parts_of_it += [part for part in alternatives(expected) if _stands_for(member, part)]
    if not parts_of_it:
        return actual
    return parts_of_it[0] if len(parts_of_it) == 1 else UnionType(parts_of_it)


def _stands_for(member: ProperType, part: ProperType) -> bool:
    if not holds_key(part):
        return False
    if isinstance(part, Instance) and is_key(part):
        return not isinstance(member, Instance) or member.type.has_base(STR)
    if isinstance(member, TupleType) and isinstance(part, Instance):
        member = tuple_fallback(member)
    if isinstance(part, Instance) and isinstance(member, Instance):
        return member.type.has_base(part.type.fullname)
    return type(part) is type(member)
