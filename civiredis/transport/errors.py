"""What the transport raises where redis-py has no word for it.

Each is one of redis-py's own errors as well, so that existing handlers keep working.
"""

from __future__ import annotations

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from civiredis.exceptions import CiviredisError


class OutcomeUnknownError(CiviredisError, RedisConnectionError):
    """A command was sent and its reply will never come: the server may have executed it, or not.

    It is not sent again: that could execute it twice. Whoever issued it must look, or make it repeatable.
    """


class CommandTimeoutError(OutcomeUnknownError, RedisTimeoutError):
    """A command was sent and not answered within the client's timeout; it may still be executed."""


class NotSentError(CiviredisError, RedisTimeoutError):
    """A command waited for its turn or for a connection until the timeout: it was never sent, repeating is safe."""


class TransportClosedError(CiviredisError, RedisConnectionError):
    """The client is closed; the command was not sent."""


class SharedConnectionError(CiviredisError, TypeError):
    """A command would change the state of the connection that all callers share (SELECT, MULTI, SUBSCRIBE, ...)."""
