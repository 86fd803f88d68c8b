"""Keys that mypy cannot see, matched against the registry when they are handed to a client."""

from __future__ import annotations

import inspect
import warnings
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from civiredis import (
    CacheRedis,
    RedisSettings,
    SettingsError,
    UnknownKeyError,
    UnknownKeyWarning,
    create_cache_redis,
    create_redis_clients,
    create_sys_redis,
)
from civiredis.keyspace import Keyspace
from civiredis.packed import CachePacked
from tests.declared.keys import CacheKeys, SysKeys
from tests.transport.counting import Calls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import redis

NOWHERE = "redis://127.0.0.1:1"
UNKNOWN = "vews:1"
MESSAGE = "'vews:1' starts with no base key of CacheKeys; did you mean 'views:1'?"

ARGUMENTS: dict[str, Any] = {
    "keys": [UNKNOWN],
    "mapping": {"a": 1},
    "streams": {UNKNOWN: "0"},
    "fields": {"a": 1},
    "values": [(1.0, 2.0, "a")],
    "ttl": 5,
    "time": timedelta(seconds=5),
    "when": 5,
    "seconds": 5,
    "milliseconds": 5,
    "direction": "LEFT",
    "operation": "AND",
    "operations": ("u8", 0),
    "message_ids": ["1-1"],
    "members": ["a"],
    "script": "return 1",
}
"""What stands for a parameter that is no key, by its name; 1 for all others."""


def commands_with_keys(group: type) -> list[str]:
    found = []
    for name, method in inspect.getmembers(group, inspect.isfunction):
        if not name.startswith("_") and any("KeyOf" in str(one.annotation) for one in parameters(method)):
            found.append(name)
    return found


def parameters(method: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(method).parameters.values())[1:]


def call(client: Any, name: str) -> Any:
    """Call a command with a key that is none, and something in place of whatever else it wants."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in parameters(getattr(type(client), name)):
        is_key = "KeyOf" in str(parameter.annotation)
        if not is_key and parameter.default is not parameter.empty:
            continue
        argument = UNKNOWN if is_key else ARGUMENTS.get(parameter.name, 1)
        if (
            is_key
            and parameter.name in {"keys", "streams", "mapping"}
            and parameter.kind is not parameter.VAR_POSITIONAL
        ):
            argument = {UNKNOWN: 1} if "Mapping" in str(parameter.annotation) else [UNKNOWN]
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = argument
        elif parameter.name == "get":
            named["get"] = "#"
        elif parameter.name == "by":
            named["by"] = "nosort"
        else:
            positional.append(argument)
    if name in {"hset", "hsetex"}:
        named["mapping"] = {"a": 1}
    if name in {"zmpop", "bzmpop"}:
        named["min"] = True
    return getattr(client, name)(*positional, **named)


@pytest.fixture
async def raising(cache_url: str) -> AsyncIterator[CacheRedis[CacheKeys]]:
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="app", check_keys="raise") as client:
        yield client


WALKS = ["hscan_iter", "sscan_iter", "zscan_iter"]
NAMES = [name for name in commands_with_keys(CacheRedis) if name not in WALKS]


@pytest.mark.parametrize("name", NAMES)
async def test_every_command_refuses_a_key_without_a_base(raising: Any, name: str) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        call(raising, name)
    assert str(caught.value) == MESSAGE
    assert raising.stats().bytes_out == 0


@pytest.mark.parametrize("name", commands_with_keys(CachePacked))
async def test_every_packed_command_refuses_a_key_without_a_base(raising: Any, name: str) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        call(raising.packed, name)
    assert str(caught.value) == MESSAGE


@pytest.mark.parametrize("name", WALKS)
async def test_every_walk_refuses_a_key_without_a_base(raising: Any, name: str) -> None:
    with pytest.raises(UnknownKeyError):
        await getattr(raising, name)(UNKNOWN).__anext__()


@pytest.mark.parametrize("route", ["pipeline", "transaction"])
async def test_pipelines_refuse_it_and_send_nothing(raising: Any, cache_bytes: redis.Redis, route: str) -> None:
    with pytest.raises(UnknownKeyError):
        async with getattr(raising, route)() as pipe:
            pipe.set("plain:1", "x")
            pipe.get(UNKNOWN)
    with pytest.raises(UnknownKeyError):
        async with getattr(raising, route)() as pipe:
            pipe.set("plain:1", "x")
            pipe.packed.get(UNKNOWN)
    assert cache_bytes.keys() == []


async def test_a_key_with_a_base_passes(raising: Any) -> None:
    assert await raising.set("plain", "x")
    assert await raising.set("views:1", 5)
    assert await raising.get("views:1") == 5
    assert await raising.packed.get(CacheKeys.PROFILE(1)) is None
    assert {key async for key in raising.scan_iter()} == {"plain", "views:1"}
    assert await raising.sort("days", by="plain:*", get=["#", "plain:*"], alpha=True) == []
    with pytest.raises(UnknownKeyError):
        raising.sort("days", by="vews:*")
    with pytest.raises(TypeError, match="a key is a str, not int: 5"):
        raising.get(5)


async def test_a_warning_names_the_place_that_handed_the_key_in(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url, check_keys="warn") as client:
        anyone: Any = client
        for command in (anyone.get, anyone.packed.get, lambda key: anyone.mget([key])):
            with pytest.warns(UnknownKeyWarning, match="did you mean 'views:1'") as caught:
                assert await command(UNKNOWN) in (None, [None])
            assert [warning.filename for warning in caught] == [__file__]
        with pytest.warns(UnknownKeyWarning) as caught:
            async with anyone.pipeline() as pipe:
                pipe.packed.get(UNKNOWN)
        assert [warning.filename for warning in caught] == [__file__]


async def test_a_place_warns_once(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url, check_keys="warn") as client:
        anyone: Any = client
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            for _ in range(3):
                await anyone.get(UNKNOWN)
            await anyone.get(UNKNOWN)
        assert len(caught) == 2


async def test_off_sends_anything(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url) as client:
        anyone: Any = client
        assert await anyone.get(UNKNOWN) is None


def test_it_comes_with_the_settings_or_with_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", NOWHERE)
    monkeypatch.setenv("REDIS_SYS_URL", f"{NOWHERE}/1")
    monkeypatch.setenv("REDIS_CHECK_KEYS", "raise")
    clients: list[Any] = [
        *create_redis_clients(CacheKeys, SysKeys),
        *create_redis_clients(CacheKeys, SysKeys, settings=RedisSettings.from_env(), check_keys="raise"),
        create_sys_redis(SysKeys, url=NOWHERE, check_keys="raise"),
    ]
    for client in clients:
        with pytest.raises(UnknownKeyError):
            client.get(UNKNOWN)
    off: Any = create_redis_clients(CacheKeys, SysKeys, check_keys="off")
    assert off.redis._key(UNKNOWN) == off.sys_redis._key(UNKNOWN) == UNKNOWN


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = "always"
    with pytest.raises(SettingsError, match="check_keys is 'raise', 'warn' or 'off'; got 'always'"):
        create_cache_redis(CacheKeys, url=NOWHERE, check_keys=wrong)
    with pytest.raises(
        SettingsError, match=r"REDIS_CHECK_KEYS \(RedisSettings.check_keys\) is 'raise', 'warn' or 'off'"
    ):
        RedisSettings(url=NOWHERE, sys_url=f"{NOWHERE}/1", check_keys=wrong)


def calls_of(wire: Callable[[Any], object]) -> float:
    with Calls() as calls:
        for _ in range(100):
            wire("packed:profile:7")
    return (calls.count - 2) / 100  # without leaving the block


def test_off_costs_no_call_and_on_a_handful() -> None:
    """Ten calls of Python are about a microsecond; `python -m benchmarks.declared` takes the time."""
    off, on = (Keyspace(CacheKeys, check_keys=check).wire for check in ("off", "raise"))
    assert calls_of(off) == 1
    assert calls_of(on) <= 6
