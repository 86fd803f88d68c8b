"""One function of a generated program, and what a strategy needs to write it.

A value is written as Python source, like everything else of a case: so a case can be kept in a file and run again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from tests.soundness.registries import Registry

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A function that hands what may be keys to `record`, for values of its parameters."""

    registries: str
    """Source of the registry classes."""
    declarations: str
    """Source of what else stands before the function."""
    function: str
    """Source of the function."""
    values: dict[str, list[str]]
    """Values of each parameter, as sources; all there are where the type is finite."""
    exact: bool
    """Whether all texts are known to the type checker, by forms that it must not refuse without cause."""
    registry: str
    """The registry whose keys are asked for."""
    open: bool = False
    """Whether it is a right key that is refused so far. What is unsound cannot be open."""
    origin: str = "generated"
    """Where the case comes from, for a reader of the regression file."""


@dataclass
class Writer:
    """Collects the parts of one case while it is drawn."""

    draw: DrawFn
    registries: Sequence[Registry]
    registry: Registry
    parameters: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    declarations: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    exact: bool = True
    count: int = 0

    def pick(self, choices: Sequence[T]) -> T:
        return self.draw(st.sampled_from(choices))

    def one_in(self, chances: int) -> bool:
        """True about once in `chances`."""
        return self.draw(st.integers(1, chances)) == 1

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def name(self, prefix: str) -> str:
        """Make a name that nothing else in the case has."""
        self.count += 1
        return f"{prefix}{self.count}"

    def parameter(self, annotation: str, values: Sequence[str]) -> str:
        """Add a parameter; each use has one of its own, as pieces are judged one after another."""
        name = self.name("p")
        self.parameters[name] = annotation
        self.values[name] = list(values)
        return name

    def condition(self) -> str:
        return self.parameter("bool", ["True", "False"])

    def declare(self, *lines: str) -> None:
        self.declarations += lines

    def write(self, *lines: str) -> None:
        self.lines += lines

    def finished(self) -> Case:
        body = [f"    {line}" for line in self.lines]
        parameters = ", ".join(f"{name}: {annotation}" for name, annotation in self.parameters.items())
        return Case(
            registries="\n".join(registry.source for registry in self.registries),
            declarations="\n".join(self.declarations),
            function="\n".join([f"def case{self.count}({parameters}) -> None:", *body]),
            values=self.values,
            exact=self.exact,
            registry=self.registry.name,
        )
