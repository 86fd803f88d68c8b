"""From Python to TypeScript and back, and the other way round, nothing is lost and nothing added."""

from __future__ import annotations

import keyword
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civiredis import CacheRegistry, Hash, key
from civiredis.catalogue.structures import PACKED, REDIS_TYPES, UNDECLARED, Contents
from civiredis.registry import METHODS, Registry
from civiredis.typescript.drift import differences
from civiredis.typescript.python import python_of
from civiredis.typescript.reading import read_typescript
from civiredis.typescript.table import Group, Leaf, Table, TableError, table_of, tidied
from civiredis.typescript.writing import typescript_of
from tests.catalogue import test_value_types as value_types

if TYPE_CHECKING:
    from civiredis.typescript.table import Member

hiding = st.sampled_from(["key", "String", "Hash", "CacheRegistry", "int", "list", "Profile", "Outer", "datetime"])
"""Names that a module with registries also needs for other things."""

names = st.one_of(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True), hiding).filter(
    lambda name: not keyword.iskeyword(name) and name not in METHODS
)
texts = st.text(st.characters(codec="utf-8"), max_size=30)
docs = st.one_of(
    st.none(),
    st.one_of(texts, st.from_regex(r'([@*/\\ "\'`a\n]|@ttl 5|\*/|//|""")*', fullmatch=True)).map(tidied),
)
OF_TEXT: Final = ("int", "datetime:datetime", 'typing:Literal["a:b", "*/", "*\\\\/", -1]')
"""Types whose values are text."""

OF_MESSAGEPACK: Final = (
    *("None", "list[int]", "tuple[int, ...]", "datetime:date | None"),
    *(f"{value_types.__name__}:Profile", f"dict[str, {value_types.__name__}:Color]"),
)
"""Types that only `.packed` writes."""

contents = st.one_of(
    st.just(UNDECLARED),
    st.sampled_from([Contents(one) for one in REDIS_TYPES]),
    st.sampled_from([Contents(one, of) for one in REDIS_TYPES if one != "Counter" for of in OF_TEXT]),
    st.sampled_from([Contents(one, of) for one in PACKED for of in OF_MESSAGEPACK]),
)
leaves = st.builds(Leaf, names, st.just(""), st.one_of(st.none(), st.integers(1, 10**9)), docs, contents)


def groups(members: st.SearchStrategy[Member]) -> st.SearchStrategy[Member]:
    return st.builds(Group, names, st.lists(members, max_size=3, unique_by=lambda one: one.name).map(tuple), docs)


members: st.SearchStrategy[Member] = st.recursive(leaves, groups, max_leaves=8)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    drawn = draw(st.lists(members, max_size=4, unique_by=lambda one: one.name))
    number = iter(range(10_000))

    def numbered(member: Member) -> Member:
        if isinstance(member, Leaf):
            text = draw(texts).strip(":")
            start = "packed:" if member.contents.value_type in OF_MESSAGEPACK else ""
            return replace(member, base=f"{start}{text}{next(number)}")
        return Group(member.name, tuple(map(numbered, member.members)), member.doc)

    tree = Group("Keys", tuple(map(numbered, drawn)), draw(docs))
    return Table(draw(st.sampled_from(["cache", "system"])), tree)


def registry_of(source: str) -> type[Registry]:
    """The registry that the text of a Python module declares."""
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), names)  # noqa: S102 what is under test
    registry = names["Keys"]
    assert isinstance(registry, type)
    assert issubclass(registry, Registry)
    return registry


@pytest.mark.filterwarnings("ignore::civiredis.exceptions.RegistryWarning")
@settings(max_examples=300, deadline=None)
@given(tables())
def test_nothing_is_lost_on_the_way(table: Table) -> None:
    written = typescript_of([table])
    assert read_typescript(written) == [table]
    python = python_of([table])
    assert table_of(registry_of(python)) == table
    assert typescript_of([table_of(registry_of(python))]) == written
    assert python_of(read_typescript(written)) == python
    assert differences([table], read_typescript(written)) == []


HAND_WRITTEN = """\
import { something } from "elsewhere";

// Not about the table.

// Keys of the cache,
// by hand.
export const RedisKeys = {
  // one user
  'user': 'user', // by id
  session: `session`, /* block */
  nested: {
    /** Deep
     *    down. */
    deeper: { x: "a\\u003ab" },
  },
} as const satisfies Record<string, unknown>;

const number = 5;
const SysRedisKeys = { features: "system:features" };
export type Key = `${typeof RedisKeys.user}:${string}`;
"""


def test_a_table_written_by_hand_is_read() -> None:
    deeper = Group("deeper", (Leaf("x", "a:b"),), "Deep\ndown.")
    users = (Leaf("user", "user", None, "one user\nby id"), Leaf("session", "session", None, "block"))
    tree = Group("RedisKeys", (*users, Group("nested", (deeper,))), "Keys of the cache,\nby hand.")
    system = Table("system", Group("SysRedisKeys", (Leaf("features", "system:features"),)))
    assert read_typescript(HAND_WRITTEN) == [Table("cache", tree), system]


REFUSED = {
    "": "there is no table in it",
    "const K = { a: 1 };": "line 1: a is '1', and not a text or a group of texts",
    'const K = {\n a: "x",\n a: "y" };': "line 3: a is there twice",
    'const K = {\n a: "x",\n b: "x" };': "K: a and b are the same base 'x'; keep one",
    'const K = { a: "x:" };': "line 1: the base 'x:' ends with a colon",
    "const K = { a: `x${1}` };": "line 1: `x${1}` is put together",
    'const K = { "user-id": "x" };': "'user-id' is no name for an attribute of a registry",
    'const K = { class: "x" };': "'class' is no name",
    'const K = { _a: "x" };': "'_a' is no name",
    'const K = { parse: "x" };': "'parse' is no name",
    "const K = { ...other };": "line 1: '.' stands where the name of a base or a group belongs",
    'const K = { a: "x" b: "y" };': "line 1: 'b' stands where `,` or `}` belongs",
    'const K = { a: "x" + y };': "line 1: '+' stands where",
    'const K = { a: "x",': "'the end of the file' stands where",
    'const K = { a "x" };': "stands where `:` belongs",
    'const K = { /** @ttl 0 */ a: "x" };': "@ttl is a whole number of seconds from 1 on, not 0",
    'const K = { /** @structure Hsh */ a: "x" };': "@structure is one of String, Counter, Hash, List, Set, SortedSet, ",
    'const K = { /** @value int */ a: "x" };': "line 1: @value int stands without a @structure",
    'const K = {\n/** \n* @structure Set\n* @value Profile\n*/\n a: "x" };': "line 6: @value is a type in Python",
    'const K = {\n/** \n* @structure Counter\n* @value int\n*/\n a: "x" };': "line 6: a Counter holds whole numbers",
    'const K = { /** @structure List */ a: "packed:x" };': "line 1: `.packed` has no commands for a List",
    r'const K = { a: "\ud800" };': "is no text that UTF-8 can hold",
    r'const K = { a: "\u{FFFFFFF}" };': "is no text that UTF-8 can hold",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_python_could_not_say_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(TableError) as refused:
        read_typescript(source)
    assert REFUSED[source] in str(refused.value)


class UserKeys(CacheRegistry):
    USER = "user"

    class Shared:
        """Of everybody."""

        A = "shared:a"


class MoreKeys(UserKeys):
    class Shared:
        B = "shared:b"


def test_what_is_inherited_is_written_too() -> None:
    shared = Group("Shared", (Leaf("A", "shared:a"), Leaf("B", "shared:b")), "Of everybody.")
    assert table_of(MoreKeys) == Table("cache", Group("MoreKeys", (Leaf("USER", "user"), shared)))


def test_a_name_that_two_classes_declare_is_refused() -> None:
    class Again(UserKeys):
        USER = "user:again"

    with pytest.raises(TableError, match=r"Again\.USER is declared in two classes"):
        table_of(Again)


def test_a_type_that_nobody_can_import_is_refused() -> None:
    class Local(TypedDict):
        name: str

    class Keys(CacheRegistry):
        USER = key("packed:user", Hash[Local])

    with pytest.raises(TableError, match=r"Keys\.USER holds .*Local, which no other module can import"):
        table_of(Keys)
