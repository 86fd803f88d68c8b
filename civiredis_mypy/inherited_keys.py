"""Declared bases that a registry inherits: each is of the registry that it is read from.

`Keys.VIEWS`, declared in a parent of `Keys`, would be a key of the parent. That fits everywhere, but mypy finds no
common type of keys of two registries: `[Keys.VIEWS, Keys.OWN]` would be a `list[object]`.
"""

from __future__ import annotations

from mypy.nodes import Expression, MemberExpr, RefExpr, TypeInfo, Var
from mypy.plugin import AttributeContext
from mypy.types import Instance, Type, get_proper_type

from civiredis_mypy.fullnames import DECLARED_KEY
from civiredis_mypy.registry import is_registry


def is_declared_key(owner: TypeInfo, name: str) -> bool:
    """Whether an attribute of a class is a base that `key()` declares."""
    symbol = owner.get(name)
    known = get_proper_type(symbol.node.type) if symbol is not None and isinstance(symbol.node, Var) else None
    return isinstance(known, Instance) and known.type.fullname == DECLARED_KEY


def of_the_registry_at_hand(ctx: AttributeContext) -> Type:
    """Type a declared base as one of the registry in front of it (`get_class_attribute_hook`)."""
    known = get_proper_type(ctx.default_attr_type)
    registry = _registry_in(ctx.context) if isinstance(ctx.context, MemberExpr) else None
    if registry is None or not isinstance(known, Instance) or known.type.fullname != DECLARED_KEY:
        return ctx.default_attr_type
    declaring = get_proper_type(known.args[0])
    if not isinstance(declaring, Instance) or not registry.has_base(declaring.type.fullname):
        return ctx.default_attr_type
    return known.copy_modified(args=[Instance(registry, []), *known.args[1:]])


def _registry_in(attribute: MemberExpr) -> TypeInfo | None:
    """Find the registry in front of an attribute, whose groups may stand between."""
    holder: Expression = attribute.expr
    while isinstance(holder, RefExpr):
        if isinstance(holder.node, TypeInfo) and is_registry(holder.node):
            return holder.node
        if not isinstance(holder, MemberExpr):
            return None
        holder = holder.expr
    return None
