"""Many callers, one connection: order, one socket, raw replies and replies as awaitables."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ExecAbortError, ResponseError

from civiredis.transport import FutureReply, SharedConnectionError, Transport

if TYPE_CHECKING:
    from redis.asyncio import Redis


async def test_thousand_commands_share_one_socket(transport: Transport, admin: Redis) -> None:
    before = int((await admin.info("stats"))["total_connections_received"])
    replies = await asyncio.gather(*[transport.execute(("INCR", "n")) for _ in range(5000)])
    assert replies == list(range(1, 5001)), "each caller has its own reply, in the order of issue"
    assert int((await admin.info("stats"))["total_connections_received"]) == before + 1
    assert transport.stats().connections == 1


async def test_order_of_one_callers_commands(transport: Transport) -> None:
    await transport.execute(("PING",))
    for index in range(100):
        transport.execute(("RPUSH", "list", index))
    assert await transport.execute(("LRANGE", "list", 0, -1)) == [str(i).encode() for i in range(100)]


async def test_raw_replies_are_resp3(transport: Transport) -> None:
    execute = transport.execute
    assert await execute(("SET", "k", "\u00fc")) == b"OK"
    assert await execute(("GET", "k")) == "\u00fc".encode()
    assert await execute(("GET", "none")) is None
    assert await execute(("HSET", "h", "a", b"\xff", "b", 1.5)) == 2
    assert await execute(("HGETALL", "h")) == {b"a": b"\xff", b"b": b"1.5"}
    assert await execute(("ZADD", "z", 1.5, "m")) == 1
    assert await execute(("ZSCORE", "z", "m")) == 1.5
    assert await execute(("EXISTS", "k", "none")) == 1


async def test_server_error_reaches_its_caller_only(transport: Transport) -> None:
    good, bad, after = (
        transport.execute(("SET", "k", "v")),
        transport.execute(("INCR", "k")),
        transport.execute(("GET", "k")),
    )
    assert await good == b"OK"
    with pytest.raises(ResponseError, match="not an integer"):
        await bad
    assert await after == b"v"
    assert transport.stats().errors == 1


async def test_undecodable_reply_fails_its_caller_only(transport: Transport) -> None:
    await transport.execute(("SET", "k", b"\xff"))
    bad, good = transport.execute(("GET", "k"), bytes.decode), transport.execute(("PING",), bytes.decode)
    with pytest.raises(UnicodeDecodeError):
        await bad
    assert await good == "PONG"

    def stop(raw: object) -> str:
        raise StopIteration(raw)

    with pytest.raises(RuntimeError, match="StopIteration"):
        await transport.execute(("GET", "k"), stop)
    assert transport.stats().connects == 1


async def test_unpackable_argument_disturbs_nobody(transport: Transport) -> None:
    before = transport.execute(("SET", "k", "v"))
    with pytest.raises(TypeError, match="SET: None is NoneType"):
        transport.execute(("SET", "k", None))  # type: ignore[arg-type]
    with pytest.raises(UnicodeEncodeError):
        transport.execute(("SET", "k", "\ud800"))
    assert await before == b"OK"
    assert await transport.execute(("GET", "k")) == b"v"


@pytest.mark.parametrize(
    "command", [("SELECT", 1), ("multi",), (b"Subscribe", "c"), ("CLIENT", "REPLY", "OFF"), ("WATCH", "k")]
)
async def test_what_would_change_the_shared_connection_is_refused(
    transport: Transport, command: tuple[str | bytes | int, ...]
) -> None:
    with pytest.raises(SharedConnectionError, match="lease"):
        transport.execute(command)
    assert isinstance(await transport.execute(("CLIENT", "ID")), int)


async def test_reply_is_taken_wherever_an_awaitable_is(transport: Transport) -> None:
    await transport.execute(("SET", "k", "v"))

    def get() -> FutureReply[str]:
        return transport.execute(("GET", "k"), bytes.decode)

    assert await get() == "v"
    assert list(await asyncio.gather(get(), get())) == ["v", "v"]
    assert await asyncio.create_task(get()) == "v"
    assert await asyncio.wait_for(get(), 1) == "v"
    async with asyncio.TaskGroup() as group:
        task = group.create_task(get())
    assert task.result() == "v"
    done = get()
    await done
    assert await asyncio.create_task(done) == "v", "an answered reply as well"
    with pytest.raises(ResponseError):
        await asyncio.create_task(transport.execute(("INCR", "k")))


async def test_dropped_reply_logs_nothing(transport: Transport, caplog: pytest.LogCaptureFixture) -> None:
    await transport.execute(("SET", "k", "v"))
    with caplog.at_level(logging.DEBUG):
        transport.execute(("INCR", "k"))
        transport.execute(("GET", "k"), int)
        await transport.execute(("PING",))
        gc.collect()
        await asyncio.sleep(0)
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_batch_gives_every_result_in_its_place(transport: Transport) -> None:
    results = await transport.batch(
        [("SET", "k", "v"), ("INCR", "k"), ("GET", "k"), ("GET", "k")], [None, None, bytes.decode, int]
    )
    assert results[0] == b"OK"
    assert isinstance(results[1], ResponseError)
    assert results[2] == "v"
    assert isinstance(results[3], ValueError), "an undecodable reply stands in its own place"
    assert await transport.batch([]) == []
    many = await transport.batch([("RPUSH", "l", "x" * 100) for _ in range(20_000)])
    assert many == list(range(1, 20_001))


async def test_transaction_is_written_contiguously(transport: Transport) -> None:
    async def transact(name: str) -> None:
        commands: list[tuple[str, ...]] = [("MULTI",), *[("RPUSH", "l", name)] * 10, ("EXEC",)]
        results = await transport.batch(commands)
        assert results[0] == b"OK"
        assert len(results[-1]) == 10

    async def disturb() -> None:
        for _ in range(20):
            await transport.execute(("RPUSH", "l", "other"))

    await asyncio.gather(*[transact(f"t{i}") for i in range(20)], disturb())
    items = await transport.execute(("LRANGE", "l", 0, -1), lambda raw: [item.decode() for item in raw])
    for index in range(20):
        start = items.index(f"t{index}")
        assert items[start : start + 10] == [f"t{index}"] * 10


async def test_failed_transaction(transport: Transport) -> None:
    results = await transport.batch([("MULTI",), ("NOSUCH",), ("SET", "k", "v"), ("EXEC",)])
    assert type(results[-1]).__name__ == "ExecAbortError"
    assert await transport.execute(("GET", "k")) is None


async def test_transaction_as_clients_use_it(transport: Transport) -> None:
    assert await transport.execute_batch([("SET", "k", "v"), ("GET", "k")], transaction=True) == [b"OK", b"v"]
    results = await transport.execute_batch([("INCR", "k"), ("GET", "k")], transaction=True)
    assert isinstance(results[0], ResponseError)
    assert results[1] == b"v"
    with pytest.raises(ExecAbortError) as caught:
        await transport.execute_batch([("NOSUCH",), ("SET", "k", "w")], transaction=True)
    assert "NOSUCH" in str(caught.value.__cause__)
    assert await transport.execute_batch([("GET", "k")], transaction=False) == [b"v"]
    with pytest.raises(TypeError, match="write 1 or 0"):
        await transport.execute_batch([("PING",), ("SET", "k", True)], transaction=True)
    assert await transport.execute_blocking(("BLPOP", "q", 0.01), str, 0.01) == "None"
