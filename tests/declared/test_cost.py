"""What the types of values cost, in calls: see tests/transport/counting.py on how they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from civiredis import CacheRegistry, String, create_cache_redis, key
from tests.transport.counting import Calls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Profile(TypedDict):
    name: str
    age: int
    roles: list[str]


class Undeclared(CacheRegistry):
    PROFILE = "packed:user:profile"
    NAME = "name"
    USER = "user"


class Declared(CacheRegistry):
    PROFILE = key("packed:user:profile", String[Profile])
    NAME = key("name", String[str])
    USER = "user"


async def calls_of(registry: type[CacheRegistry], url: str, read: Callable[[Any], Awaitable[object]]) -> float:
    async with create_cache_redis(registry, url=url) as client:
        anyone: Any = client
        await anyone.packed.set("packed:user:profile:7", {"name": "Ann", "age": 3, "roles": ["admin"]})
        await anyone.mset({"user:7": "x", "name:7": "x"})
        await read(client)
        with Calls() as calls:
            for _ in range(200):
                await read(client)
    return calls.count / 200


async def test_a_declared_type_adds_at_most_a_twentieth_to_a_sequential_packed_get(cache_url: str) -> None:
    def read(client: Any) -> Awaitable[object]:
        reply: Awaitable[object] = client.packed.get("packed:user:profile:7")
        return reply

    assert await calls_of(Declared, cache_url, read) <= 1.05 * await calls_of(Undeclared, cache_url, read)


async def test_text_of_which_no_other_type_is_declared_costs_nothing(cache_url: str) -> None:
    for name in ("user:7", "name:7"):

        def read(client: Any, name: str = name) -> Awaitable[object]:
            reply: Awaitable[object] = client.get(name)
            return reply

        assert await calls_of(Declared, cache_url, read) == await calls_of(Undeclared, cache_url, read)


async def test_an_mget_looks_once_at_keys_of_one_base(cache_url: str) -> None:
    """Three calls a key: where its last part begins, what was found of the rest, and one to note it."""

    def read(client: Any) -> Awaitable[object]:
        reply: Awaitable[object] = client.packed.mget([f"packed:user:profile:{number}" for number in range(100)])
        return reply

    declared, undeclared = [await calls_of(registry, cache_url, read) for registry in (Declared, Undeclared)]
    assert declared - undeclared <= 3.5 * 100
