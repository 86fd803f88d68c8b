"""The plugin object that mypy holds: nothing at all until a module that knows of keys is read.

mypy asks a plugin about every call, attribute and annotation of a program. A program without keys is answered by empty
dicts, and the modules that do the work are not even imported. With keys, an answer is kept by the name that was asked
for, and found again without a step of Python.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import ClassDefContext, Plugin, ReportConfigContext

from civiredis_mypy import error_codes as error_codes  # noqa: PLC0414 - registers the codes
from civiredis_mypy.fullnames import KEY_MODULE

if TYPE_CHECKING:
    from typing_extensions import override

    from civiredis_mypy.hooks import Hooks
else:

    def override(method: Callable[..., object]) -> Callable[..., object]:
        """Mark an overriding method; `typing` has it from Python 3.12 on."""
        return method


SOURCES: Final = os.path.dirname(__file__)  # noqa: PTH120 - pathlib is slow, and asked in every run
KINDS: Final = (
    *("get_type_analyze_hook", "get_attribute_hook", "get_class_attribute_hook", "get_base_class_hook"),
    *("get_function_signature_hook", "get_function_hook", "get_method_signature_hook", "get_method_hook"),
)
"""The questions that are answered. The methods of one instance are put in the place of those of the class."""


class CiviredisPlugin(Plugin):
    """Proves that every key handed to a client starts with a registered base."""

    def __init__(self, options: Options) -> None:
        """Start without any hook."""
        super().__init__(options)
        self._hooks: Hooks | None = None
        self._is_awake = False
        for kind in KINDS:
            setattr(self, kind, {}.get)
        if getattr(options, "num_workers", 0):  # a worker is not told of the modules that it is given
            self._wake()

    @override
    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        """Look names up in `modules` from now on."""
        super().set_modules(modules)
        if self._hooks is not None:
            self._hooks.set_modules(modules)

    @override
    def report_config_data(self, ctx: ReportConfigContext) -> object:
        """Everything that changes verdicts, so that mypy drops its cache when it changes."""
        if ctx.id == KEY_MODULE:
            self._wake()
        return SOURCE_DIGEST

    @override
    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Nothing; but this is asked for each module that is read anew, and what is known may be of an older one."""
        if file.fullname == KEY_MODULE:
            self._wake()
        self._forget()
        return []

    @override
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:  # noqa: ARG002
        """Nothing; but this is asked for each class that is analysed, and another parent means other methods."""
        self._forget()
        return None

    def _wake(self) -> None:
        if not self._is_awake:
            self._is_awake = True
            for kind in KINDS:
                setattr(self, kind, _First(self._begin, kind))

    def _begin(self, kind: str, fullname: str) -> Any:  # noqa: ANN401 - the hooks of all kinds
        """Import what does the work, and answer the first question."""
        from civiredis_mypy.hooks import Hooks  # noqa: PLC0415 - takes longer than a warm run of mypy can spare

        self._hooks = hooks = Hooks(self.options)
        if self._modules is not None:
            hooks.set_modules(self._modules)
        for name, answer in hooks.answers().items():
            setattr(self, name, answer)
        return getattr(self, kind)(fullname)

    def _forget(self) -> None:
        if self._hooks is not None:
            self._hooks.forget()


class _First:
    """A question that is asked for the first time."""

    def __init__(self, begin: Callable[[str, str], object], kind: str) -> None:
        self._begin = begin
        self._kind = kind

    def __call__(self, fullname: str) -> object:
        return self._begin(self._kind, fullname)


def digest_of_sources(folder: str) -> str:
    """Digest every module of the plugin in `folder`."""
    digest = hashlib.sha256()
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - as above
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as source:  # noqa: PTH118, PTH123 - as above
                digest.update(source.read())
    return digest.hexdigest()


SOURCE_DIGEST: Final = digest_of_sources(SOURCES)
