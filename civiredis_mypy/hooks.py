"""The plugin class: it only dispatches. Each hook is one look-up, and the work is done in the module of its feature."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mypy.checker import TypeChecker
from mypy.nodes import TypeAlias, TypeInfo
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
    ReportConfigContext,
)
from mypy.types import FunctionLike, Type

from civiredis_mypy import error_codes as error_codes  # noqa: PLC0414 - registers the codes
from civiredis_mypy import fields, key_annotations, places, registry, strings
from civiredis_mypy.bindings import Bindings
from civiredis_mypy.calls import judge_arguments, open_signature
from civiredis_mypy.client_pairs import check_pair
from civiredis_mypy.fullnames import CREATE_CLIENTS, KEY_OF_ALIAS, STR_ADD, STR_FORMAT, STR_JOIN, STR_MOD
from civiredis_mypy.judge import Judge
from civiredis_mypy.key_types import holds_key
from civiredis_mypy.known_bases import KnownBases
from civiredis_mypy.proof_calls import METHOD_FULLNAME, with_items_wrapped, wrapped
from civiredis_mypy.signatures import Signatures

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method: Callable[..., object]) -> Callable[..., object]:
        """Mark an overriding method; `typing` has it from Python 3.12 on."""
        return method


STRING_METHODS: Final = frozenset({STR_JOIN, STR_FORMAT, STR_ADD, STR_MOD})
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
KEY_MODULE: Final = KEY_OF_ALIAS.rpartition(".")[0]
STANDARD: Final = ("builtins.", "typing.", "collections.", "_typeshed.")
SOURCES: Final = Path(__file__).parent


class CiviredisPlugin(Plugin):
    """Proves that every key handed to a client starts with a registered base."""

    def __init__(self, options: Options) -> None:
        """Start without knowledge; whatever is kept between look-ups is held against the objects it came from."""
        super().__init__(options)
        self._known = KnownBases()
        self._bindings = Bindings()
        self._signatures = Signatures()
        self._fields = fields.Fields()
        self._asked = ("", False)
        self._expanding = ""

    @override
    def report_config_data(self, ctx: ReportConfigContext) -> object:  # noqa: ARG002 - the same for every module
        """Everything that changes verdicts, so that mypy drops its cache when it changes."""
        return SOURCE_DIGEST

    @override
    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """Read the key annotations, and aliases of them."""
        if fullname in key_annotations.PROVEN:
            self._fields.forget()
            return partial(key_annotations.read_annotation, alias=fullname)
        if fullname != self._expanding and not self._is_idle and not fullname.startswith(STANDARD):
            symbol = self.lookup_fully_qualified(fullname)
            node = None if symbol is None else symbol.node
            if isinstance(node, TypeAlias) and holds_key(node.target):
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
        return open_signature if self._function_asks_for_keys(fullname) else None

    @override
    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """Judge the arguments of functions that ask for keys."""
        if fullname == CREATE_CLIENTS:
            return check_pair
        return self._judge_arguments if self._function_asks_for_keys(fullname) else None

    @override
    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        """Open the parameters of methods that ask for keys, and of the plugin's own wrapping calls."""
        if fullname == METHOD_FULLNAME:
            return places.open_context
        asks = self._method_asks_for_keys(fullname)
        self._asked = fullname, asks
        return open_signature if asks else None

    @override
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Judge the arguments of methods that ask for keys, wrapped values, and strings."""
        if fullname in STRING_METHODS:
            return None if self._is_idle else self._judge_string
        if fullname == METHOD_FULLNAME:
            return self._judge_context
        if self._asked[0] != fullname:  # mypy asks for the signature first, and twice for this hook
            self._asked = fullname, self._method_asks_for_keys(fullname)
        return self._judge_arguments if self._asked[1] else None

    @override
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Judge what is assigned to fields that hold keys."""
        if self._is_idle or not self._fields.is_key_field(fullname, self.lookup_fully_qualified):
            return None
        return self._judge_field

    def _judge_field(self, ctx: AttributeContext) -> Type:
        return fields.judge_assignment(ctx, self._judge(ctx.api))

    def _judge(self, api: CheckerPluginInterface) -> Judge:
        assert isinstance(api, TypeChecker)
        return Judge(api, self._known, self._bindings)

    def _judge_arguments(self, ctx: FunctionContext | MethodContext) -> Type:
        return judge_arguments(ctx, self._judge(ctx.api))

    def _judge_context(self, ctx: MethodContext) -> Type:
        return places.judge_context(ctx, self._judge(ctx.api))

    def _judge_string(self, ctx: MethodContext) -> Type:
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
            return True  # a local function: its signature tells
        symbol = self.lookup_fully_qualified(fullname)
        return symbol is not None and self._signatures.asks_for_keys(symbol.node)

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


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for source in sorted(SOURCES.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


SOURCE_DIGEST: Final = _digest_of_sources()
