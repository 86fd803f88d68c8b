"""Declared keys: `uv run python -m benchmarks.declared [--rounds N]`, on a private server.

What msgspec is worth as codec, what a declared type adds to a sequential packed GET, and what it takes to match a key.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time
from typing import TYPE_CHECKING, Any, TypedDict

from benchmarks.markdown import table
from benchmarks.ratios import ratio
from civiredis import CacheRegistry, String, create_cache_redis, key
from civiredis.keyspace import Keyspace
from civiredis.packed.codec import pack, unpack
from civiredis.packed.declared import DeclaredCodec
from civiredis.packed.forms import forms_of
from civiredis.values.building import Builder
from tests.valkey_server import ValkeyServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Address(TypedDict):
    """A part of a record."""

    street: str
    city: str
    zip: str


class Profile(TypedDict):
    """What every key here holds."""

    id: int
    name: str
    email: str
    roles: list[str]
    active: bool
    created: float
    address: Address
    scores: list[int]
    biography: str


class Undeclared(CacheRegistry):
    """A base of which nothing is declared."""

    PROFILE = "packed:user:profile"


class Declared(CacheRegistry):
    """The same base with its type."""

    PROFILE = key("packed:user:profile", String[Profile])


KEYS = [f"packed:user:profile:{number}" for number in range(100)]
MGETS = 20
GETS = 500
MATCHES = 20_000
"""How often a round does each."""


def profile(number: int) -> Profile:
    """Make a record of some 320 bytes."""
    return {
        "id": number,
        "name": f"User {number}",
        "email": f"user{number}@example.com",
        "roles": ["reader", "writer"],
        "active": True,
        "created": 1_700_000_000.5,
        "address": {"street": "Main Street 1", "city": "Berlin", "zip": "10115"},
        "scores": list(range(20)),
        "biography": "x" * 120,
    }


async def compare(url: str, rounds: int) -> None:
    """Measure everything, round by round, and print it."""
    codec = DeclaredCodec(Profile, Builder({}))
    clients: list[Any] = [
        create_cache_redis(registry, url=url) for registry in (Declared, Declared, Undeclared, Undeclared)
    ]
    typed, typed_by_msgpack, untyped, untyped_by_msgpack = clients
    # What these two read with is what they would where msgspec is not installed.
    typed_by_msgpack.packed._forms = {Declared.PROFILE: forms_of(codec.pack, codec.unpack, None)}  # noqa: SLF001
    untyped_by_msgpack.packed._forms = {Undeclared.PROFILE: forms_of(pack, unpack, None)}  # noqa: SLF001
    await typed.packed.mset({name: profile(number) for number, name in enumerate(KEYS)})

    async def mget(client: Any) -> None:
        for _ in range(MGETS):
            await client.packed.mget(KEYS)

    async def get(client: Any) -> None:
        for _ in range(GETS):
            await client.packed.get(KEYS[0])

    works: dict[str, Callable[[], Awaitable[None]]] = {
        "mget, declared, msgspec": lambda: mget(typed),
        "mget, declared, msgpack": lambda: mget(typed_by_msgpack),
        "mget, undeclared, msgspec": lambda: mget(untyped),
        "mget, undeclared, msgpack": lambda: mget(untyped_by_msgpack),
        "get, declared": lambda: get(typed),
        "get, undeclared": lambda: get(untyped),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            gc.collect()
            started = time.perf_counter()
            await work()
            if number:
                seconds[name].append(time.perf_counter() - started)
    rows = [
        ["mget of 100 records into their declared type", "msgpack", compared(seconds, "mget, declared")],
        ["mget of 100 records of which nothing is declared", "msgpack", compared(seconds, "mget, undeclared")],
        [
            "a sequential packed get, declared",
            "undeclared",
            str(ratio(seconds["get, undeclared"], seconds["get, declared"])),
        ],
    ]
    print(table(["work, with msgspec", "base", "times faster"], rows))
    for client in clients:
        await client.aclose()


def compared(seconds: dict[str, list[float]], work: str) -> str:
    """Compare the two codecs in one work."""
    return str(ratio(seconds[f"{work}, msgpack"], seconds[f"{work}, msgspec"]))


def matching() -> None:
    """Print what `check_keys` adds to a key."""
    off, on = (Keyspace(Declared, check_keys=check).wire for check in ("off", "raise"))

    def taken(wire: Callable[[Any], object]) -> float:
        started = time.perf_counter()
        for _ in range(MATCHES):
            wire(KEYS[0])
        return (time.perf_counter() - started) / MATCHES * 1e6

    added = min(taken(on) for _ in range(9)) - min(taken(off) for _ in range(9))
    print(f"\ncheck_keys adds {added:.2f} us to a key")


def main() -> None:
    """Start a server, and compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.declared")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with ValkeyServer() as server:
        asyncio.run(compare(server.url, options.rounds))
    matching()


if __name__ == "__main__":
    main()
