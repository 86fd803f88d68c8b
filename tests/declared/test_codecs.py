"""The same bytes are the same value with msgspec as codec and without; what Node writes is of the declared type."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args, get_origin
from uuid import UUID

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civiredis import PackError
from civiredis.packed.codec import QUICK, pack, unpack
from civiredis.packed.declared import DeclaredCodec, forms_of_type
from civiredis.values.building import Builder
from civiredis.values.misfit import MalformedValueError
from tests.declared.keys import TYPES, CacheKeys
from tests.declared.test_packed import VALUES
from tests.packed.node_peer import NodePeer, js

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.valkey_server import ValkeyServer

CODECS = {name: DeclaredCodec(type_, Builder({})) for name, type_ in TYPES.items()}

REFUSED = "refused"


def outcome(read: Callable[[bytes], Any], packed: bytes) -> object:
    """What bytes are read as, with its type at every depth (as 1 equals True); or that they are refused."""
    try:
        value = read(packed)
    except MalformedValueError:
        return REFUSED
    return value, shown(value)


def shown(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{shown(name)}: {shown(part)}' for name, part in value.items())}}}"
    if isinstance(value, datetime):
        return f"{value.isoformat()} {value.tzinfo is None}"
    if isinstance(value, (set, frozenset)):
        return f"{type(value)}{sorted(map(shown, value))}"
    if isinstance(value, (list, tuple)):
        return f"{type(value)}{[shown(item) for item in value]}"
    return repr(value)


def both(codec: DeclaredCodec, packed: bytes) -> tuple[object, object]:
    """What bytes are with msgspec, and by the rules alone that have the last word."""

    def read(stored: bytes) -> Any:
        if codec.quick is not None:
            try:
                return codec.quick(stored)
            except Exception:  # noqa: BLE001, S110 - as `forms` does
                pass
        return codec.unpack(stored)

    return outcome(read, packed), outcome(codec.unpack, packed)


EXTENSIONS = st.sampled_from(
    [
        msgpack.ExtType(0, b"\x00"),
        msgpack.ExtType(0x42, b"\x00\x01\x02"),
        msgpack.ExtType(0x72, b"@"),
        msgpack.ExtType(5, b"x"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.integers(-(2**53), 2**53).map(float)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "good", "free", "1", "P1DT2.5S", "-PT1S", "1.50", "2026-01-02", "01:02:03"])
    | st.sampled_from(["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "00000000-0000-0000-0000-000000000005"])
    | st.binary(max_size=16)
    | st.datetimes(timezones=st.just(UTC))
    | EXTENSIONS
)
NAMES = st.sampled_from(
    [
        "name",
        "age",
        "tags",
        "value",
        "branches",
        "x",
        "y",
        "number",
        "owners",
        "id",
        "wait",
        "seen",
        "Title",
        "a",
        1,
        1.0,
    ]
)
PARTS = st.recursive(
    LEAVES, lambda parts: st.lists(parts, max_size=3) | st.dictionaries(NAMES, parts, max_size=4), max_leaves=8
)
FITTING = st.sampled_from(
    [CODECS[name].pack(value, "packed:any") for name, values in VALUES.items() for value in values]
)
ANY_BYTES = PARTS.map(lambda value: msgpack.packb(value, datetime=True)) | FITTING | st.binary(max_size=40)


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=40)  # of each type
@given(packed=ANY_BYTES)
def test_a_declared_type_is_read_alike_with_msgspec_and_without(name: str, packed: bytes) -> None:
    with_msgspec, without = both(CODECS[name], packed)
    assert with_msgspec == without


@given(packed=ANY_BYTES)
def test_an_undeclared_value_is_read_alike_with_msgspec_and_without(packed: bytes) -> None:
    assert QUICK is not None
    try:
        quick: object = QUICK(packed)
    except Exception:  # noqa: BLE001 - then msgpack is asked
        return
    assert (quick, shown(quick)) == outcome(unpack, packed)


@pytest.mark.parametrize("name", TYPES)
def test_msgspec_reads_what_was_written_without_a_second_look(name: str) -> None:
    """Else it would be no faster; it leaves to others what holds a pydantic model, and unions that it does not know."""
    quick = CODECS[name].quick
    if name in {"model", "mixed", "constrained by pydantic", "several texts"}:
        assert quick is None
        return
    assert quick is not None
    for value in VALUES[name]:
        assert quick(CODECS[name].pack(value, "packed:any")) == value


def test_the_wire_format_is_that_of_undeclared_values() -> None:
    assert CODECS["record"].pack({"name": "Ann", "age": 3}, "") == pack({"name": "Ann", "age": 3}, "")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert CODECS["datetime"].pack(moment, "") == pack(moment, "")
    naive = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - has no form in MessagePack, so it is text
    assert CODECS["datetime"].pack(naive, "") == pack("2026-01-02T03:04:00", "")
    assert CODECS["set"].pack({3, 1, 2}, "") == pack([1, 2, 3], "")
    assert CODECS["timedelta"].pack(timedelta(days=1, seconds=2.5), "") == pack("P1DT2.5S", "")
    assert CODECS["float"].pack(1, "") == pack(1.0, "")


@pytest.fixture(scope="module")
def node(cache_server: ValkeyServer) -> Iterator[NodePeer]:
    with NodePeer(cache_server.port) as peer:
        yield peer


@dataclass
class Created:
    id: int


@dataclass
class Renamed:
    id: int
    name: str = ""


UNIONS: list[tuple[Any, list[Any]]] = [
    (Created | Renamed, [Created(1), Renamed(1, "a")]),
    (Renamed | Created, [Renamed(1, "a"), Renamed(1)]),
    (datetime | date, [date(2026, 1, 2), datetime(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)]),  # noqa: DTZ001
    (time | Decimal, [time(12), Decimal(12)]),
    (UUID | Decimal, [UUID(int=5), Decimal(12345678901234567890123456789012)]),
    (bytearray | UUID, [UUID(int=5), bytearray(16)]),
    (UUID | bytearray, [UUID(int=5), bytearray(16)]),
    (list[Created | Renamed] | None, [None, [Created(1), Renamed(1, "a")]]),
]


@pytest.mark.parametrize(("union", "values"), UNIONS, ids=str)
def test_what_is_stored_is_of_the_type_of_a_union_that_takes_all_of_it(union: Any, values: list[Any]) -> None:
    codec = DeclaredCodec(union, Builder({}))
    for value in values:
        assert shown(codec.unpack(codec.pack(value, "k"))) == shown(value)


def test_what_no_type_of_a_union_takes_as_a_whole_is_of_the_first_that_fits() -> None:
    codec = DeclaredCodec(Renamed | Created, Builder({}))
    assert codec.unpack(pack({"id": 1, "more": 2}, "k")) == Renamed(1)
    with pytest.raises(MalformedValueError, match=r"\$\.id is missing, expected a value$"):
        codec.unpack(pack({"name": "a"}, "k"))


def test_the_order_of_a_union_counts_though_unions_of_any_order_are_equal() -> None:
    for order in (set[int] | list[int], list[int] | set[int]):
        form = forms_of_type(order).plain
        assert isinstance(form.read(pack([1], "k")), get_origin(get_args(order)[0]))


def test_a_whole_number_beyond_all_floats_is_no_float() -> None:
    codec = DeclaredCodec(list[float], Builder({}))
    with pytest.raises(PackError, match=r"\$\[0\] is an int beyond all floats, expected float$"):
        codec.pack([10**400], "k")


async def test_what_node_writes_is_of_the_declared_type(cache: Any, node: NodePeer) -> None:
    """JavaScript writes an int beyond 32 bits as a float, `undefined` as an extension, and a Date as a timestamp."""
    node.write("app:packed:maybe:1", js("number", "1714979289123"))
    node.write("app:packed:maybe:2", js("undefined"))
    node.write("app:packed:maybe:3", js("bigint", "18446744073709551615"))
    node.write("app:packed:maybe:4", js("number", "0.5"))
    keys = [CacheKeys.MAYBE(number) for number in range(1, 5)]
    assert await cache.packed.mget(keys) == [1714979289123, None, 2**64 - 1, None]
    assert [type(value) for value in await cache.packed.mget(keys)][:1] == [int]
    owners = js("map", [[js("number", "4294967296"), js("string", "Ann")]])
    node.write("app:packed:account:1", js("object", [["number", js("number", "4294967297")], ["owners", owners]]))
    account = await cache.packed.get(CacheKeys.ACCOUNT(1))
    assert (account.number, account.owners) == (2**32 + 1, {2**32: "Ann"})
    seen = js("date", "2024-05-06T07:08:09.123Z")
    node.write("app:packed:article:1", js("object", [["id", js("number", "4294967296")], ["seen", seen]]))
    article = await cache.packed.get(CacheKeys.ARTICLE(1))
    assert (article.id, article.seen) == (2**32, datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC))


async def test_node_reads_what_is_written_of_a_declared_type(cache: Any, node: NodePeer) -> None:
    await cache.packed.set(CacheKeys.PROFILE(1), {"name": "Ann", "age": 3})
    expected = js("object", [["name", js("string", "Ann")], ["age", js("number", "3")]])
    assert node.read("app:packed:profile:1") == expected


WITHOUT = """
import sys
sys.modules.update(dict.fromkeys({missing!r}))
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID
from civiredis import CacheRegistry, LibraryMissingError, String, create_cache_redis, key
from civiredis.packed.declared import forms_of_type

class Profile(TypedDict):
    id: UUID
    seen: datetime

@dataclass
class Point:
    x: int

def tried(declared):
    class Keys(CacheRegistry):
        KEY = key("packed:key", String[declared])
    try:
        create_cache_redis(Keys, url="redis://127.0.0.1:1")
    except LibraryMissingError as error:
        return str(error)
    return "works"

print(tried(Profile), tried(Point), sep="\\n")
if "pydantic" not in {missing!r}:
    import pydantic
    class Model(pydantic.BaseModel):
        x: int
    print(tried(Model))
profile = dict(id=UUID(int=5), seen=datetime(2026, 1, 2))
form = forms_of_type(Profile).plain
print(form.read(form.write(profile, "")) == profile)
"""


def without(*missing: str) -> list[str]:
    """What a program prints where libraries are not installed: their import fails as it does then."""
    program = WITHOUT.format(missing=list(missing))
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_plain_types_and_typed_dicts_need_no_library() -> None:
    message = "Keys.KEY: Point needs msgspec, which is not installed: pip install 'civiredis[msgspec]'"
    assert without("msgspec", "pydantic") == ["works", message, "True"]


def test_dataclasses_are_read_by_pydantic_where_msgspec_is_not_installed() -> None:
    assert without("msgspec") == ["works", "works", "works", "True"]


def test_models_need_pydantic() -> None:
    assert without("pydantic") == ["works", "works", "True"]
