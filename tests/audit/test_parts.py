"""The parts of an audit that are pure computation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civiredis.audit.histogram import Histogram
from civiredis.audit.report import shown
from civiredis.audit.strays import MOST_GROUPS, OTHERS, Strays, prefix_of
from civiredis.audit.treemap import treemap
from civiredis.audit.walk import KeyFacts
from civiredis.quantities import counted, duration, number, size


@given(st.lists(st.integers(0, 2**40), min_size=1), st.floats(0, 1))
def test_a_quantile_is_near_the_true_one(numbers: list[int], share: float) -> None:
    histogram = Histogram()
    for one in numbers:
        histogram.add(one)
    true = sorted(numbers)[max(0, math.ceil(share * len(numbers)) - 1)]
    found = histogram.quantile(share)
    assert found is not None
    assert abs(found - true) <= true / 32


def test_a_histogram_stays_small() -> None:
    histogram = Histogram()
    for one in range(0, 10_000_000, 97):
        histogram.add(one)
    assert len(histogram._buckets) < 64 * 25
    assert histogram.quantile(0.5) == pytest.approx(5_000_000, rel=1 / 32)
    assert Histogram().quantile(0.5) is None


@given(st.lists(st.floats(1, 1e9), min_size=1, max_size=60))
def test_a_treemap_is_as_large_as_its_values(values: list[float]) -> None:
    values.sort(reverse=True)
    rectangles = treemap(values, 1000, 400)
    assert len(rectangles) == len(values)
    for value, (x, y, width, height) in zip(values, rectangles, strict=True):
        assert width * height == pytest.approx(400_000 * value / sum(values), rel=1e-3, abs=1e-3)
        assert x >= -1e-6
        assert y >= -1e-6
        assert x + width <= 1000 + 1e-3
        assert y + height <= 400 + 1e-3


def test_unmatched_keys_take_bounded_memory() -> None:
    strays = Strays()
    for letter in range(3000):
        text = "".join(chr(ord("a") + int(digit)) for digit in str(letter))
        strays.add(text, KeyFacts(text.encode(), b"string", -1, 10))
    assert len(strays.groups) == MOST_GROUPS + 1
    assert sum(group.keys for group in strays.groups.values()) == 3000
    assert strays.by_memory()[0].prefix == OTHERS


@pytest.mark.parametrize(
    ("key", "prefix"),
    [
        ("legacy:17:x", "legacy:*"),
        ("sess_5f3a9c0e77d1", "sess_*"),
        ("550e8400-e29b-41d4-a716-446655440000:x", "*:*"),
        ("user42", "user*"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_what_keys_have_in_common(key: str, prefix: str) -> None:
    assert prefix_of(key) == prefix


def test_keys_are_shown_on_one_line() -> None:
    assert shown(b"a\nb\x00\xff\xe2\x80\xae") == r"a\nb\x00\xff\u202e"
    assert shown("Zoë:日本".encode()) == "Zoë:日本"
    assert shown(b"x" * 10_000) == "x" * 200 + "..."


def test_quantities() -> None:
    assert [duration(one) for one in (0, 59, 60, 90, 3600, 3661, 86400 * 3 + 7200)] == [
        "0 s", "59 s", "1 min", "1 min 30 s", "1 h", "1 h 1 min", "3 d 2 h",
    ]  # fmt: skip
    assert [size(one) for one in (0, 1023, 1024, 15_000, 300_000, 2**40)] == [
        "0 B", "1023 B", "1.00 KiB", "14.6 KiB", "293 KiB", "1.00 TiB",
    ]  # fmt: skip
    assert number(1_000_000) == "1,000,000"
    assert [counted(one, "key") for one in (0, 1, 2000)] == ["0 keys", "1 key", "2,000 keys"]
