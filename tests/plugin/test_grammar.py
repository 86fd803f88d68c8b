"""The plugin may not import the package, so the grammar of keys is written twice. Both say the same of every text."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civiredis import CacheRegistry, RegistryError, RegistryWarning, SysRegistry
from civiredis import grammar as of_package
from civiredis_mypy import grammar as of_plugin

if TYPE_CHECKING:
    from civiredis.registry import Registry

# Few letters and many colons, so that bases extend each other and keys hit them.
TEXTS = st.text(st.sampled_from("ab: "), max_size=8) | st.text(max_size=6)
BASES = st.sets(TEXTS.filter(lambda text: of_package.malformation(text) is None), max_size=12)


@st.composite
def bases_and_keys(draw: st.DrawFn) -> tuple[set[str], str]:
    """Draw bases, and a text that is often one of them with something behind it."""
    bases = draw(BASES)
    behind = draw(st.sampled_from(["", ":", "x", "::", " "]))
    if bases and behind != " ":
        base = draw(st.sampled_from(sorted(bases)))
        return bases, base + behind + draw(TEXTS)
    return bases, draw(TEXTS)


def registry_of(bases: set[str], kind: type[Registry]) -> type[Registry]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegistryWarning)
        return type("Keys", (kind,), {f"KEY_{number}": base for number, base in enumerate(sorted(bases))})


@given(TEXTS)
@example("")
@example(" ")
@example("\u3000\n")
@example(":")
@example(":a")
@example("a:")
@example("a")
def test_both_find_the_same_malformation(base: str) -> None:
    assert of_package.malformation(base) == of_plugin.malformation(base)


@given(TEXTS)
def test_what_is_malformed_is_refused_by_a_registry(base: str) -> None:
    fault = of_plugin.malformation(base)
    if fault is None:
        assert registry_of({base}, SysRegistry).base_keys() == (base,)
    else:
        with pytest.raises(RegistryError, match=fault):
            registry_of({base}, SysRegistry)


@given(bases_and_keys())
@example(({"user", "user:settings"}, "user:settings:1"))
@example(({"user", "user:settings"}, "user:setting"))
@example(({"user"}, "user:"))
@example(({"user"}, "users"))
@example(({"a:b:c"}, "a:b"))
def test_both_find_the_same_longest_base(drawn: tuple[set[str], str]) -> None:
    bases, key = drawn
    longest = max(map(len, bases), default=0)
    found = of_plugin.Bases(bases).longest(key)
    assert of_package.longest_base(key, bases) == found
    assert of_package.longest_base(key, bases, longest) == found
    for kind in (CacheRegistry, SysRegistry):
        assert registry_of(bases, kind).match(key) == found


@given(bases_and_keys())
def test_the_longest_base_before_a_separator_is_a_proper_start(drawn: tuple[set[str], str]) -> None:
    bases, key = drawn
    starts = [base for base in bases if key.startswith(f"{base}:")]
    assert of_plugin.Bases(bases).longest_before_separator(key) == max(starts, key=len, default=None)


@given(BASES, TEXTS)
def test_the_first_base_that_a_text_leads_to(bases: set[str], text: str) -> None:
    leading = sorted(base for base in bases if base.startswith(text))
    assert of_plugin.Bases(bases).first_starting_with(text) == (leading[0] if leading else None)
