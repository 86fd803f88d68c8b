"""The keys of one registry as arguments of calls, with what is looked up for each of them kept."""

from __future__ import annotations

from typing import TypeAlias

from mypy.nodes import MemberExpr, RefExpr, SymbolNode, TypeInfo
from mypy.types import CallableType, Instance, Type, UnionType

from civiredis_mypy.common_forms import member_text
from civiredis_mypy.key_types import let_in, opened
from civiredis_mypy.known_bases import RegisteredBases
from civiredis_mypy.plans import EACH, Form

Attribute: TypeAlias = tuple[SymbolNode | None, str]
"""An attribute of a class: that, and its name."""


class RegistryKeys:
    """The bases of a registry, its members by name, and what parameters for its keys are opened to."""

    __slots__ = ("_opened", "_registry", "bases", "members", "signatures", "string", "suiting")

    def __init__(self, registry: TypeInfo, bases: RegisteredBases, string: TypeInfo) -> None:
        self.bases = bases
        self.members: dict[Attribute, str] = {}
        """Bases by the attribute of the registry, or of a group in it, that declares them."""
        self.suiting: set[tuple[str, SymbolNode | None, str]] = set()
        """Attributes that declare bases, each behind the name of a method that it suits."""
        self.string: Instance = let_in(string)
        """Type of a parameter whose argument is a proven string."""
        self.signatures: dict[tuple[str, bool], CallableType] = {}
        """Opened signatures, by the name of the method, and by whether the argument is a proven string."""
        self._opened: dict[Form, Type] = {}
        self._registry = registry

    def take_over(self, before: RegistryKeys) -> None:
        """Know what was found before of the very same bases."""
        self.members, self.suiting = before.members, before.suiting

    def opened(self, formal: Type, form: Form) -> Type:
        """Return what a parameter is opened to for a string, or for a display of strings."""
        made = self._opened.get(form)
        if made is None:
            made = opened(formal, self.string)
            if form is EACH:  # a list of keys is no list of `KeyOf[R] | str`: both have to fit
                made = UnionType([formal, made])
            self._opened[form] = made
        return made

    def base_of_member(self, expr: MemberExpr) -> str | None:
        """Return the base of `CacheKeys.USER`, whether mypy has come to it or not; None for any other expression."""
        holder = expr.expr
        info = holder.node if isinstance(holder, RefExpr) else None
        if type(info) is not TypeInfo:
            return None
        base = self.members.get((info, expr.name))
        if base is None:
            text = member_text(expr)
            base = None if text is None else self.bases.longest(text)
            if base is not None and self._declares(info):
                self.members[info, expr.name] = base
        return base

    def _declares(self, holder: TypeInfo) -> bool:
        """Whether a class is the registry, a parent of it or a group in one, so that the bases tell of its changes."""
        name = holder.fullname
        return any(base is holder or name.startswith(f"{base.fullname}.") for base in self._registry.mro)
