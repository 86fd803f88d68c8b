"""The tables of routes, against what a running server says of its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from civiredis.transport.routes import (
    BLOCKERS,
    BLOCKERS_ON_REQUEST,
    BLOCKING,
    READ,
    READS,
    REFUSED,
    ROUTES,
    WRITE,
    blocking_seconds,
    resolve,
)

if TYPE_CHECKING:
    from civiredis.transport import Transport

HARMLESS = {"PING", "ECHO", "TIME", "INFO", "LASTSAVE", "ROLE", "COMMAND", "MEMORY", "OBJECT", "XINFO"}
"""Not flagged `readonly`, because they touch no key or are containers whose subcommands are."""


async def flagged(transport: Transport, flag: str) -> set[str]:
    commands = await transport.execute(("COMMAND",))
    return {command[0].decode().upper() for command in commands if flag.encode() in command[2]}


async def test_reads_are_what_the_server_calls_readonly(transport: Transport) -> None:
    readonly = await flagged(transport, "readonly")
    assert readonly >= READS - HARMLESS
    assert readonly - READS <= {"XREAD", "CLUSTERSCAN"}, "a command is missing from the table"
    writes = await flagged(transport, "write")
    assert not READS & writes


async def test_blockers_are_what_the_server_calls_blocking(transport: Transport) -> None:
    assert BLOCKERS | BLOCKERS_ON_REQUEST | {"WAIT", "WAITAOF"} == await flagged(transport, "blocking")


@pytest.mark.parametrize(
    ("args", "route"),
    [
        (("GET", "k"), READ),
        (("get", "k"), READ),
        ((b"gEt", "k"), READ),
        (("SET", "k", "v"), WRITE),
        (("NO.SUCH", "k"), WRITE),
        (("blpop", "k", 0), BLOCKING),
        (("XREAD", "STREAMS", "BLOCK", "0"), READ),
        (("XREAD", "COUNT", 1, "block", 5, "STREAMS", "k", "0"), BLOCKING),
        (("XREADGROUP", "GROUP", "g", "c", "STREAMS", "k", ">"), WRITE),
        (("XREADGROUP", "GROUP", "g", "c", "BLOCK", 1, "STREAMS", "k", ">"), BLOCKING),
        (("CLIENT", "ID"), WRITE),
        (("CLIENT", "reply", "OFF"), REFUSED),
        (("Monitor",), REFUSED),
    ],
)
def test_route_of_a_command(args: tuple[str | bytes | int, ...], route: int) -> None:
    name = args[0]
    assert not isinstance(name, int)
    assert resolve(args, ROUTES[name]) == route


@pytest.mark.parametrize(
    ("args", "seconds"),
    [
        (("BLPOP", "a", "b", 1.5), 1.5),
        (("BLPOP", "a", 0), 0),
        (("BLMPOP", 2, 1, "a", "LEFT"), 2),
        (("BLMOVE", "a", "b", "LEFT", "RIGHT", b"3"), 3),
        (("XREAD", "BLOCK", 1500, "STREAMS", "a", "$"), 1.5),
        (("XREAD", "BLOCK", 0, "STREAMS", "a", "$"), 0),
    ],
)
def test_seconds_a_blocking_command_may_take(args: tuple[str | bytes | float, ...], seconds: float) -> None:
    assert blocking_seconds(args) == seconds
