"""Drawing cases: hypothesis writes them, mypy is asked about them all at once."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from tests.soundness.case import Case, Writer
from tests.soundness.registries import families
from tests.soundness.uses import use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from tests.soundness.registries import Registry

QUIETLY: Final = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CASES_OF_A_FAMILY: Final = 25


@st.composite
def cases(draw: DrawFn, family: Sequence[Registry], first: list[int]) -> Case:
    """Draw a case that asks for keys of the last of the registries. Names in it are counted on from `first`."""
    writer = Writer(draw, family, family[-1], count=first[0])
    use(writer)
    case = writer.finished()
    first[0] = writer.count + 1
    assume(_compiles(case))
    return case


def drawn_families(wanted: int, by_seed: int) -> list[list[Registry]]:
    found: list[list[Registry]] = []

    @seed(by_seed)
    @settings(QUIETLY, max_examples=wanted)
    @given(families())
    def draw_one(family: list[Registry]) -> None:
        found.append(family)

    draw_one()
    return found


def drawn_cases(wanted: int, by_seed: int) -> list[Case]:
    """Draw cases, some dozens for each of several families of registries."""
    found: list[Case] = []
    first = [0]
    families_of_run = drawn_families(max(1, wanted // CASES_OF_A_FAMILY), by_seed)
    each = -(-wanted // len(families_of_run))
    for number, family in enumerate(families_of_run):
        _draw_cases_of(family, first, each, by_seed + number, found)
    return found[:wanted]


def _draw_cases_of(family: Sequence[Registry], first: list[int], wanted: int, by_seed: int, found: list[Case]) -> None:
    @seed(by_seed)
    @settings(QUIETLY, max_examples=wanted)
    @given(cases(family, first))
    def draw_one(case: Case) -> None:
        found.append(case)

    draw_one()


def _compiles(case: Case) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            compile(f"{case.declarations}\n{case.function}", "<case>", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
