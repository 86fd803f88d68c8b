"""Callers are woken in the turn in which their replies are read, and all that holds of futures holds."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

import pytest

from civiredis.transport import FutureReply, OutcomeUnknownError, Transport, TransportOptions
from civiredis.transport.waking import settle, wake
from tests.transport.counting import counted_turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import StartServer

NAME: contextvars.ContextVar[str] = contextvars.ContextVar("NAME")


async def test_a_caller_sends_its_next_command_in_the_same_turn(transport: Transport) -> None:
    await transport.execute(("SET", "k", "v"))

    async def caller() -> None:
        for _ in range(100):
            await transport.execute(("GET", "k"))

    with counted_turns() as turns:
        await caller()
    assert turns.count <= 110
    line = transport._here.link.line  # type: ignore[union-attr]
    assert line is not None
    before = line.bytes_out
    with counted_turns() as turns:
        await asyncio.gather(*[caller() for _ in range(50)])
    assert turns.count < 1000, "fifty callers go round together"
    assert line.bytes_out - before == 50 * 100 * len(b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")


async def test_callers_are_woken_in_the_order_of_their_commands(transport: Transport) -> None:
    await transport.execute(("PING",))
    order: list[int] = []

    async def caller(number: int) -> None:
        await transport.execute(("PING",))
        order.append(number)

    await asyncio.gather(*[caller(number) for number in range(50)])
    assert order == list(range(50))


async def test_each_caller_has_its_own_context(transport: Transport) -> None:
    await transport.execute(("PING",))

    async def caller(name: str) -> str:
        NAME.set(name)
        for _ in range(3):
            await transport.execute(("PING",))
        return NAME.get()

    names = [f"caller {number}" for number in range(20)]
    assert await asyncio.gather(*map(caller, names)) == names

    seen: list[str] = []
    reply = transport.execute(("PING",))
    NAME.set("there")
    reply.add_done_callback(lambda _: seen.append(NAME.get()))
    NAME.set("here")
    await reply
    await asyncio.sleep(0)
    assert seen == ["there"]


async def test_a_callback_that_raises_disturbs_nobody(transport: Transport) -> None:
    await transport.execute(("PING",))
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    bad, good = transport.execute(("PING",)), transport.execute(("PING",))
    bad.add_done_callback(lambda _: 1 // 0)
    assert await good == b"PONG"
    assert await transport.execute(("PING",)) == b"PONG"
    assert [type(context["exception"]) for context in told] == [ZeroDivisionError]
    assert transport.stats().connects == 1


async def test_replies_before_one_that_is_unreadable_wake_their_callers() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            if b"GET" in data:
                while data.count(b"GET") < 3:
                    data += await reader.read(1 << 16)
                writer.write(b"$3\r\none\r\n$3\r\ntwo\r\n@ is no reply\r\n")
            else:
                writer.write(b"+OK\r\n" * data.count(b"\r\n*") + (b"%0\r\n" if b"HELLO" in data else b"+OK\r\n"))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        transport = Transport.from_url(f"redis://127.0.0.1:{port}", TransportOptions(timeout=0.5))
        await transport.execute(("PING",))
        replies = [transport.execute((name, "k")) for name in ("GET", "GET", "GETDEL")]
        async with asyncio.timeout(10):
            *read, unreadable = await asyncio.gather(*replies, return_exceptions=True)
        await transport.aclose()
    assert read == [b"one", b"two"]
    assert isinstance(unreadable, OutcomeUnknownError)


def test_what_ends_the_loop_leaves_nobody_waiting(start_server: StartServer) -> None:
    transport = Transport.from_url(start_server().url)
    replies: list[FutureReply[Any]] = []

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    async def interrupted() -> None:
        await transport.execute(("PING",))
        replies.extend(transport.execute(("PING",)) for _ in range(3))
        replies[0].add_done_callback(interrupt)
        await asyncio.gather(*replies[1:])

    async def goes_on(waiting: asyncio.Task[None]) -> None:
        await waiting
        assert await replies[0] == b"PONG"
        assert await transport.execute(("PING",)) == b"PONG"
        await transport.aclose()

    loop = asyncio.new_event_loop()
    waiting = loop.create_task(interrupted())
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(waiting)
    loop.run_until_complete(asyncio.wait_for(goes_on(waiting), 10))
    loop.close()


async def test_a_woken_caller_may_cancel_others_and_close(transport: Transport) -> None:
    await transport.execute(("PING",))
    replies = [transport.execute(("PING",)) for _ in range(5)]

    async def meddle() -> None:
        await replies[0]
        for reply in replies[1:]:
            reply.cancel()
        await transport.aclose()

    await meddle()
    assert {reply.done() for reply in replies} == {True}


@pytest.mark.parametrize(
    "waiting",
    [
        lambda reply: asyncio.wait_for(reply, 5),
        asyncio.shield,
        lambda reply: next(iter(asyncio.as_completed([reply], timeout=5))),
        lambda reply: asyncio.gather(reply, reply),
        asyncio.create_task,
    ],
)
async def test_every_way_to_wait(transport: Transport, waiting: Callable[[FutureReply[Any]], Any]) -> None:
    for _ in range(3):
        reply = transport.execute(("PING",))
        await waiting(reply)
        assert await reply == b"PONG"


async def test_several_callbacks_of_one_reply(transport: Transport) -> None:
    seen: list[str] = []
    reply = transport.execute(("PING",))
    first, second = (lambda _: seen.append("first")), (lambda _: seen.append("second"))
    third = lambda _: seen.append("third")  # noqa: E731 - compared by identity
    for callback in (first, second, third):
        reply.add_done_callback(callback)
    assert reply.remove_done_callback(second) == 1
    assert reply.remove_done_callback(second) == 0
    await reply
    await asyncio.sleep(0)
    assert seen == ["first", "third"]
    reply.add_done_callback(second)
    await asyncio.sleep(0)
    assert seen == ["first", "third", "second"]

    reply = transport.execute(("PING",))
    reply.add_done_callback(first)
    assert reply.remove_done_callback(first) == 1
    await reply
    await asyncio.sleep(0)
    assert seen == ["first", "third", "second"]


async def test_a_future_that_is_settled_otherwise_wakes_its_caller_too() -> None:
    loop = asyncio.get_running_loop()
    seen: list[FutureReply[Any]] = []
    resolved, failed, cancelled, settled = (FutureReply[Any].on(loop) for _ in range(4))
    for reply in (resolved, failed, cancelled, settled):
        reply.add_done_callback(seen.append)
    resolved.set_result(1)
    failed.fail(ValueError("no"))
    assert cancelled.cancel()
    assert seen == [], "not before the next turn"
    settle(settled, 1)
    await asyncio.sleep(0)
    assert seen == [resolved, failed, cancelled], "who settles wakes"
    wake([settled, resolved])
    assert seen == [resolved, failed, cancelled, settled]
    assert not cancelled.cancel()
    with pytest.raises(asyncio.InvalidStateError):
        resolved.set_result(2)
