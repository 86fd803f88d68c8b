"""Answers that are kept by the name that was asked for."""

from __future__ import annotations

from collections.abc import Callable


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
