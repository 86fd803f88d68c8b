"""Metrics through OpenTelemetry, where it is installed and its SDK set up; otherwise commands pay nothing for it.

What a transport counts anyway is read when metrics are collected. Only the histogram of durations costs something per
command, so it is kept only once an application has set a meter provider (`opentelemetry.metrics.set_meter_provider`),
which is looked for with the first command of a client.

What OpenTelemetry's conventions name has its name of them: `db.client.operation.duration`,
`db.client.connection.count`, `db.client.connection.pending_requests`, and their attributes
(https://opentelemetry.io/docs/specs/semconv/db/database-metrics/, https://opentelemetry.io/docs/specs/semconv/db/redis/).
Of the rest they say nothing, so that is called `civiredis.*`. Keys and values are in none of it.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from functools import lru_cache, partial
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from weakref import WeakSet

from redis.exceptions import ResponseError

from civiredis.reply import FollowUp
from civiredis.transport.reply import FutureReply

try:
    from opentelemetry import metrics
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from opentelemetry.metrics import CallbackOptions, Histogram, MeterProvider, Observation

    from civiredis.commands.replies import RawReply
    from civiredis.executor import Args, Executor
    from civiredis.reply import Reply
    from civiredis.transport import TransportStats

T = TypeVar("T")

DURATIONS: Final = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
"""Bounds of the histogram in seconds: those of the conventions, and two below them, as a command takes some 0.1 ms on
the loopback."""

CODE: Final = re.compile("[A-Z]{2,20}")
STATE: Final = "db.client.connection.state"


class Metric(NamedTuple):
    """A metric that is read from `TransportStats`."""

    field: str
    name: str
    unit: str
    description: str
    state: str | None = None
    """Of the connections that it counts, where their metric tells states apart."""


TOTALS: Final = (
    Metric("replies", "civiredis.commands", "{command}", "Commands that were answered"),
    Metric("errors", "civiredis.errors", "{error}", "Errors that a server answered"),
    Metric("timeouts", "civiredis.timeouts", "{command}", "Commands that were not answered in time"),
    Metric("connects", "civiredis.connects", "{connection}", "Connections made"),
    Metric("losses", "civiredis.reconnects", "{connection}", "Connections lost, and made again where needed"),
    Metric("bytes_in", "civiredis.bytes.received", "By", "Bytes received"),
    Metric("bytes_out", "civiredis.bytes.sent", "By", "Bytes sent"),
)
LEVELS: Final = (
    Metric("in_flight", "civiredis.in_flight", "{command}", "Commands sent and not answered"),
    Metric("waiting", "db.client.connection.pending_requests", "{request}", "Commands not sent yet"),
    Metric("busy", "db.client.connection.count", "{connection}", "Connections open", "used"),
    Metric("idle", "db.client.connection.count", "{connection}", "Connections open", "idle"),
)


def observed(executor: Executor, client: str) -> Executor:
    """Measure `executor` as that of `client`, if anybody is there to collect it; else give it as it is."""
    if not INSTALLED:
        return executor
    provider = metrics.get_meter_provider()
    if type(provider).__module__.startswith(metrics.__name__):  # what the API has where no SDK is set up
        return executor
    return Observed(executor, client, instruments(provider))


class Observed:
    """An executor that measures another."""

    def __init__(self, executor: Executor, client: str, to: Instruments) -> None:
        """Measure `executor` as that of `client`."""
        self.client = client
        self._executor = executor
        self._attributes = of_client(client)
        self._instruments = to
        to.join(self)

    def execute(self, args: Args, decode: Callable[[RawReply], T]) -> Reply[T]:
        """Send one command, and take its time."""
        started = perf_counter()
        return self._timed(str(args[0]), started, self._executor.execute(args, decode))

    def execute_blocking(self, args: Args, decode: Callable[[RawReply], T], seconds: float) -> Reply[T]:
        """Send a command that may wait, and take its time."""
        started = perf_counter()
        return self._timed(str(args[0]), started, self._executor.execute_blocking(args, decode, seconds))

    async def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> list[RawReply]:
        """Send commands together, and take the time of all."""
        name = "MULTI" if transaction else "PIPELINE"
        started = perf_counter()
        try:
            replies = await self._executor.execute_batch(commands, transaction=transaction)
        except BaseException as error:
            self._record(name, started, error)
            raise
        self._record(name, started, None)
        return replies

    def stats(self) -> TransportStats:
        """Count what happened so far."""
        return self._executor.stats()

    async def aclose(self) -> None:
        """Close every connection; what was counted stays counted."""
        try:
            await self._executor.aclose()
        finally:
            self._instruments.leave(self)

    def _timed(self, name: str, started: float, reply: Reply[T]) -> Reply[T]:
        if isinstance(reply, FutureReply):
            reply.add_done_callback(partial(self._answered, name, started))
        return reply

    def _answered(self, name: str, started: float, reply: asyncio.Future[object]) -> None:
        self._record(name, started, asyncio.CancelledError() if reply.cancelled() else reply.exception())

    def _record(self, name: str, started: float, error: BaseException | None) -> None:
        attributes = {**self._attributes, "db.operation.name": name}
        if error is not None and not isinstance(error, FollowUp):
            attributes["error.type"] = type(error).__qualname__
            if (code := code_of(error)) is not None:
                attributes["db.response.status_code"] = code
        self._instruments.durations.record(perf_counter() - started, attributes)


class Instruments:
    """The instruments of one meter provider, for all clients together, as an instrument is made only once."""

    def __init__(self, provider: MeterProvider) -> None:
        """Make them; collecting, which may run in another thread, asks those who joined."""
        meter = provider.get_meter("civiredis")
        self.durations: Histogram = meter.create_histogram(
            "db.client.operation.duration",
            unit="s",
            description="Duration of a command from issuing it to its reply",
            explicit_bucket_boundaries_advisory=DURATIONS,
        )
        self._live: WeakSet[Observed] = WeakSet()
        self._past: dict[str, Counter[str]] = {}
        self._lock = threading.Lock()
        for name, (first, *rest) in by_name(TOTALS).items():
            callbacks = [partial(self._observe, metric) for metric in (first, *rest)]
            meter.create_observable_counter(name, callbacks, first.unit, first.description)
        for name, (first, *rest) in by_name(LEVELS).items():
            callbacks = [partial(self._observe, metric) for metric in (first, *rest)]
            meter.create_observable_up_down_counter(name, callbacks, first.unit, first.description)

    def join(self, executor: Observed) -> None:
        """Count what `executor` does from now on."""
        with self._lock:
            self._live.add(executor)

    def leave(self, executor: Observed) -> None:
        """Keep the totals of an executor that is closed: a counter never falls."""
        with self._lock:
            if executor in self._live:
                self._live.discard(executor)
                stats = executor.stats()
                totals = {metric.field: getattr(stats, metric.field) for metric in TOTALS}
                self._past.setdefault(executor.client, Counter()).update(totals)

    def _observe(self, metric: Metric, _: CallbackOptions) -> Iterable[Observation]:
        """One observation for each name of a client."""
        with self._lock:
            sums = {client: past[metric.field] for client, past in self._past.items()}
            for executor in self._live:
                sums[executor.client] = sums.get(executor.client, 0) + getattr(executor.stats(), metric.field)
        of_connections = {} if metric.state is None else {STATE: metric.state}
        return [metrics.Observation(value, {**of_client(client), **of_connections}) for client, value in sums.items()]


def of_client(client: str) -> dict[str, str]:
    """Give the attributes of everything that is measured of a client: what a connection pool is to others."""
    return {"db.system.name": "redis", "db.client.connection.pool.name": client, "civiredis.client": client}


def by_name(metrics: Iterable[Metric]) -> dict[str, list[Metric]]:
    """Group what is one instrument."""
    grouped: dict[str, list[Metric]] = {}
    for metric in metrics:
        grouped.setdefault(metric.name, []).append(metric)
    return grouped


def code_of(error: BaseException) -> str | None:
    """Give the word that a server's error begins with, such as WRONGTYPE; of the rest of it some is the caller's."""
    if not isinstance(error, ResponseError):
        return None
    code = error.status_code or str(error).partition(" ")[0]
    return code if CODE.fullmatch(code) else None


instruments = lru_cache(Instruments)
