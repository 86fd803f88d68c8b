"""MULTI and EXEC around a batch: what they answer, told in the terms of the commands between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ExecAbortError
from redis.exceptions import TimeoutError as RedisTimeoutError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.transport.wire import Args


def wrapped(commands: Sequence[Args]) -> list[Args]:
    """Put commands between MULTI and EXEC."""
    return [("MULTI",), *commands, ("EXEC",)]


def unwrapped(replies: list[Any]) -> list[Any]:
    """Take the results of the commands out of EXEC's reply. Raises what made the server refuse the transaction."""
    executed = replies[-1]
    refused = next((reply for reply in replies[:-1] if isinstance(reply, Exception)), None)
    if isinstance(executed, ExecAbortError) and refused is not None:
        raise executed from refused
    if isinstance(executed, Exception):
        raise executed
    if executed is None:
        message = "the server discarded the transaction: a watched key was changed"
        raise RedisConnectionError(message)
    results: list[Any] = executed
    return results


def raise_common(replies: list[Any]) -> None:
    """Raise what stopped every command of a batch (a connection that is lost, or never came)."""
    if replies and all(isinstance(reply, (RedisConnectionError, RedisTimeoutError)) for reply in replies):
        raise replies[0]
