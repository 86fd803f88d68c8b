"""The hooks of a program with keys: they only dispatch, and the work is done in the module of each feature."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mypy.checker import TypeChecker
from mypy.nodes import Decorator, Expression, FuncDef, OverloadedFuncDef, TypeAlias, TypeInfo
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    CheckerPluginInterface,
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
)
from mypy.types import CallableType, FunctionLike, Type, UnionType

from civiredis_mypy import fields, key_annotations, key_results, places, registry, strings
from civiredis_mypy.answers import Answers, MethodAnswers
from civiredis_mypy.at_once import AtOnce, TypeSignature
from civiredis_mypy.bindings import Bindings
from civiredis_mypy.calls import judge_arguments, open_signature
from civiredis_mypy.client_pairs import check_pair
from civiredis_mypy.fullnames import CREATE_CLIENTS, DECLARED_KEY, KEY_DECLARATION, KEY_MODULE, TYPED_KEY
from civiredis_mypy.holdings import Holdings
from civiredis_mypy.inherited_keys import is_declared_key, of_the_registry_at_hand
from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import holds_key, is_opened
from civiredis_mypy.known_bases import KnownBases
from civiredis_mypy.plans import Plans
from civiredis_mypy.proof_calls import METHOD_FULLNAME, with_items_wrapped, wrapped
from civiredis_mypy.signatures import Signatures, overloads_of
from civiredis_mypy.uses import use_of

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method: Callable[..., object]) -> Callable[..., object]:
        """Mark an overriding method; `typing` has it from Python 3.12 on."""
        return method


CONTAINERS: Final = (
    *("builtins.list", "builtins.set", "builtins.dict", "collections.deque", "collections.defaultdict"),
    *("collections.OrderedDict", "collections.Counter", "typing.MutableSequence", "typing.MutableSet"),
    *("typing.MutableMapping", "typing.Sequence", "typing.AbstractSet"),
)
CONTAINER_METHODS: Final = frozenset(
    f"{container}.{method}"
    for container in CONTAINERS
    for method in (
        *("append", "appendleft", "insert", "extend", "extendleft", "add", "remove", "discard", "index", "count"),
        *("get", "setdefault", "pop", "update", "__getitem__", "__setitem__", "__delitem__", "__contains__"),
        *("__add__", "__iadd__", "__or__", "__ior__"),
    )
)
"""Methods whose parameters are those of the container. mypy has hooks of its own for others, such as `Mapping.get`."""
KEYLESS: Final = ("__await__", "__iter__", "__next__", "__aiter__", "__anext__", "__aenter__", "__enter__", "__bool__")
STANDARD: Final = ("builtins.", "typing.", "collections.", "_typeshed.")


class Hooks(Plugin):
    """Finds the hook for each name that mypy asks about."""

    def __init__(self, options: Options) -> None:
        """Start without knowledge; whatever is kept between look-ups is held against the objects it came from."""
        super().__init__(options)
        self._known = KnownBases()
        self._bindings = Bindings()
        self._signatures = Signatures()
        self._plans = Plans()
        self._fields = fields.Fields()
        self._expanding = ""
        self._is_daemon = options.fine_grained_incremental
        self._attributes = Answers(self.get_attribute_hook, self._fields.is_known)
        self._class_attributes = Answers(self.get_class_attribute_hook, lambda _: not self._is_idle)
        self._functions = Answers(self.get_function_hook, self._is_lasting_function)
        self._function_signatures = Answers(self.get_function_signature_hook, self._is_lasting_function)
        self._methods = MethodAnswers(self.get_method_hook, self._get_string_hook, self._is_lasting_method)
        self._method_signatures = Answers(self.get_method_signature_hook, self._is_lasting_method)
        self._holdings = Holdings(self._known, self._bindings)
        self._at_once = AtOnce(self._known, self._bindings, self._methods)
        self._kept = (
            *(self._attributes, self._class_attributes),
            *(self._functions, self._function_signatures, self._methods, self._method_signatures),
            *(self._at_once, self._holdings),
        )

    def answers(self) -> dict[str, Any]:
        """Return what answers each kind of question."""
        return {
            "get_type_analyze_hook": Answers(self.get_type_analyze_hook, _is_standard).__getitem__,
            "get_attribute_hook": self._attributes.__getitem__,
            "get_class_attribute_hook": self._class_attributes.__getitem__,
            "get_base_class_hook": self.get_base_class_hook,
            "get_function_signature_hook": self._function_signatures.__getitem__,
            "get_function_hook": self._functions.__getitem__,
            "get_method_signature_hook": self._method_signatures.__getitem__,
            "get_method_hook": self._methods.__getitem__,
        }

    def forget(self) -> None:
        """Answer anew: in the daemon, what was known of a class or a signature may have changed.

        While mypy analyses a module, this is called for each annotation of it, and nothing is asked in between. In a
        run that ends with its build, what `_is_lasting_method` and its like call lasting does last.
        """
        if self._is_daemon and any(self._kept):
            for kept in self._kept:
                kept.clear()

    @override
    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """Read the key annotations, and aliases of them."""
        if fullname in key_annotations.PROVEN:
            self._fields.forget()
            return partial(key_annotations.read_annotation, alias=fullname)
        if fullname.startswith(STANDARD):
            return None
        self.forget()  # a signature may be analysed, or the target of an alias
        if fullname != self._expanding and not self._is_idle:
            symbol = self.lookup_fully_qualified(fullname)
            node = None if symbol is None else symbol.node
            if isinstance(node, TypeAlias) and holds_key(node.target):
                return partial(self._read_other, fullname=fullname, wrap=wrapped)
            if fullname in {TYPED_KEY, DECLARED_KEY}:
                return partial(self._read_other, fullname=fullname, wrap=wrapped)
            if isinstance(node, TypeInfo) and node.typeddict_type is not None and holds_key(node.typeddict_type):
                return partial(self._read_other, fullname=fullname, wrap=with_items_wrapped)
        return None

    def _read_other(self, ctx: AnalyzeTypeContext, fullname: str, wrap: places.Wrap) -> Type:
        """Prepare the values held against an alias of keys or a TypedDict with keys, and leave the type to mypy."""
        self._fields.forget()
        places.wrap_values(ctx, wrap)
        before, self._expanding = self._expanding, fullname
        try:
            return ctx.api.analyze_type(ctx.type)
        finally:
            self._expanding = before

    @override
    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """Read registries."""
        symbol = self.lookup_fully_qualified(fullname)
        if symbol is not None and isinstance(symbol.node, TypeInfo) and registry.is_registry(symbol.node):
            return registry.read
        return None

    @override
    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        """Open the parameters of functions that ask for keys."""
        if fullname == KEY_DECLARATION:
            return key_results.open_structure
        return open_signature if self._function_asks_for_keys(fullname) else None

    @override
    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """Judge the arguments of functions that ask for keys."""
        if fullname == CREATE_CLIENTS:
            return check_pair
        if fullname == KEY_DECLARATION:
            return key_results.proven_in_registry
        return self._judge_arguments if self._function_asks_for_keys(fullname) else None

    @override
    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        """Open the parameters of methods that ask for keys, and of the plugin's own wrapping calls."""
        if fullname == METHOD_FULLNAME:
            return places.open_context
        if not self._method_asks_for_keys(fullname):
            return None
        owner, method = self._declared_by(fullname)
        if owner is None:
            return open_signature
        typed = self._typing(owner, method)
        otherwise = open_signature if typed is None else partial(_open_typed, typed=typed)
        plan = self._plans.of(owner, method)
        return otherwise if plan is None else self._at_once.opener(plan, fullname, otherwise, typed)

    def _typing(self, owner: TypeInfo, method: str) -> TypeSignature | None:
        """Return what types the calls of a command by what their keys hold; None where it is about no values."""
        use = use_of(owner, method)
        if use is None or use.command is None or not use.command.is_of_values:
            return None
        return partial(self._holdings.typed, use=use, overloads=overloads_of(owner.names[method].node))

    @override
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Judge the arguments of methods that ask for keys, and wrapped values."""
        if fullname == METHOD_FULLNAME:
            return self._judge_context
        return self._judge_arguments if self._method_signatures[fullname] is not None else None

    def _get_string_hook(self) -> Callable[[MethodContext], Type] | None:
        """Judge a string that is built where a key may be expected, outside of a call that was opened for it."""
        context = self._methods.contexts[-1] if self._methods.contexts else None
        return None if type(context) is UnionType and is_opened(context) else self._judge_string

    @override
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Judge what is assigned to fields that hold keys."""
        if self._is_idle or not self._fields.is_key_field(fullname, self.lookup_fully_qualified):
            return None
        return self._judge_field

    @override
    def get_class_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Type the declared bases that registries inherit."""
        owner_name, _, name = fullname.rpartition(".")
        symbol = None if self._is_idle or "." not in owner_name else self.lookup_fully_qualified(owner_name)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        return of_the_registry_at_hand if is_declared_key(symbol.node, name) else None

    def _judge_field(self, ctx: AttributeContext) -> Type:
        return fields.judge_assignment(ctx, self._judge(ctx.api))

    def _judge(self, api: CheckerPluginInterface) -> Judge:
        assert isinstance(api, TypeChecker)
        return Judge(api, self._known, self._bindings)

    def _judge_arguments(self, ctx: FunctionContext | MethodContext) -> Type:
        if isinstance(ctx, MethodContext) and self._at_once.is_settled(ctx):
            return ctx.default_return_type
        return judge_arguments(ctx, self._judge(ctx.api))

    def _judge_context(self, ctx: MethodContext) -> Type:
        return places.judge_context(ctx, self._judge(ctx.api))

    def _judge_string(self, ctx: MethodContext) -> Type:
        assert isinstance(ctx.api, TypeChecker)
        self._methods.contexts = ctx.api.type_context
        context, string = ctx.api.type_context[-1], ctx.context
        if context is not None and isinstance(string, Expression) and self._at_once.is_key(string, context, ctx.api):
            return context
        if strings.is_key_expected(ctx):
            return strings.judge_string(ctx, self._judge(ctx.api))
        return ctx.default_return_type

    @property
    def _is_idle(self) -> bool:
        """Whether no module that was read so far knows of keys: one that does comes after the package itself."""
        return self._modules is None or KEY_MODULE not in self._modules

    def _function_asks_for_keys(self, fullname: str) -> bool:
        if self._is_idle:
            return False
        if "." not in fullname:
            return not fullname.startswith("<")  # a local function: its signature tells; `<list>` is a display
        symbol = self.lookup_fully_qualified(fullname)
        return symbol is not None and self._signatures.asks_for_keys(symbol.node)

    def _declared_by(self, fullname: str) -> tuple[TypeInfo | None, str]:
        """Return the class that declares a method, which may be a parent of the one that it is asked of."""
        class_name, _, method = fullname.rpartition(".")
        symbol = self.lookup_fully_qualified(class_name)
        found = symbol.node.get_containing_type_info(method) if symbol and isinstance(symbol.node, TypeInfo) else None
        return found, method

    def _is_lasting_function(self, fullname: str) -> bool:
        if self._is_idle or "." not in fullname:
            return not self._is_idle
        symbol = self.lookup_fully_qualified(fullname)
        return symbol is not None and _is_declared(symbol.node)

    def _is_lasting_method(self, fullname: str) -> bool:
        """Whether the class and the signature stand as they are written, so that only another edit changes them."""
        if self._is_idle:  # so is the answer: a module that knows of keys may come later
            return False
        if fullname in CONTAINER_METHODS or fullname.endswith(KEYLESS) or fullname.startswith(STANDARD):
            return True
        class_name, _, method = fullname.rpartition(".")
        symbol = self.lookup_fully_qualified(class_name) if "." in class_name else None
        member = symbol.node.get(method) if symbol is not None and isinstance(symbol.node, TypeInfo) else None
        return member is not None and _is_declared(member.node)

    def _method_asks_for_keys(self, fullname: str) -> bool:
        if fullname.endswith(KEYLESS) or fullname.startswith("builtins.str.") or self._is_idle:
            return False
        if fullname in CONTAINER_METHODS:
            return True
        if fullname.startswith(("builtins.", "typing.", "collections.")):
            return False
        class_name, _, method = fullname.rpartition(".")
        symbol = self.lookup_fully_qualified(class_name)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return "." not in class_name  # a local class: the signature tells
        member = symbol.node.get(method)
        return member is not None and self._signatures.asks_for_keys(member.node)


def _open_typed(ctx: MethodSigContext, typed: TypeSignature) -> FunctionLike:
    signature = open_signature(ctx)
    return typed(signature, ctx) if isinstance(signature, CallableType) else signature


def _is_standard(fullname: str) -> bool:
    return fullname.startswith(STANDARD)


def _is_declared(node: object) -> bool:
    """Whether the types of a function stand in its own annotations, not in what a decorator makes of them."""
    if isinstance(node, TypeInfo):
        return all(_is_declared(made.node) for name in ("__init__", "__new__") if (made := node.get(name)) is not None)
    if isinstance(node, OverloadedFuncDef):
        return all(isinstance(item, Decorator) and not item.decorators for item in node.items)
    return isinstance(node, FuncDef)
