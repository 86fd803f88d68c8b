"""The two clients, and the functions that make them."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from civiredis.annotations import R
from civiredis.commands.base import Commands
from civiredis.commands.blocking import BlockingCommands
from civiredis.commands.groups import CommonCommands
from civiredis.commands.iteration import IterationCommands
from civiredis.commands.server import FlushCommands
from civiredis.exceptions import RegistryError, RegistryWarning
from civiredis.keyspace import Keyspace
from civiredis.location import ClusterLocation, SentinelLocation, ServerLocation
from civiredis.packed import CachePacked, SysPacked
from civiredis.pipeline import CachePipeline, SysPipeline
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.settings import RedisSettings, check_namespace, check_seconds
from civiredis.telemetry import observed
from civiredis.transport import TransportClosedError, TransportOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from typing import Self

    from redis.asyncio import Redis, RedisCluster
    from redis.credentials import CredentialProvider

    from civiredis.commands.arguments import Argument
    from civiredis.commands.replies import RawReply
    from civiredis.executor import Executor
    from civiredis.location import Location
    from civiredis.reply import Reply
    from civiredis.settings import CheckKeys
    from civiredis.transport import TransportStats

T = TypeVar("T")
C = TypeVar("C", bound=CacheRegistry)
S = TypeVar("S", bound=SysRegistry)


class Client(Commands[R]):
    """Commands that are carried out one by one, each on its way as soon as it is called."""

    _location: Location[Redis | RedisCluster]

    def __init__(
        self,
        keyspace: Keyspace[R],
        location: Location[Redis | RedisCluster],
        options: TransportOptions,
    ) -> None:
        """Serve the keys of `keyspace` at `location`."""
        super().__init__(keyspace)
        self._transport = location.transport(options)
        self._location = location
        self._closed = False

    def __repr__(self) -> str:
        """Name the kind of client and its registry; where its server is may hold a password."""
        return f"<{type(self).__name__} of {self._registry.__name__}>"

    @cached_property
    def _executor(self) -> Executor:
        """Made with the first command, so that metrics that are set up after the client count."""
        return observed(self._transport, self._registry.__name__)

    def stats(self) -> TransportStats:
        """Count what happened so far: commands, errors, connections, bytes, and what is under way now."""
        return self._transport.stats()

    @property
    def raw(self) -> Redis | RedisCluster:
        """The server as redis-py's own asyncio client has it: any key, no namespace, replies as bytes.

        It has connections of its own, and is closed together with this client; then this raises
        `TransportClosedError`. For a cluster it is a `RedisCluster`, with sentinels the client of the master. That of
        an `embedded://` server is there once the first command has started the server; before, this raises
        `EmbeddedServerError`.
        """
        self._check_open()
        return self._location.raw

    async def aclose(self) -> None:
        """Close every connection, and stop an embedded server that no other client uses."""
        self._closed = True
        try:
            await self._executor.aclose()
        finally:
            await self._location.release()

    async def __aenter__(self) -> Self:
        """Use the client for the length of a block; the first command connects."""
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close every connection."""
        await self.aclose()

    def _check_open(self) -> None:
        if self._closed:
            message = "the client is closed"
            raise TransportClosedError(message)

    def _run(self, decode: Callable[[RawReply], T], *args: Argument) -> Reply[T]:
        return self._executor.execute(args, decode)

    def _run_blocking(self, decode: Callable[[RawReply], T], timeout: float, *args: Argument) -> Reply[T]:
        return self._executor.execute_blocking(args, decode, timeout)


class CacheRedis(CommonCommands[C], FlushCommands[C], BlockingCommands[C], IterationCommands[C], Client[C]):
    """The client of the cache server, for the keys of a `CacheRegistry`."""

    @cached_property
    def packed(self) -> CachePacked[C]:
        """The commands for values that are kept as MessagePack."""
        return CachePacked(self)

    def pipeline(self) -> CachePipeline[C]:
        """Collect commands in an `async with` block, and send them in one round trip when it ends."""
        return CachePipeline(self, self._executor, transaction=False)

    def transaction(self) -> CachePipeline[C]:
        """Do what `pipeline` does, with nothing of other clients in between (MULTI and EXEC)."""
        return CachePipeline(self, self._executor, transaction=True)


class SysRedis(CommonCommands[S], BlockingCommands[S], IterationCommands[S], Client[S]):
    """The client of the system server, for the keys of a `SysRegistry`. Nothing here deletes a whole database."""

    _location: Location[Redis]

    @property
    def raw(self) -> Redis:
        """What `raw` of any client is; no cluster."""
        self._check_open()
        return self._location.raw

    @cached_property
    def packed(self) -> SysPacked[S]:
        """The commands for values that are kept as MessagePack."""
        return SysPacked(self)

    def pipeline(self) -> SysPipeline[S]:
        """Collect commands in an `async with` block, and send them in one round trip when it ends."""
        return SysPipeline(self, self._executor, transaction=False)

    def transaction(self) -> SysPipeline[S]:
        """Do what `pipeline` does, with nothing of other clients in between (MULTI and EXEC)."""
        return SysPipeline(self, self._executor, transaction=True)


class RedisClients(NamedTuple, Generic[C, S]):
    """Both clients, to unpack, or to use for the length of an `async with` block."""

    redis: CacheRedis[C]
    sys_redis: SysRedis[S]

    async def __aenter__(self) -> Self:
        """Use the clients for the length of a block; the first command of each connects."""
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close both."""
        try:
            await self.redis.aclose()
        finally:
            await self.sys_redis.aclose()


def create_redis_clients(
    cache: type[C],
    system: type[S],
    *,
    settings: RedisSettings | None = None,
    check_keys: CheckKeys | None = None,
) -> RedisClients[C, S]:
    """Make the clients of both servers; nothing is connected before the first command of each.

    Without `settings` they are read from the environment (`RedisSettings.from_env`). `check_keys` says what becomes of
    a key that starts with no registered base, which only code that mypy does not see through can hand over: `"raise"`
    (`UnknownKeyError`, and nothing is sent), `"warn"` (`UnknownKeyWarning`) or `"off"`; None is what the settings say.

    Raises `SettingsError` where they do not allow a connection, `RegistryError` for a declared type that cannot be read
    and `LibraryMissingError` for one that takes a library which is not installed; warns (`RegistryWarning`) of a base
    that both registries declare.
    """
    settings = settings or RedisSettings.from_env()
    check_keys = settings.check_keys if check_keys is None else check_keys
    taken: Container[str] = system.base_keys()
    for base in cache.base_keys():
        if base in taken:
            message = f"{cache.__name__} and {system.__name__} both declare the base key {base!r}: keep it in one"
            warnings.warn(message, RegistryWarning, stacklevel=2)
    times: dict[str, Any] = {
        "socket_timeout": settings.socket_timeout,
        "socket_connect_timeout": settings.socket_connect_timeout,
    }
    return RedisClients(
        create_cache_redis(
            cache,
            url=settings.url,
            namespace=settings.cache_key_namespace,
            cluster=settings.cluster,
            cluster_nodes=settings.cluster_nodes,
            credential_provider=settings.credential_provider,
            check_keys=check_keys,
            **times,
        ),
        create_sys_redis(
            system,
            url=settings.sys_url,
            sentinels=settings.sys_sentinels,
            sentinel_name=settings.sys_sentinel_name,
            sentinel_password=settings.sys_sentinel_password,
            credential_provider=settings.sys_credential_provider,
            check_keys=check_keys,
            **times,
        ),
    )


def create_cache_redis(  # noqa: PLR0913 each by its name
    registry: type[C],
    *,
    url: str,
    namespace: str = "",
    cluster: bool = False,
    cluster_nodes: Sequence[str] = (),
    credential_provider: CredentialProvider | None = None,
    socket_timeout: float = 5.0,
    socket_connect_timeout: float = 5.0,
    check_keys: CheckKeys = "off",
) -> CacheRedis[C]:
    """Make the client of a cache server alone, with `namespace` and a colon before every key on the wire.

    With `cluster`, `url` is that of a node of a Redis Cluster, and `cluster_nodes` (`host:port`, or URLs) are further
    ones to discover it from. Times are seconds. Nothing is connected before the first command. `check_keys` and what is
    raised of declared types are as in `create_redis_clients`.

    `credential_provider` is one of redis-py's, for a `url` without user and password: each connection asks it, and open
    ones log in again when it renews credentials. A provider serves one client.
    """
    _check_kind(registry, CacheRegistry)
    check_namespace(namespace, "namespace")
    keyspace = Keyspace(registry, f"{namespace}:" if namespace else "", check_keys)
    location = (
        ClusterLocation(url, cluster_nodes, credential_provider)
        if cluster
        else ServerLocation(url, credential_provider)
    )
    return CacheRedis(keyspace, location, _options(socket_timeout, socket_connect_timeout))


def create_sys_redis(  # noqa: PLR0913 each by its name
    registry: type[S],
    *,
    url: str,
    sentinels: Sequence[str] = (),
    sentinel_name: str | None = None,
    sentinel_password: str | None = None,
    credential_provider: CredentialProvider | None = None,
    socket_timeout: float = 5.0,
    socket_connect_timeout: float = 5.0,
    check_keys: CheckKeys = "off",
) -> SysRedis[S]:
    """Make the client of a system server alone. Times are seconds. Nothing is connected before the first command.

    With `sentinels` (`host` or `host:port`), it is the client of whatever server they call the master of
    `sentinel_name`; `sentinel_password` is their own, and of `url` user, password, database and TLS count.
    `credential_provider` is as in `create_cache_redis`, `check_keys` and what is raised of declared types as in
    `create_redis_clients`.
    """
    _check_kind(registry, SysRegistry)
    keyspace = Keyspace(registry, check_keys=check_keys)
    location = (
        SentinelLocation(url, sentinels, sentinel_name, sentinel_password, credential_provider)
        if sentinels
        else ServerLocation(url, credential_provider)
    )
    return SysRedis(keyspace, location, _options(socket_timeout, socket_connect_timeout))


def _check_kind(registry: object, kind: type[CacheRegistry | SysRegistry]) -> None:
    """Refuse the registry of the other server: its keys would be looked for where they are not."""
    if not (isinstance(registry, type) and issubclass(registry, kind)):
        name = getattr(registry, "__name__", repr(registry))
        raise RegistryError(f"{name} is no {kind.__name__}, which this client's keys are declared in")


def _options(socket_timeout: float, socket_connect_timeout: float) -> TransportOptions:
    check_seconds(socket_timeout, "socket_timeout")
    check_seconds(socket_connect_timeout, "socket_connect_timeout")
    return TransportOptions(timeout=socket_timeout, connect_timeout=socket_connect_timeout)
