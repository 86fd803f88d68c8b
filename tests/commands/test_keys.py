"""Keys of any kind: lifetimes, scans, sorting; scripts; the server."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.exceptions import ResponseError

from civiredis import create_cache_redis
from tests.commands.keys import CacheKeys
from tests.commands.lifetimes import DELAY, left_of, now_in_ms, since

if TYPE_CHECKING:
    from civiredis import CacheRedis

    Client = CacheRedis[CacheKeys]


async def test_keys_one_by_one_and_in_lists(redis: Client) -> None:
    await redis.mset({f"user:{n}": n for n in range(6)})
    assert await redis.exists("user:0", ["user:1", "user:1"], "user:9") == 3
    assert await redis.touch("user:0", ["user:9"]) == 1
    assert await redis.delete("user:0", "user:9") == 1
    assert await redis.delete(["user:1", "user:2"]) == 2
    assert await redis.unlink("user:3", ["user:4"], "user:5") == 3


@pytest.mark.parametrize("wrong", [None, b"user:1", 1])
async def test_what_is_no_string_is_no_key(redis: Client, wrong: object) -> None:
    key = cast("Any", wrong)
    for call in (redis.get, redis.delete, lambda key: redis.mget([key]), lambda key: redis.mset({key: 1})):
        with pytest.raises(TypeError, match=f"a key is a str, not {type(wrong).__name__}"):
            call(key)


async def test_a_single_string_is_no_list_of_keys(redis: Client) -> None:
    for call in (redis.mget, redis.blpop, redis.zunion, lambda keys: redis.sintercard(1, keys)):
        with pytest.raises(TypeError, match=r"expected an iterable of keys, got the single string 'user:1'; write \["):
            call(cast("Any", "user:1"))


@pytest.mark.parametrize(("wrong", "way_out"), [(True, "write 1 or 0"), (None, "convert it"), ({}, "convert it")])
async def test_a_value_that_redis_cannot_hold_is_refused(redis: Client, wrong: object, way_out: str) -> None:
    with pytest.raises(TypeError, match=f"SET: .*{type(wrong).__name__}.*{way_out}"):
        await redis.set("user:1", cast("Any", wrong))
    assert await redis.exists("user:1") == 0


async def test_renaming_copying_moving(redis: Client) -> None:
    await redis.set("user:1", "a")
    assert await redis.type("user:1") == "string"
    assert await redis.type("user:9") == "none"
    assert await redis.rename("user:1", "user:2") is True
    assert await redis.copy("user:2", "user:3") is True
    assert await redis.copy("user:2", "user:3") is False
    assert await redis.copy("user:2", "user:3", replace=True) is True
    assert await redis.renamenx("user:2", "user:3") is False
    assert await redis.renamenx("user:2", "user:4") is True
    assert await redis.move("user:4", 5) is True
    assert await redis.move("user:4", 5) is False
    with pytest.raises(ResponseError, match="no such key"):
        await redis.rename("user:9", "user:2")


async def test_dump_is_binary(redis: Client) -> None:
    assert await redis.dump("user:1") is None
    await redis.set("user:1", "a")
    dumped = await redis.dump("user:1")
    assert isinstance(dumped, bytes)
    assert await redis.restore("user:2", timedelta(seconds=60), dumped) is True
    assert await redis.ttl("user:2") in left_of(60)
    assert await redis.restore("user:2", 0, dumped, replace=True, idletime=900) is True
    assert await redis.object_idletime("user:2") in since(900)
    assert await redis.get("user:2") == "a"


async def test_lifetimes(redis: Client) -> None:
    assert await redis.expire("user:1", 60) is False
    assert await redis.ttl("user:1") == await redis.pttl("user:1") == -2
    await redis.set("user:1", "a")
    assert await redis.persist("user:1") is False
    before = await now_in_ms(redis)
    assert await redis.expire("user:1", timedelta(seconds=59, milliseconds=1), nx=True) is True
    assert await redis.pexpiretime("user:1") >= before + 60_000, "a part of a second counts as one"
    assert await redis.expire("user:1", 160, gt=True) is True
    assert await redis.ttl("user:1") in left_of(160)
    assert await redis.expire("user:1", 50, gt=True) is False
    assert await redis.pexpire("user:1", timedelta(seconds=90)) is True
    assert 70_000 < await redis.pttl("user:1") <= 90_000
    later = int(time.time()) + 100
    assert await redis.expireat("user:1", later) is True
    assert await redis.expiretime("user:1") == later
    assert await redis.pexpireat("user:1", later * 1000) is True
    assert await redis.pexpiretime("user:1") == later * 1000
    assert await redis.persist("user:1") is True


async def test_sorting(redis: Client) -> None:
    assert await redis.sort("generation:count") == []
    await redis.rpush("generation:count", 3, 1, 2)
    await redis.mset({"user:1": "z", "user:2": "y", "user:3": "x"})
    assert await redis.sort("generation:count") == ["1", "2", "3"]
    assert await redis.sort("generation:count", 0, 2, desc=True) == ["3", "2"]
    assert await redis.sort("generation:count", by="user:*", alpha=True) == ["3", "2", "1"]
    columns = await redis.sort_ro("generation:count", get=["#", "user:*"])
    assert columns == ["1", "z", "2", "y", "3", "x"]
    await redis.delete("user:2")
    found = await redis.sort("generation:count", by="nosort", get="user:*")
    assert found == ["x", "z", None]
    assert await redis.sort_store("user:9", "generation:count") == 3


async def test_looking_into_a_key(redis: Client) -> None:
    assert await redis.object_encoding("user:1") is None
    assert await redis.memory_usage("user:1") is None
    await redis.set("user:1", "a")
    assert await redis.object_encoding("user:1") == "embstr"
    dumped = await redis.dump("user:1")
    assert dumped is not None
    await redis.restore("user:2", 0, dumped, idletime=1000)
    assert (await redis.object_idletime("user:2") or 0) // 100 == 10
    assert await redis.object_refcount("user:1") == 1
    assert (await redis.memory_usage("user:1", samples=0) or 0) > 10
    with pytest.raises(ResponseError, match="LFU"):
        await redis.object_freq("user:1")


async def test_scans_yield_keys_of_the_registry_alone(redis: Client) -> None:
    assert await redis.randomkey() is None
    await redis.mset({f"user:{n}": n for n in range(50)})
    await redis.hset("generation:count:1", "a", 1)
    stranger = f"{redis._namespace}stranger"
    await redis.raw.set(stranger, "x")
    await redis.raw.set(f"{redis._namespace}user:".encode() + b"\xff", "x")
    await redis.raw.set("other:user:1", "x")
    assert {key async for key in redis.scan_iter(match="user:*", count=7)} == {f"user:{n}" for n in range(50)}
    assert [key async for key in redis.scan_iter(type="hash")] == ["generation:count:1"]
    assert len([key async for key in redis.scan_iter()]) == 51
    assert sorted(await redis.keys("user:4?")) == [f"user:4{n}" for n in range(10)]
    assert len(await redis.keys()) == 51
    cursor, page = await redis.scan(match="user:7", count=1000)
    assert (cursor, page) == (0, ["user:7"])
    await redis.delete([key async for key in redis.scan_iter()])
    assert await redis.randomkey() is None


async def test_a_namespace_is_on_the_wire_and_nowhere_else(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="a*") as one:
        await one.set("user:1", "one")
        assert await one.raw.keys() == [b"a*:user:1"]
        async with create_cache_redis(CacheKeys, url=cache_url, namespace="ab") as other:
            await other.set("user:2", "other")
            assert await other.get("user:1") is None
            assert await other.keys() == ["user:2"]
            assert [key async for key in one.scan_iter()] == ["user:1"]
            assert await one.randomkey() in {"user:1", None}


async def test_a_namespace_that_sort_would_misread_is_refused_there(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="a*") as client:
        with pytest.raises(ValueError, match="holds a '\\*'"):
            client.sort("generation:count", by="user:*")


async def test_scripts(redis: Client) -> None:
    script = "redis.call('SET', KEYS[1], ARGV[1]) return {1, 'é', false, {ARGV[1]}}"
    assert await redis.eval(script, ["user:1"], ["a"]) == [1, "é", None, ["a"]]
    assert await redis.get("user:1") == "a"
    assert await redis.eval_ro("return redis.call('GET', KEYS[1])", ["user:1"]) == "a"
    sha = await redis.script_load("return #KEYS")
    assert await redis.evalsha(sha, ["user:1", "user:2"]) == 2
    assert await redis.evalsha_ro(sha) == 0
    assert await redis.script_exists(sha, "0" * 40) == [True, False]
    with pytest.raises(ResponseError, match="wrong"):
        await redis.eval("return redis.error_reply('wrong')")
    with pytest.raises(TypeError, match="the single string"):
        redis.eval("return 1", cast("Any", "user:1"))


async def test_functions(redis: Client) -> None:
    code = "#!lua name=lib\nredis.register_function{function_name='f', callback=function(k, a) return a[1] end, "
    assert await redis.function_load(code + "flags={'no-writes'}}") == "lib"
    assert await redis.function_load(code + "flags={'no-writes'}}", replace=True) == "lib"
    assert await redis.fcall("f", ["user:1"], ["a"]) == "a"
    assert await redis.fcall_ro("f", [], [7]) == "7"


async def test_the_server(redis: Client) -> None:
    assert await redis.ping() is True
    assert await redis.dbsize() == 0
    seconds, microseconds = await redis.time()
    assert abs(seconds - time.time()) < DELAY
    assert 0 <= microseconds < 1_000_000
    assert (await redis.info("server"))["server_name"] == "valkey"
    assert await redis.publish("news", "x") == 0


async def test_a_cache_is_flushed(redis: Client) -> None:
    await redis.set("user:1", "a")
    assert await redis.flushdb() is True
    assert await redis.dbsize() == 0
    await redis.set("user:1", "a")
    assert await redis.flushall(asynchronous=True) is True
    assert await redis.dbsize() == 0


async def test_a_reply_that_is_no_text_fails_its_own_caller_only(redis: Client) -> None:
    await redis.set("user:1", b"\xff")
    await redis.set("user:2", "a")
    bad, good = await asyncio.gather(redis.get("user:1"), redis.get("user:2"), return_exceptions=True)
    assert isinstance(bad, UnicodeDecodeError)
    assert good == "a"


async def test_a_reply_is_a_coroutine(redis: Client) -> None:
    await redis.set("user:1", "a")
    assert await asyncio.create_task(redis.get("user:1")) == "a"
    assert await asyncio.wait_for(redis.get("user:1"), 5) == "a"
    assert await asyncio.gather(*(redis.get("user:1") for _ in range(500))) == ["a"] * 500
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(redis.get("user:2"))
    assert task.result() is None
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(redis.blpop(["user:9"]), 0.02)
    redis.get("user:1").close()
