"""Answers that are kept by the name that was asked for."""

from __future__ import annotations

from collections.abc import Callable

from mypy.types import Instance, Type

from civiredis_mypy.fullnames import STR, STR_ADD, STR_FORMAT, STR_JOIN, STR_MOD

STRING_METHODS = frozenset({STR_JOIN, STR_FORMAT, STR_ADD, STR_MOD})


class Answers(dict[str, object]):
    """What `ask` has answered, for the names of which `is_lasting` says that the answer stays the same."""

    __slots__ = ("_ask", "_is_lasting")

    def __init__(self, ask: Callable[[str], object], is_lasting: Callable[[str], bool]) -> None:
        """Start without any answer."""
        super().__init__()
        self._ask = ask
        self._is_lasting = is_lasting

    def __missing__(self, fullname: str) -> object:
        """Ask."""
        answer = self._ask(fullname)
        if self._is_lasting(fullname):
            self[fullname] = answer
        return answer


class MethodAnswers(dict[str, object]):
    """The hooks for the results of methods: kept where there is none, told by the call at hand where there may be one.

    mypy asks this about each method call of a program, once it has looked at the arguments.
    """

    __slots__ = ("_ask", "_ask_of_string", "_hooks", "_is_lasting", "contexts", "settled")

    def __init__(
        self, ask: Callable[[str], object], ask_of_string: Callable[[], object], is_lasting: Callable[[str], bool]
    ) -> None:
        """Start without any answer. `ask_of_string` is asked about methods that build a string."""
        super().__init__()
        self.settled = ""
        """Name of the method of the last call, where nothing is left to say of it and no other call stands in it."""
        self.contexts: list[Type | None] = []
        """What mypy expects of the expressions that it looks at. At rest, a checker has a single one."""
        self._ask = ask
        self._ask_of_string = ask_of_string
        self._is_lasting = is_lasting
        self._hooks: dict[str, object] = {}

    def __missing__(self, fullname: str) -> object:
        """Ask."""
        if fullname in STRING_METHODS:
            contexts = self.contexts
            if len(contexts) > 1:
                context = contexts[-1]
                if context is None or (type(context) is Instance and context.type.fullname == STR):
                    return None
            return self._ask_of_string()
        if fullname == self.settled:  # once: the call around this one may be of the same method
            self.settled = ""
            return None
        hook = self._hooks.get(fullname)
        if hook is None:
            hook = self._ask(fullname)
            if self._is_lasting(fullname):
                (self if hook is None else self._hooks)[fullname] = hook
        return hook

    def clear(self) -> None:
        """Ask anew."""
        super().clear()
        self._hooks.clear()
