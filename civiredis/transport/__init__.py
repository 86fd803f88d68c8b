"""The auto-pipelining transport: one socket per server, shared by every caller of an event loop."""

from civiredis.transport.errors import (
    CommandTimeoutError,
    NotSentError,
    OutcomeUnknownError,
    SharedConnectionError,
    TransportClosedError,
)
from civiredis.transport.options import TransportOptions
from civiredis.transport.own import Lease
from civiredis.transport.reply import BatchReply, Decoder, FutureReply, RawReply
from civiredis.transport.sentinel import SentinelMaster
from civiredis.transport.stats import TransportStats
from civiredis.transport.transport import Transport

__all__ = [
    "BatchReply",
    "CommandTimeoutError",
    "Decoder",
    "FutureReply",
    "Lease",
    "NotSentError",
    "OutcomeUnknownError",
    "RawReply",
    "SentinelMaster",
    "SharedConnectionError",
    "Transport",
    "TransportClosedError",
    "TransportOptions",
    "TransportStats",
]
