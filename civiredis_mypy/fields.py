"""Fields that hold keys, set from outside of their class: `order.key = "user:1"`.

The value of such an assignment stands in no call and under no annotation. mypy asks the plugin for the type of the
attribute before it looks at the value; the assignment is then found by its target, and its value judged at once.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.nodes import AssignmentStmt, Expression, SymbolTableNode, TypeInfo, Var
from mypy.plugin import AttributeContext
from mypy.types import Type, get_proper_type

from civiredis_mypy.calls import opened_for
from civiredis_mypy.fullnames import STR
from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import holds_key, is_opened, let_in
from civiredis_mypy.proof_calls import is_wrapped
from civiredis_mypy.syntax_tree import statements

LookUp = Callable[[str], SymbolTableNode | None]


class Fields:
    """Which attributes hold keys. This is asked for each attribute access of the program."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def forget(self) -> None:
        """Look again: a key annotation is being analysed, perhaps that of a field."""
        self._known.clear()

    def is_key_field(self, fullname: str, look_up: LookUp) -> bool:
        """Whether the attribute is annotated with a key; remembered once mypy knows its type."""
        known = self._known.get(fullname)
        if known is None:
            field = _field(fullname, look_up)
            if field is not None and field.type is None:
                return False
            known = self._known[fullname] = field is not None and field.type is not None and holds_key(field.type)
        return known

    def is_known(self, fullname: str) -> bool:
        """Whether the last answer is remembered."""
        return fullname in self._known


def _field(fullname: str, look_up: LookUp) -> Var | None:
    class_name, _, name = fullname.rpartition(".")
    symbol = look_up(class_name)
    member = symbol.node.names.get(name) if symbol is not None and isinstance(symbol.node, TypeInfo) else None
    return member.node if member is not None and isinstance(member.node, Var) else None


def judge_assignment(ctx: AttributeContext, judge: Judge) -> Type:
    """Judge what is assigned to the attribute, and let it in (`get_attribute_hook`)."""
    if not getattr(ctx, "is_lvalue", False) or not holds_key(ctx.default_attr_type):
        return ctx.default_attr_type
    value = _assigned(ctx.context, judge.checker)
    if value is None or is_wrapped(value):
        return ctx.default_attr_type
    string = let_in(judge.checker.lookup_typeinfo(STR))
    opened = opened_for(ctx.default_attr_type, [value], string, judge.checker)
    if not is_opened(opened):
        return ctx.default_attr_type
    judge.judge_unchecked(value, get_proper_type(opened))
    return opened


def _assigned(target: object, checker: TypeChecker) -> Expression | None:
    scope = checker.scope.top_level_function() or checker.tree
    for statement in statements(scope):
        if isinstance(statement, AssignmentStmt) and any(lvalue is target for lvalue in statement.lvalues):
            return statement.rvalue
    return None
