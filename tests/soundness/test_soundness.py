"""What the plugin accepts is a key at run time, and what it refuses is none: generated programs, checked and run.

The default run draws the same programs each time, so that it says something of the change at hand; the slow one draws
others, prints its seed, and `CIVIREDIS_SOUNDNESS_SEED` repeats it in both. A counter-example is put into
`regressions.json`, whose cases are tried first in every run:

    CIVIREDIS_SOUNDNESS_KEEP=1 uv run pytest tests/soundness     # writes what fails into the file
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.soundness.case import Case
from tests.soundness.generating import drawn_cases
from tests.soundness.trial import Asker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.soundness.trial import Outcome

REGRESSIONS: Final = Path(__file__).with_name("regressions.json")
CASES_OF_A_RUN: Final = 500
CASES_OF_A_SLOW_RUN: Final = 20_000
CASES_OF_A_QUESTION: Final = 2_000
SEED: Final = 271_828
SHOWN: Final = 5


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return Asker(tmp_path_factory.mktemp("soundness"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    drawn = random.randrange(10**6) if request.node.get_closest_marker("slow") else SEED
    chosen = int(os.environ.get("CIVIREDIS_SOUNDNESS_SEED", drawn))
    print(f"CIVIREDIS_SOUNDNESS_SEED={chosen}")  # noqa: T201 pytest shows it with a failure
    return chosen


def kept_cases() -> list[Case]:
    return [Case(**kept) for kept in json.loads(REGRESSIONS.read_text(encoding="utf-8"))]


def keep(outcomes: Sequence[Outcome]) -> None:
    """Write the cases of failures into the regression file, the shortest of each form of error first."""
    cases = list({case.function: case for case in [*kept_cases(), *(outcome.case for outcome in outcomes)]}.values())
    text = json.dumps([asdict(case) for case in cases], indent=1, ensure_ascii=False)
    REGRESSIONS.write_text(text + "\n", encoding="utf-8")


def hold(outcomes: Sequence[Outcome]) -> None:
    """Hold what mypy said against what happened."""
    unsound = [outcome for outcome in outcomes if outcome.is_unsound]
    false_alarms = [outcome for outcome in outcomes if outcome.is_false_alarm]
    failures = sorted([*unsound, *false_alarms], key=lambda outcome: len(str(outcome)))
    if failures and os.environ.get("CIVIREDIS_SOUNDNESS_KEEP"):
        keep(failures[:SHOWN])
    shown = "\n---\n".join(map(str, failures[:SHOWN]))
    assert not failures, f"{len(unsound)} unsound, {len(false_alarms)} false alarms; the shortest:\n{shown}"


def test_no_counter_example_comes_back(asker: Asker) -> None:
    outcomes = asker.outcomes(kept_cases())

    assert all(outcome.used for outcome in outcomes), "a kept case uses no key at all"
    hold([outcome for outcome in outcomes if not outcome.case.open or outcome.is_unsound])
    settled = [outcome.case.function for outcome in outcomes if outcome.case.open and not outcome.is_false_alarm]
    assert not settled, f"no longer refused, so no longer open: {settled}"


def test_what_is_accepted_is_a_key_and_what_is_refused_is_none(asker: Asker, seed: int) -> None:
    outcomes = asker.outcomes(drawn_cases(CASES_OF_A_RUN, seed))

    hold(outcomes)
    _is_worth_its_time(outcomes)


@pytest.mark.slow
def test_twenty_thousand_expressions(asker: Asker, seed: int) -> None:
    outcomes: list[Outcome] = []
    while len(outcomes) < CASES_OF_A_SLOW_RUN:
        outcomes += asker.outcomes(drawn_cases(CASES_OF_A_QUESTION, seed + len(outcomes)))

    hold(outcomes)
    _is_worth_its_time(outcomes)


def _is_worth_its_time(outcomes: Sequence[Outcome]) -> None:
    """Both verdicts are there often enough to mean something, and nearly every case uses a key."""
    accepted = sum(not outcome.errors for outcome in outcomes)
    right = sum(not outcome.unregistered for outcome in outcomes)
    assert accepted > len(outcomes) * 0.2
    assert right > len(outcomes) * 0.2
    assert len(outcomes) - right > len(outcomes) * 0.2
    assert sum(outcome.used > 0 for outcome in outcomes) > len(outcomes) * 0.9
