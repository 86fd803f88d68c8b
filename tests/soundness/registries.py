"""Registries, with bases that are near one another: parts of other bases, extensions of them, or look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

SEGMENTS = ("a", "b", "ab", "us", "er", "user", "User", "user-x", "é", "{", "{}", "%", "%s", "a b", "0", "1", "-1")
WORDS = ("None", "True", "False", "Kind.A", "settings", "\\n", "'", '"', "🙂")


@dataclass(frozen=True)
class Registry:
    """A registry class: its source, and each base with the expression that names it."""

    name: str
    source: str
    bases: dict[str, str]


@st.composite
def bases(draw: DrawFn) -> str:
    """One to three segments with colons between them."""
    segments = st.sampled_from(SEGMENTS) | st.sampled_from(SEGMENTS) | st.sampled_from(WORDS)
    return ":".join(draw(st.lists(segments, min_size=1, max_size=3)))


@st.composite
def families(draw: DrawFn) -> list[Registry]:
    """Return one to three registries, of which the later may inherit from the earlier."""
    family: list[Registry] = []
    for number in range(draw(st.integers(1, 3))):
        parents = draw(st.lists(st.sampled_from(family), unique_by=id, max_size=2)) if family else []
        if len(parents) == 2 and parents[0].bases.keys() & parents[1].bases.keys():
            del parents[1]
        family.append(_registry(draw, f"R{number}", parents))
    return family


def _registry(draw: DrawFn, name: str, parents: list[Registry]) -> Registry:
    inherited = {base: place for parent in parents for base, place in parent.bases.items()}
    own = [base for base in draw(st.lists(bases(), min_size=1, max_size=5, unique=True)) if base not in inherited]
    flat = draw(st.integers(0, len(own)))
    names = ", ".join(parent.name for parent in parents) or "CacheRegistry"
    lines = [f"class {name}({names}):", f'    """Bases {len(own)}."""']
    named: dict[str, str] = {}
    for at, base in enumerate(own):
        if at == flat:
            lines.append(f"    class Of{name}:")
        indent, path = ("    ", f"{name}.B{at}") if at < flat else ("        ", f"{name}.Of{name}.B{at}")
        lines.append(f"{indent}{path.rpartition('.')[2]} = {base!r}")
        named[base] = path
    return Registry(name, "\n".join(lines), inherited | named)
