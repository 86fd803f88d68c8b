"""How far a key has been proven, piece by piece.

A key is judged from left to right. Before each piece there is a set of states, one for each text that the pieces so
far can have; a piece moves each of them on. States that no longer depend on the exact text fall together, so two
unions of 400 members cost 800 steps and not 160,000.

`f"{CacheKeys.USER}:{user_id}"` goes through `Fixed("")`, `Fixed("user")`, `Matched("user")` and stays there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple, TypeAlias

from mypy.nodes import Expression
from mypy.types import ProperType

from civiredis_mypy.grammar import SEPARATOR, Bases


class Fixed(NamedTuple):
    """All text so far is known. `base` is the longest base that already stands in it before a colon."""

    text: str
    base: str | None


class Matched(NamedTuple):
    """A base (None: one not known by name) and its colon are complete, and no longer base can follow: anything may."""

    base: str | None


class Whole(NamedTuple):
    """Exactly one proven key (or base, where `exact`) of unknown text stands here: the end or a colon may follow."""

    exact: bool
    structure: ProperType | None = None
    """What its type says that it holds."""


State: TypeAlias = Fixed | Matched | Whole
States: TypeAlias = frozenset[State]

START: Final[States] = frozenset({Fixed("", None)})
UNNAMED: Final = Matched(None)


class DeadEnd(Exception):  # noqa: N818 - an outcome of the search, no error
    """The text so far can no longer become a key.

    `text` is that text, where all of it is known; `built` the outermost string-building expression that led here.
    """

    def __init__(self, text: str | None) -> None:
        super().__init__(text)
        self.text = text
        self.built: Expression | None = None


def settled(states: States) -> bool:
    """Whether nothing that follows can change the outcome any more."""
    for state in states:  # noqa: SIM110 - asked for every piece of every key, and faster so
        if not isinstance(state, Matched):
            return False
    return True


def in_order(states: States) -> Iterable[State]:
    """Put the states in an order that is the same in every run, as the first dead end is the one that is told of."""
    return states if len(states) == 1 else sorted(states, key=repr)


def after_texts(states: States, texts: Collection[str], bases: Bases) -> States:
    """Move every state over every one of `texts`. Raises `DeadEnd` when any pair leads nowhere."""
    if len(states) == len(texts) == 1:
        (state,), (text,) = states, texts
        if isinstance(state, Fixed):
            return frozenset({_after_fixed(state, text, bases)})
    moved: set[State] = set()
    fixed: list[Fixed] = []
    for state in in_order(states):
        if isinstance(state, Matched):
            moved.add(state)
        elif isinstance(state, Whole):
            moved.update(_after_whole(state, text) for text in texts)
        else:
            fixed.append(state)
    if len(fixed) == 1 or len(texts) == 1:
        for state in fixed:
            for text in texts:
                moved.add(_after_fixed(state, text, bases))
    elif fixed:
        _after_many(fixed, texts, bases, moved)
    return frozenset(moved)


def _after_many(fixed: list[Fixed], texts: Collection[str], bases: Bases, moved: set[State]) -> None:
    """As `after_texts`; texts that begin with the colon behind a finished base need not be looked at one by one."""
    separated = [text for text in texts if text.startswith(SEPARATOR)]
    others = [text for text in texts if not text.startswith(SEPARATOR)]
    for state in fixed:
        finished = state.text in bases and bases.first_starting_with(state.text + SEPARATOR) is None
        if finished and separated:
            moved.add(Matched(state.text))
        for text in others if finished else texts:
            moved.add(_after_fixed(state, text, bases))


def _after_whole(state: Whole, text: str) -> State:
    if not text:
        return state
    if text.startswith(SEPARATOR):
        return Matched(None)
    raise DeadEnd(None)


def _after_fixed(state: Fixed, text: str, bases: Bases) -> State:
    if not text:
        return state
    longer = state.text + text
    base = bases.longest_before_separator(longer)
    if bases.first_starting_with(longer) is not None:
        return Fixed(longer, base)
    if base is not None:
        return Matched(base)
    raise DeadEnd(longer)


def after_unknown(states: States) -> States:
    """Move every state over a piece of which nothing is known. Raises `DeadEnd` where a base is not complete yet."""
    moved: set[State] = set()
    for state in in_order(states):
        if isinstance(state, Matched):
            moved.add(state)
        elif isinstance(state, Fixed) and state.base is not None:
            moved.add(Matched(state.base))
        else:
            raise DeadEnd(state.text if isinstance(state, Fixed) else None)
    return frozenset(moved)


def after_whole_key(states: States, whole: Whole, *, same: bool, piece: Bases, bases: Bases) -> States:
    """Move every state over a piece that is itself a proven key, of a registry with the bases `piece`.

    `same` says that every key of that registry is one of ours; otherwise, and behind other text, each of its bases is
    judged by its text.
    """
    moved: set[State] = set()
    for state in in_order(states):
        if isinstance(state, Matched):
            moved.add(state)
        elif same and state == Fixed("", None):
            moved.add(whole)
        elif not piece.ordered:
            raise DeadEnd(None)
        else:
            for base in piece.ordered:
                (reached,) = after_texts(frozenset({state}), (base,), bases)
                if isinstance(reached, Fixed) and reached.text not in bases and reached.base is None:
                    raise DeadEnd(reached.text)
            moved.add(Whole(whole.exact))
    return frozenset(moved)


def matched_bases(states: States, bases: Bases) -> frozenset[str | None]:
    """Name the base of each state at the end of a key, if its type does not say what it holds.

    Raises `DeadEnd` for a text that is no key.
    """
    found: set[str | None] = set()
    for state in in_order(states):
        if isinstance(state, Matched):
            found.add(state.base)
        elif isinstance(state, Whole):
            if state.structure is None:
                found.add(None)
        elif state.text in bases:
            found.add(state.text)
        elif state.base is not None:
            found.add(state.base)
        else:
            raise DeadEnd(state.text)
    return frozenset(found)


def held_structures(states: States) -> frozenset[ProperType]:
    """Return what the types of keys of unknown text say that they hold."""
    return frozenset(state.structure for state in states if isinstance(state, Whole) and state.structure is not None)


def is_exact(states: States, bases: Bases) -> bool:
    """Whether each state at the end of an expression is a base without suffix."""
    return all(
        state.text in bases if isinstance(state, Fixed) else isinstance(state, Whole) and state.exact
        for state in states
    )
