"""The key grammar stands twice, at run time and in the plugin; the two say the same of every text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import civiredis.grammar
import civiredis_mypy.grammar

TEXTS = st.text(alphabet=":a b\n☃", max_size=12)
BASES = st.frozensets(TEXTS.filter(lambda text: civiredis.grammar.malformation(text) is None), max_size=6)


@given(TEXTS)
def test_both_refuse_the_same_bases_with_the_same_words(base: str) -> None:
    assert civiredis.grammar.malformation(base) == civiredis_mypy.grammar.malformation(base)


@given(BASES, TEXTS)
def test_both_find_the_same_base(bases: frozenset[str], key: str) -> None:
    assert civiredis.grammar.longest_base(key, bases) == civiredis_mypy.grammar.Bases(bases).longest(key)


@given(BASES, TEXTS)
def test_the_longest_base_is_what_the_definition_says(bases: frozenset[str], key: str) -> None:
    matching = [base for base in bases if key == base or key.startswith(f"{base}:")]
    expected = max(matching, key=len, default=None)
    assert civiredis.grammar.longest_base(key, bases) == expected
    assert civiredis.grammar.longest_base(key, bases, max(map(len, bases), default=0)) == expected


def test_both_know_the_same_conventions() -> None:
    for name in ("SEPARATOR", "PACKED_PREFIX", "SYSTEM_PREFIXES"):
        assert getattr(civiredis.grammar, name) == getattr(civiredis_mypy.grammar, name)
